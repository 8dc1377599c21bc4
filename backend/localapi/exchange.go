package localapi

import (
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// exchangeRequest is what the founding document has a program send.
type exchangeRequest struct {
	RequestToken string `json:"requestToken"`
	APIKey       string `json:"apiKey"`
	APISecret    string `json:"apiSecret"`
}

// exchangeAnswer is what it gets, field by field as the founding document has
// it.
type exchangeAnswer struct {
	Success bool         `json:"success"`
	Data    exchangeData `json:"data"`
}

type exchangeData struct {
	AccessToken string `json:"access_token"`
	UserID      string `json:"user_id"`
	UserName    string `json:"user_name"`
	Email       string `json:"email"`
	UserType    string `json:"user_type"`
	Broker      string `json:"broker"`
	LoginTime   string `json:"login_time"` // RFC 3339 in UTC, whole seconds
}

type exchangeFailure struct {
	Success bool    `json:"success"`
	Error   problem `json:"error"`
}

// longestValue bounds each field; Kite's have 16 to 64 characters.
const longestValue = 256

func (e exchangeRequest) check() error {
	for _, f := range []struct{ name, value string }{{"requestToken", e.RequestToken}, {"apiKey", e.APIKey}, {"apiSecret", e.APISecret}} {
		if f.value == "" || len(f.value) > longestValue || strings.ContainsFunc(f.value, func(r rune) bool { return r <= ' ' || r > '~' }) {
			return kite.Errorf(kite.EINVALID, "%s is missing or isn't one of Kite's.", f.name).WithField(f.name).
				WithHint("Send requestToken, apiKey and apiSecret.")
		}
	}
	return nil
}

// parseExchange reads and checks the body; its errors never quote it.
func parseExchange(body io.Reader) (exchangeRequest, error) {
	var e exchangeRequest
	if err := decodeJSON(body, &e); err != nil {
		return exchangeRequest{}, err
	}
	return e, e.check()
}

// generateSession is POST /api/kite-auth/generate-session.
func (s *Server) generateSession(w http.ResponseWriter, r *http.Request) {
	client := askedBy(r).client
	wish, err := exchangeRequest{}, mustBeJSON(r)
	if err == nil {
		wish, err = parseExchange(r.Body)
	}
	if err != nil {
		s.Uses.refused(client, kite.Account{}, "brought a request token in vain")
		writeJSON(w, statusOfBody(err), exchangeFailure{Error: problemOf(err)})
		return
	}
	grant, err := s.Exchange.ExchangeFor(r.Context(), wish.APIKey, kite.NewSecret(wish.RequestToken), kite.NewSecret(wish.APISecret))
	if err != nil {
		s.Uses.refused(client, kite.Account{}, "brought a request token in vain")
		code := status(err)
		if code == http.StatusInternalServerError {
			s.Log.Error("request token not exchanged", "error", err)
		}
		writeJSON(w, code, exchangeFailure{Error: problemOf(err)})
		return
	}
	s.Uses.HandedOut(r.Context(), client, s.accountOfGrant(r, grant))
	writeJSON(w, http.StatusOK, exchangeAnswer{Success: true, Data: exchangeData{
		AccessToken: grant.Tokens.Access.Reveal(), UserID: grant.UserID, UserName: grant.UserName, Email: grant.Email,
		UserType: grant.UserType, Broker: grant.Broker, LoginTime: grant.LoginTime.UTC().Format(time.RFC3339),
	}})
}

// accountOfGrant is the account whose session it is, whether or not the client
// may use it otherwise; none where it isn't one of ours.
func (s *Server) accountOfGrant(r *http.Request, g kite.Grant) (accountID string) {
	all, err := s.Accounts.Accounts(r.Context())
	if err != nil {
		s.Log.Error("accounts not read", "error", err)
	}
	for _, a := range all {
		if a.APIKey == g.APIKey && strings.EqualFold(a.ClientID, g.UserID) {
			return a.ID
		}
	}
	return ""
}
