package kiteconnect_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kiteconnect"
)

func TestDeadlinesAndLimitsOfTheRelease(t *testing.T) {
	c := kiteconnect.New()
	if c.ConnectTimeout != 10*time.Second || c.Timeout != 30*time.Second || c.MaxBody != 1<<20 ||
		c.Retries != 2 || c.Backoff != 500*time.Millisecond || c.PerSecond != 8 || c.Burst != 5 {
		t.Errorf("defaults = %+v", c)
	}
}

// impatient gives up soon; the servers below never answer.
func impatient() *kiteconnect.Client {
	c := newClient()
	c.Timeout = 300 * time.Millisecond
	return c
}

// drip writes text one byte at a time until the other side has gone.
func drip(w io.Writer, text string) {
	for i := 0; ; i++ {
		if _, err := w.Write([]byte{text[i%len(text)]}); err != nil {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func readRequest(conn net.Conn) { _, _ = conn.Read(make([]byte, 64<<10)) }

func TestSlowServersAreGivenUp(t *testing.T) {
	for name, answer := range map[string]func(net.Conn){
		"silence": func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) },
		"headers in drops": func(conn net.Conn) {
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n")
			drip(conn, "X-A: b\r\n")
		},
		"body in drops": func(conn net.Conn) {
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
			drip(conn, "{ ")
		},
	} {
		t.Run(name, func(t *testing.T) {
			app := appAt("http://" + rawServer(t, func(conn net.Conn) { readRequest(conn); answer(conn) }))
			wantCode(t, profile(t, impatient(), app), kite.EOFFLINE)
			wantCode(t, invalidate(t, impatient(), app), kite.EOFFLINE)
			slowExchange(t, answer)
		})
	}
}

// slowExchange gives an exchange up that the server has got: one that a busy
// computer had no time to send is offline like any other call.
func slowExchange(t *testing.T, answer func(net.Conn)) {
	t.Helper()
	for c := impatient(); c.Timeout < time.Minute; c.Timeout *= 2 {
		got := make(chan struct{}, 1)
		app := appAt("http://" + rawServer(t, func(conn net.Conn) {
			if n, _ := conn.Read(make([]byte, 64<<10)); n > 0 {
				got <- struct{}{}
			}
			answer(conn)
		}))
		if err := exchange(t, c, app); len(got) > 0 {
			wantCode(t, err, kite.EUNKNOWN)
			return
		}
	}
	t.Fatal("the server never got the exchange")
}

func TestEndlessAnswersAreCutOff(t *testing.T) {
	for name, begin := range map[string]string{
		"body":   "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n",
		"header": "HTTP/1.1 200 OK\r\nX-Endless: ",
	} {
		t.Run(name, func(t *testing.T) {
			block := []byte(strings.Repeat("x", 32<<10))
			app := appAt("http://" + rawServer(t, func(conn net.Conn) {
				readRequest(conn)
				_, err := io.WriteString(conn, begin)
				for err == nil {
					_, err = conn.Write(block)
				}
			}))
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			err := profile(t, newClient(), app)
			runtime.ReadMemStats(&after)
			if err == nil {
				t.Fatal("no error")
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 32<<20 {
				t.Errorf("used %d MiB", used>>20)
			}
			if code := kite.ErrorCode(exchange(t, newClient(), app)); code != kite.EUNKNOWN {
				t.Errorf("exchange: %s; want EUNKNOWN", code)
			}
		})
	}
}

func TestAnAnswerLostAfterAnExchangeIsUnknown(t *testing.T) {
	for name, f := range map[string]func(net.Conn){
		"reset": func(conn net.Conn) {
			readRequest(conn)
			_ = conn.(*net.TCPConn).SetLinger(0)
		},
		"closed": readRequest,
		"half a body": func(conn net.Conn) {
			readRequest(conn)
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{")
		},
		"not HTTP": func(conn net.Conn) {
			readRequest(conn)
			_, _ = io.WriteString(conn, "SSH-2.0-OpenSSH_9.2 "+requestToken+"\r\n")
		},
	} {
		t.Run(name, func(t *testing.T) {
			sent := make(chan struct{}, 10)
			app := appAt("http://" + rawServer(t, func(conn net.Conn) { sent <- struct{}{}; f(conn) }))
			wantCode(t, exchange(t, newClient(), app), kite.EUNKNOWN)
			if len(sent) != 1 {
				t.Errorf("sent %d times", len(sent))
			}
			wantCode(t, profile(t, newClient(), app), kite.EOFFLINE)
			wantCode(t, invalidate(t, newClient(), app), kite.EOFFLINE)
		})
	}
}

func TestAnExchangeNeverSentIsOffline(t *testing.T) {
	mute := rawServer(t, func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) })
	for name, root := range map[string]string{
		"connection refused": "http://127.0.0.1:1",
		"name not found":     "https://kite.invalid",
		"TLS never answered": "https://" + mute,
	} {
		t.Run(name, func(t *testing.T) {
			for _, call := range calls {
				c := newClient()
				c.ConnectTimeout = 300 * time.Millisecond
				wantCode(t, call.do(t, c, appAt(root)), kite.EOFFLINE)
			}
		})
	}
}

func TestAnExchangeDoesNotUseAnIdleConnection(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			reply(200, grantBody)(w, r)
			return
		}
		reply(200, profileBody)(w, r)
	})
	c, app := newClient(), appAt(server.URL)
	if err := profile(t, c, app); err != nil {
		t.Fatal(err)
	}
	used := server.last(t).RemoteAddr
	if err := exchange(t, c, app); err != nil {
		t.Fatal(err)
	}
	if server.last(t).RemoteAddr == used {
		t.Error("the exchange went over a connection that may be dead")
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	elsewhere := serve(t, reply(200, grantBody))
	for _, status := range []int{301, 302, 303, 307, 308} {
		server := serve(t, func(w http.ResponseWriter, r *http.Request) {
			//nolint:gosec // an open redirect on purpose
			http.Redirect(w, r, elsewhere.URL+r.URL.RequestURI(), status)
		})
		for _, call := range calls {
			wantCode(t, call.do(t, newClient(), appAt(server.URL)), kite.EOFFLINE)
		}
	}
	if elsewhere.count() != 0 {
		t.Error("a redirect was followed")
	}
}

