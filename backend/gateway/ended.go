package gateway

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// maxLook is how much of a 403 is read, and unpacked, to find its error_type.
const maxLook = 64 << 10

// look reads a 403 and ends the session if Kite says that it is over:
// PermissionException is 403 too. The answer stays as it is.
func (g *Gateway) look(x *exchange, answer *http.Response) {
	head, err := readHead(answer.Body, time.Now().Add(g.LookTimeout))
	rest := answer.Body
	pieces := io.MultiReader(bytes.NewReader(head), rest)
	if err != nil {
		pieces = io.MultiReader(bytes.NewReader(head), broken{err})
	}
	answer.Body = struct {
		io.Reader
		io.Closer
	}{pieces, rest}
	if errorType(head, answer.Header.Get("Content-Encoding")) == tokenException {
		x.grant.ending.Do(func() { g.end(x) })
	}
}

// broken gives the error with which an answer broke off.
type broken struct{ err error }

// Read fails.
func (b broken) Read([]byte) (int, error) { return 0, b.err }

// readHead reads until the end, maxLook bytes or the deadline, which it
// compares between two pieces.
func readHead(body io.Reader, deadline time.Time) ([]byte, error) {
	head := make([]byte, 0, bytes.MinRead)
	for len(head) < maxLook && time.Now().Before(deadline) {
		if cap(head)-len(head) < bytes.MinRead {
			head = append(make([]byte, 0, 2*cap(head)+bytes.MinRead), head...)
		}
		n, err := body.Read(head[len(head):min(cap(head), maxLook)])
		head = head[:len(head)+n]
		if errors.Is(err, io.EOF) {
			return head, nil
		}
		if err != nil {
			return head, err
		}
	}
	return head, nil
}

// errorType is Kite's error_type in the body, empty if there is none to be
// found.
func errorType(body []byte, encoding string) string {
	if encoding == "gzip" {
		unzip, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			return ""
		}
		if body, err = io.ReadAll(io.LimitReader(unzip, maxLook)); err != nil {
			return ""
		}
	}
	var envelope struct {
		Status    string `json:"status"`
		ErrorType string `json:"error_type"`
	}
	if json.Unmarshal(body, &envelope) != nil || envelope.Status != "error" {
		return ""
	}
	return envelope.ErrorType
}

// end records that the session whose token Kite refused is over. The store
// ends active sessions only, so a session that has taken its place lives on.
// What is recorded stays so though the program may be gone.
func (g *Gateway) end(x *exchange) {
	ctx := context.WithoutCancel(x.request.Context())
	id := x.grant.Session.ID
	if err := g.Ender.EndSession(ctx, id, kite.EndedElsewhere, g.Clock.Now()); err != nil {
		g.Log.Error("session that Kite ended is still stored as active", "account", x.account.ID, "error", err)
	}
	g.handouts.forget()
	g.Events.Publish(kite.Event{Type: kite.SessionChanged, AccountID: x.account.ID})
	g.Events.Publish(kite.Event{Type: kite.HistoryChanged, AccountID: x.account.ID})
}
