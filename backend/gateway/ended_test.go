package gateway_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

func zipped(text string) string {
	var b bytes.Buffer
	zip := gzip.NewWriter(&b)
	_, _ = io.WriteString(zip, text)
	_ = zip.Close()
	return b.String()
}

func TestSession_ends_on_Kites_word_alone(t *testing.T) {
	t.Parallel()
	tooLong := `{"status":"error","error_type":"TokenException","message":"` + strings.Repeat("x", 80<<10) + `"}`
	for name, c := range map[string]struct {
		status int
		body   string
		header []string
		ends   bool
	}{
		"TokenException":               {403, refusal("TokenException"), nil, true},
		"packed":                       {403, zipped(refusal("TokenException")), []string{"Content-Encoding", "gzip"}, true},
		"PermissionException":          {403, refusal("PermissionException"), nil, false},
		"packed PermissionException":   {403, zipped(refusal("PermissionException")), []string{"Content-Encoding", "gzip"}, false},
		"400":                          {400, refusal("TokenException"), nil, false},
		"401":                          {401, refusal("TokenException"), nil, false},
		"429":                          {429, refusal("TokenException"), nil, false},
		"500":                          {500, refusal("TokenException"), nil, false},
		"200":                          {200, refusal("TokenException"), nil, false},
		"success":                      {403, `{"status":"success","error_type":"TokenException"}`, nil, false},
		"no JSON":                      {403, "TokenException", nil, false},
		"empty":                        {403, "", nil, false},
		"cut off":                      {403, refusal("TokenException")[:80], nil, false},
		"too long to look into":        {403, tooLong, nil, false},
		"packed, too long":             {403, zipped(tooLong), []string{"Content-Encoding", "gzip"}, false},
		"says gzip and isn't":          {403, refusal("TokenException"), []string{"Content-Encoding", "gzip"}, false},
		"packed in a way not asked of": {403, zipped(refusal("TokenException")), []string{"Content-Encoding", "br"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			f := start(t, serveKite(t, answer(c.status, c.body, c.header...)).URL)
			got := f.get(t, "/user/margins", "Accept-Encoding", "gzip")
			if got.StatusCode != c.status || got.body != c.body || got.Header.Get("X-Kite-Accounts-Error") != "" {
				t.Errorf("passed on: %d, %d bytes of %d", got.StatusCode, len(got.body), len(c.body))
			}
			s := f.latest(t)
			if !c.ends {
				if s.Status != kite.Active || len(f.events.All()) != 0 {
					t.Errorf("session %s, events %v", s.Status, f.events.All())
				}
				return
			}
			if s.Status != kite.Expired || s.EndedReason != kite.EndedElsewhere || !s.EndedAt.Equal(f.clock.Now()) {
				t.Errorf("session %+v", s)
			}
			f.events.WaitFor(t, kite.Event{Type: kite.SessionChanged, AccountID: "one"})
			f.events.WaitFor(t, kite.Event{Type: kite.HistoryChanged, AccountID: "one"})
			f.get(t, "/user/margins").want(t, 403, "TokenException", kite.EENDED)
		})
	}
}

func TestRefusal_of_an_older_token_leaves_the_session_alone(t *testing.T) {
	asked, goOn := make(chan struct{}), make(chan struct{})
	f := start(t, serveKite(t, func(w http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		<-goOn
		answer(403, refusal("TokenException"))(w, r)
	}).URL)
	done := make(chan reply)
	go func() { done <- f.get(t, "/user/margins") }()
	<-asked
	f.logIn(t, "s2")
	close(goOn)
	if got := <-done; got.StatusCode != http.StatusForbidden || got.body != refusal("TokenException") {
		t.Errorf("passed on: %d %s", got.StatusCode, got.body)
	}
	if s := f.latest(t); s.ID != "s2" || s.Status != kite.Active {
		t.Errorf("session %+v", s)
	}
}

// The program learns of the refusal though the database doesn't.
func TestRefusal_is_passed_on_though_it_cannot_be_stored(t *testing.T) {
	f := start(t, serveKite(t, answer(403, refusal("TokenException"))).URL)
	f.Ender = ender{}
	if got := f.get(t, "/user/margins"); got.StatusCode != http.StatusForbidden || got.body != refusal("TokenException") {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
	if !strings.Contains(f.log.String(), "still stored as active") {
		t.Error("the log doesn't tell")
	}
}

type ender struct{}

func (ender) EndSession(context.Context, string, kite.EndedReason, time.Time) error {
	return errors.New("disk full")
}

// drip sends an answer one byte at a time.
func drip(conn net.Conn, status, body string, pause time.Duration) {
	_, _ = io.WriteString(conn, "HTTP/1.1 "+status+"\r\nContent-Type: application/json\r\nContent-Length: "+strconv.Itoa(len(body))+"\r\n\r\n")
	for i := range len(body) {
		if _, err := conn.Write([]byte{body[i]}); err != nil {
			return
		}
		time.Sleep(pause)
	}
}

func TestRefusal_in_drops(t *testing.T) {
	body := refusal("TokenException")
	every := func(pause time.Duration) (root string) {
		return rawKite(t, func(conn net.Conn) { drip(conn, "403 Forbidden", body, pause) })
	}
	t.Run("is waited for", func(t *testing.T) {
		f := start(t, every(2*time.Millisecond))
		f.LookTimeout = time.Minute
		if got := f.get(t, "/"); got.StatusCode != http.StatusForbidden || got.body != body || f.latest(t).Status != kite.Expired {
			t.Errorf("%d %s, session %s", got.StatusCode, got.body, f.latest(t).Status)
		}
	})
	t.Run("but not for ever", func(t *testing.T) {
		f := start(t, every(30*time.Millisecond)) // long enough to look before its end
		f.LookTimeout = 20 * time.Millisecond
		if got := f.get(t, "/"); got.StatusCode != http.StatusForbidden || got.body != body || f.latest(t).Status != kite.Active {
			t.Errorf("%d %s, session %s", got.StatusCode, got.body, f.latest(t).Status)
		}
	})
}

func TestRefusal_that_breaks_off_is_no_whole_answer(t *testing.T) {
	f := start(t, rawKite(t, func(conn net.Conn) {
		_, _ = io.WriteString(conn, "HTTP/1.1 403 Forbidden\r\nContent-Length: 500\r\n\r\n"+refusal("TokenException"))
	}))
	if got := f.get(t, "/"); got.err == nil || got.body != refusal("TokenException") {
		t.Errorf("%q, %v", got.body, got.err)
	}
}
