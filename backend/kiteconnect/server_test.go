package kiteconnect_test

import (
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kiteconnect"
)

// The secrets of every call in these tests: none may turn up in an error.
const (
	apiSecret    = "SecretCanary7f3a9"
	requestToken = "RequestCanary51b2c8d7e6f90a1b2c3"
	accessToken  = "AccessCanary+/=e4d1"
)

const apiKey = "canarykey"

// newClient is the release's client, with its deadlines: a busy computer needs
// time to read the certificates that it trusts.
func newClient() *kiteconnect.Client {
	c := kiteconnect.New()
	c.Backoff = time.Millisecond
	c.PerSecond, c.Burst = 1000, 1000
	return c
}

func appAt(root string) kite.App {
	return kite.App{Endpoints: kite.Endpoints{LoginURL: "https://kite.zerodha.com/connect/login", APIRoot: root}, APIKey: apiKey}
}

// kiteServer answers every request with f and remembers what it was asked.
type kiteServer struct {
	*httptest.Server
	mu       sync.Mutex
	requests []*http.Request // with Form parsed
}

func serve(t *testing.T, f http.HandlerFunc) *kiteServer {
	t.Helper()
	s := &kiteServer{}
	s.Server = httptest.NewUnstartedServer(s.record(f))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.Start()
	t.Cleanup(s.Close)
	return s
}

func (s *kiteServer) record(f http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			http.Error(w, "bad form", http.StatusBadRequest)
			return
		}
		s.mu.Lock()
		s.requests = append(s.requests, r)
		s.mu.Unlock()
		f(w, r)
	}
}

func (s *kiteServer) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.requests)
}

func (s *kiteServer) last(t *testing.T) *http.Request {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.requests) == 0 {
		t.Fatal("the server wasn't asked")
	}
	return s.requests[len(s.requests)-1]
}

// reply answers with JSON.
func reply(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func refusal(errorType, message string) string {
	return `{"status":"error","message":"` + message + `","data":null,"error_type":"` + errorType + `"}`
}

// rawServer gives each TCP connection to f and closes it afterwards.
func rawServer(t *testing.T, f func(net.Conn)) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var conns sync.WaitGroup
	conns.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			conns.Go(func() { defer conn.Close(); f(conn) }) //nolint:errcheck // gone either way
		}
	})
	t.Cleanup(func() { l.Close(); conns.Wait() }) //nolint:errcheck // gone either way
	return l.Addr().String()
}

// callOf is one of the three calls, for tests that hold for each.
type callOf struct {
	name string
	do   func(*testing.T, *kiteconnect.Client, kite.App) error
}

func exchange(t *testing.T, c *kiteconnect.Client, app kite.App) error {
	t.Helper()
	_, err := c.Exchange(t.Context(), app, kite.NewSecret(requestToken), kite.NewSecret(apiSecret))
	return err
}

func profile(t *testing.T, c *kiteconnect.Client, app kite.App) error {
	t.Helper()
	_, err := c.Profile(t.Context(), app, kite.NewSecret(accessToken))
	return err
}

func invalidate(t *testing.T, c *kiteconnect.Client, app kite.App) error {
	t.Helper()
	return c.Invalidate(t.Context(), app, kite.NewSecret(accessToken))
}

var calls = []callOf{{"exchange", exchange}, {"profile", profile}, {"invalidate", invalidate}}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	_ = failure(t, err, code)
}

// failure is the error of that code, for a look at what it says.
func failure(t *testing.T, err error, code string) *kite.Error {
	t.Helper()
	if err == nil {
		t.Fatalf("no error; want %s", code)
	}
	e := kite.AsError(err)
	if e.Code != code {
		t.Fatalf("code = %s (%v); want %s", e.Code, err, code)
	}
	if e.Message == "" || e.Hint == "" {
		t.Errorf("%s says %q and hints %q; want both", code, e.Message, e.Hint)
	}
	return e
}
