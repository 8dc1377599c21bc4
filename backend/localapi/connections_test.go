package localapi_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/localapi"
)

// hundredSlow opens a hundred connections that send these bytes and no more.
func (b *bench) hundredSlow(text string) []net.Conn {
	b.t.Helper()
	var all []net.Conn
	for range 100 {
		conn := b.dial()
		if _, err := io.WriteString(conn, text); err != nil {
			b.t.Fatal(err)
		}
		all = append(all, conn)
	}
	return all
}

// P6, also where they are more than the server takes at all. Nothing but the
// bound closes them: whoever waited for one would never be answered.
func TestP6_a_hundred_slow_connections_keep_nobody_out(t *testing.T) {
	for name, text := range map[string]string{
		"silent":       "",
		"half a line":  "GET /v1/acc",
		"half a head":  "GET /v1/accounts HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
		"no body":      "POST /v1/accounts HTTP/1.1\r\nHost: OWN\r\nContent-Length: 100\r\n\r\n",
		"half a chunk": "POST /v1/accounts HTTP/1.1\r\nHost: OWN\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
	} {
		for _, bound := range []int{512, 20} {
			t.Run(fmt.Sprint(name, " of ", bound), func(t *testing.T) {
				b := newBench(t, func(c *localapi.Config) {
					c.Limits.Connections, c.Limits.Header, c.Limits.Body = bound, time.Hour, time.Hour
				})
				b.session(b.account(1), "s")
				_, token := b.client("Program")
				b.hundredSlow(strings.ReplaceAll(text, "OWN", strings.TrimPrefix(b.url, "http://")))
				for range 10 {
					if got := b.get("/v1/accounts/account-1/session", token); got.status != http.StatusOK {
						t.Fatalf("%d", got.status)
					}
				}
			})
		}
	}
}

// ended says whether the server closes the connection before patience ends.
func ended(conn net.Conn) bool {
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	_, err := io.Copy(io.Discard, conn)
	return !errors.Is(err, os.ErrDeadlineExceeded)
}

func TestP6_slow_ones_are_closed_in_time(t *testing.T) {
	b := newBench(t, func(c *localapi.Config) {
		c.Limits = localapi.Limits{Header: 50 * time.Millisecond, Body: 50 * time.Millisecond, Idle: 50 * time.Millisecond}
	})
	_, token := b.client("Program")
	head := " HTTP/1.1\r\nHost: " + strings.TrimPrefix(b.url, "http://") + "\r\nAuthorization: Bearer " + token + "\r\n"
	for name, text := range map[string]string{
		"silent":            "",
		"half a head":       "GET /v1/accounts HTTP/1.1\r\nX",
		"half a body":       "POST /api/kite-auth/generate-session" + head + "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"requestToken\":",
		"after one request": "GET /v1/accounts" + head + "\r\n",
	} {
		conn := b.dial()
		if _, err := io.WriteString(conn, text); err != nil {
			t.Fatal(err)
		}
		if !ended(conn) {
			t.Errorf("%s: it is still open", name)
		}
	}
}

// The oldest of those that bring nothing goes first.
func TestP6_connections_are_bounded(t *testing.T) {
	b := newBench(t, func(c *localapi.Config) { c.Limits.Connections, c.Limits.Header = 5, time.Hour })
	all := b.hundredSlow("GET")
	for i, conn := range all[:95] {
		if !ended(conn) {
			t.Fatalf("connection %d is still open", i)
		}
	}
	head := " /v1/accounts HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
	for i, conn := range all[95:] {
		_ = conn.SetDeadline(time.Now().Add(patience))
		if _, err := io.WriteString(conn, head); err != nil {
			t.Errorf("connection %d of the last five: %v", i, err)
		}
		if got, err := io.ReadAll(conn); err != nil || !strings.HasPrefix(string(got), "HTTP/1.1 403") {
			t.Errorf("connection %d of the last five: %.20q, %v", i, got, err)
		}
	}
}

// A program's own request is never closed to make room.
func TestConnections_at_work_stay(t *testing.T) {
	g := &waiting{begun: make(chan struct{}), release: make(chan struct{})}
	b := newBench(t, func(c *localapi.Config) { c.Limits.Connections = 5; c.Gateway = g })
	b.account(1)
	_, token := b.client("Program")
	done := make(chan answer, 1)
	go func() { done <- b.get("/kite/account-1/user/profile", token) }()
	<-g.begun
	b.hundredSlow("GET")
	close(g.release)
	if got := <-done; got.status != http.StatusOK || got.body != "late" {
		t.Errorf("%d %q", got.status, got.body)
	}
}

func TestRequests_under_way_are_bounded(t *testing.T) {
	g := &waiting{begun: make(chan struct{}), release: make(chan struct{})}
	b := newBench(t, func(c *localapi.Config) { c.Limits.Requests = 1; c.Gateway = g })
	b.account(1)
	_, token := b.client("Program")
	_, other := b.client("Other")
	done := make(chan answer, 1)
	go func() { done <- b.get("/kite/account-1/user/profile", token) }()
	<-g.begun
	if got := b.get("/v1/accounts", token); got.status != http.StatusTooManyRequests {
		t.Errorf("one more: %d", got.status)
	}
	if got := b.get("/v1/accounts", other); got.status != http.StatusOK {
		t.Errorf("another program: %d", got.status)
	}
	close(g.release)
	<-done
	if got := b.get("/v1/accounts", token); got.status != http.StatusOK {
		t.Errorf("once that is done: %d", got.status)
	}
}

// waiting is a gateway that answers when let.
type waiting struct {
	once           sync.Once
	begun, release chan struct{}
}

func (g *waiting) ServeHTTP(w http.ResponseWriter, _ *http.Request, _ kite.APIClient, _ kite.Account, _ string) {
	g.once.Do(func() { close(g.begun) })
	<-g.release
	_, _ = io.WriteString(w, "late")
}

func TestBody_has_a_bound(t *testing.T) {
	b := newBench(t)
	b.account(1)
	_, token := b.client("Program")
	long := `{"requestToken":"` + strings.Repeat("x", 17<<10) + `","apiKey":"b","apiSecret":"c"}`
	if got := b.post("/api/kite-auth/generate-session", token, long); got.status != http.StatusRequestEntityTooLarge {
		t.Errorf("%d %s", got.status, got.body)
	}
	r := b.request("POST", "/api/kite-auth/generate-session", token, "x")
	r.Body, r.ContentLength = io.NopCloser(endless{}), -1
	if got := b.exchange(r); got.status != http.StatusRequestEntityTooLarge {
		t.Errorf("endless: %d", got.status)
	}
	if got := b.post("/v1/accounts/account-1/login", token, `{"confirmed":`+strings.Repeat(" ", 17<<10)+`true}`); got.status != http.StatusRequestEntityTooLarge {
		t.Errorf("login: %d", got.status)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// exchange is do without the document: the body is never all there.
func (b *bench) exchange(r *http.Request) answer {
	b.t.Helper()
	conn := b.dial()
	_ = conn.SetDeadline(time.Now().Add(patience))
	go func() { _ = r.Write(conn) }()
	resp, err := http.ReadResponse(bufio.NewReader(conn), r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	body, _ := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header, string(body)}
}
