package localapi

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// OpenAPI is the document that is served.
var OpenAPI = openAPI

// Routes are "METHOD path" of all there are.
func Routes() []string {
	var all []string
	for _, r := range routes {
		all = append(all, r.method+" "+r.path)
	}
	return all
}

// UsualLimits are those of the release.
var UsualLimits = usualLimits

// ParseExchange tells whether a generate-session body is accepted, and its
// fields.
func ParseExchange(body io.Reader) (fields [3]string, err error) {
	e, err := parseExchange(body)
	return [3]string{e.RequestToken, e.APIKey, e.APISecret}, err
}

// CredentialOf tells whether a token is in the header, and its hash.
func CredentialOf(h http.Header, fromKiteClient bool) (valid bool, hash kite.TokenHash) {
	c := credentialOf(h, fromKiteClient)
	return c.valid, c.hash
}

// Seen is an account with its newest session at a time.
type Seen struct {
	Account kite.Account
	Session *kite.Session
	At      time.Time
}

func (s Seen) standings() map[string]standing {
	if s.Account.ID == "" {
		return map[string]standing{}
	}
	return map[string]standing{s.Account.ID: standingOf(s.Account, s.Session, s.At)}
}

// Between are the events, with their reasons, that make one picture the next.
func Between(before, after Seen) []string {
	var all []string
	for _, h := range happenings(before.standings(), after.standings(), after.At) {
		text := h.event
		if h.session != nil {
			text += " " + h.session.ID
		}
		if h.reason != "" {
			text += ": " + string(h.reason)
		}
		all = append(all, text)
	}
	return all
}

// NextChange is when that picture changes by time alone.
func (s Seen) NextChange() time.Time { return standingOf(s.Account, s.Session, s.At).nextChange() }

// Followers is how many streams are open.
func (s *Server) Followers() int {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	return len(s.hub.follow)
}

// Look lets the hub look as if somebody had written.
func (s *Server) Look(ctx context.Context) error {
	s.hub.mu.Lock()
	s.hub.version = -1
	s.hub.mu.Unlock()
	_, err := s.hub.look(ctx)
	return err
}