func TestTokensNeverTravelUnencrypted(t *testing.T) {
	for _, root := range []string{"http://api.kite.trade", "http://192.168.1.1", "ftp://127.0.0.1", "api.kite.trade", "", "https://", "https://a b", "https://a?b", "https://a#b", "http://127.0.0.1.evil.example"} {
		for _, call := range calls {
			if e := failure(t, call.do(t, newClient(), appAt(root)), kite.EINVALID); e.Field != "apiRoot" {
				t.Errorf("%s to %q: field %q", call.name, root, e.Field)
			}
		}
	}
}

func TestACancelledCallSaysSo(t *testing.T) {
	asked := make(chan struct{}, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		asked <- struct{}{}
		<-r.Context().Done()
	}))
	defer server.Close()
	for _, call := range []string{kite.ECANCELED, kite.EUNKNOWN} {
		ctx, cancel := context.WithCancel(t.Context())
		go func() { <-asked; cancel() }()
		var err error
		if call == kite.ECANCELED {
			_, err = newClient().Profile(ctx, appAt(server.URL), kite.NewSecret(accessToken))
		} else {
			_, err = newClient().Exchange(ctx, appAt(server.URL), kite.NewSecret(requestToken), kite.NewSecret(apiSecret))
		}
		if kite.ErrorCode(err) != call || !errors.Is(err, context.Canceled) {
			t.Errorf("err = %v; want %s for context.Canceled", err, call)
		}
	}
}
