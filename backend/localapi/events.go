package localapi

import (
	"bytes"
	_ "embed" // openapi.yaml
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

//go:embed openapi.yaml
var openAPI []byte

// describe is GET /v1/openapi.yaml.
func (s *Server) describe(w http.ResponseWriter, r *http.Request) {
	s.Uses.often(askedBy(r).client, kite.Account{}, "read what the API does")
	w.Header().Set("Content-Type", "application/yaml")
	_, _ = w.Write(openAPI) // the reader is gone
}

// streamEvents is GET /v1/events, as server-sent events:
// https://html.spec.whatwg.org/multipage/server-sent-events.html.
func (s *Server) streamEvents(w http.ResponseWriter, r *http.Request) {
	who := askedBy(r)
	leave, err := s.rates.enterStream(who.client.ID)
	if err != nil {
		s.Uses.refused(who.client, kite.Account{}, "was refused another stream of events")
		w.Header().Set("Retry-After", retryAfter(time.Second))
		s.fail(w, r, err)
		return
	}
	defer leave()
	f, first, err := s.hub.join(r.Context(), r.Header.Get("Last-Event-ID"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	defer s.hub.leave(f)
	s.Uses.often(who.client, kite.Account{}, "followed events")
	w.Header().Set("Content-Type", "text/event-stream")
	out := &stream{w: w, hub: s.hub, client: who.client}
	if out.begin(first) == nil {
		s.follow(out, r, f, who.hash)
	}
}

// follow writes what happens until the reader or the server goes, the reader
// is too slow, or its client was revoked.
func (s *Server) follow(out *stream, r *http.Request, f *follower, hash kite.TokenHash) {
	recheck := time.NewTicker(s.Limits.Recheck)
	defer recheck.Stop()
	heartbeat := time.NewTicker(s.Limits.Heartbeat)
	defer heartbeat.Stop()
	for {
		var err error
		select {
		case <-r.Context().Done():
			return
		case <-s.closed:
			return
		case <-f.lost:
			return
		case found := <-f.found:
			if out.client, err = s.Auth.Client(r.Context(), hash); err == nil {
				err = out.send(found, true)
			}
		case <-f.nudge:
			out.client, err = s.Auth.Client(r.Context(), hash)
		case <-recheck.C:
			s.hub.poll(r.Context())
			out.client, err = s.Auth.Client(r.Context(), hash)
		case <-heartbeat.C:
			err = out.comment("alive")
		}
		if err != nil {
			return
		}
	}
}

// stream writes events that its client may see.
type stream struct {
	w      http.ResponseWriter
	hub    *hub
	client kite.APIClient
}

// begin writes what comes first. Of a snapshot only the last event has an ID:
// who was cut off before gets a snapshot again.
func (s *stream) begin(first []notice) error {
	if _, err := fmt.Fprint(s.w, "retry: 2000\n\n"); err != nil {
		return err
	}
	return s.send(first, false)
}

// send writes those that are for the client, numbered each or only the last.
func (s *stream) send(notices []notice, each bool) error {
	var text bytes.Buffer
	mine := slices.DeleteFunc(slices.Clone(notices), func(n notice) bool { return !s.client.MayUse(n.accountID) })
	for i, n := range mine {
		if each || i == len(mine)-1 {
			fmt.Fprintf(&text, "id: %s\n", s.hub.id(n))
		}
		fmt.Fprintf(&text, "event: %s\ndata: %s\n\n", n.event, n.data)
	}
	if _, err := s.w.Write(text.Bytes()); err != nil { //nolint:gosec // no page, and the names in it are JSON
		return err
	}
	return s.flush()
}

func (s *stream) comment(text string) error {
	if _, err := fmt.Fprintf(s.w, ": %s\n\n", text); err != nil {
		return err
	}
	return s.flush()
}

func (s *stream) flush() error { return http.NewResponseController(s.w).Flush() }
