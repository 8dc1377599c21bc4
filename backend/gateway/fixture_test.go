package gateway_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/gateway"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/sessions"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

const bearer = "BearerCanary9d27c1"

// notes records what the gateway tells the history.
type notes struct {
	mu  sync.Mutex
	all []string
}

func (n *notes) Note(client kite.APIClient, account kite.Account, what string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.all = append(n.all, client.Name+"|"+account.ID+"|"+what)
}

func (n *notes) InVain(client kite.APIClient, account kite.Account, why string) {
	n.Note(client, account, "in vain: "+why)
}

func (n *notes) list() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.all)
}

// fixture is a gateway over a real database with one account, "one", whose
// session is "s1" with the token "accesss1".
type fixture struct {
	*gateway.Gateway
	db      *sqlite.DB
	path    string
	sealer  *kitetest.Sealer
	clock   *kitetest.Clock
	events  *kitetest.Events
	notes   *notes
	log     *kitetest.Log
	account kite.Account
	client  kite.APIClient
	URL     string // the program's base URL
}

type resolver struct{}

func (resolver) Endpoints(_ context.Context, a kite.Account) (kite.Endpoints, error) {
	return a.Endpoints, nil
}

// start runs a gateway to a Kite at root.
func start(t testing.TB, root string) *fixture {
	t.Helper()
	f := &fixture{
		path: filepath.Join(t.TempDir(), "accounts.db"), sealer: &kitetest.Sealer{}, clock: kitetest.NewClock(kitetest.Morning.Add(time.Hour)),
		events: &kitetest.Events{}, notes: &notes{}, log: &kitetest.Log{}, client: kite.APIClient{ID: "c1", Name: "trader", AllAccounts: true},
	}
	var err error
	if f.db, err = sqlite.Open(t.Context(), f.path); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.db.Close() })
	versions, err := f.db.Versions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = versions.Close() })
	f.account = kitetest.SandboxAccount("one")
	f.account.Endpoints = kite.Endpoints{LoginURL: "http://127.0.0.1:9/login", APIRoot: root}
	f.do(t, f.db.Accounts(f.sealer).CreateAccount(t.Context(), f.account, kite.SecretChanges{}))
	f.logIn(t, "s1")
	store := f.db.Sessions(f.sealer)
	f.Gateway = gateway.New(gateway.Config{
		Sessions: &sessions.Service{Accounts: f.db.Accounts(f.sealer), Sessions: store, Endpoints: resolver{}, Clock: f.clock},
		Versions: versions, Ender: store, Recorder: f.notes, Clock: f.clock,
		Events: kite.PublisherFunc(func(e kite.Event) { f.Gateway.Changed(e); f.events.Publish(e) }),
		Log:    slog.New(slog.NewJSONHandler(f.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	t.Cleanup(f.Close)
	f.serve(t)
	return f
}

// serve is what the local API does around the gateway.
func (f *fixture) serve(t testing.TB) {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := strings.TrimPrefix(r.URL.EscapedPath(), "/kite/one")
		f.ServeHTTP(w, r, f.client, f.account, path)
	}))
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	server.Start()
	t.Cleanup(server.Close)
	f.URL = server.URL + "/kite/one"
}

func (f *fixture) do(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// logIn stores a session whose token is "access" with that ID.
func (f *fixture) logIn(t testing.TB, id string) {
	t.Helper()
	f.do(t, f.db.Sessions(f.sealer).SaveSession(t.Context(), kitetest.Session(id, f.account, f.clock.Now()), kitetest.Tokens(id)))
}

func (f *fixture) latest(t testing.TB) kite.Session {
	t.Helper()
	s, err := f.db.Sessions(f.sealer).LatestSession(t.Context(), f.account.ID)
	if err != nil || s == nil {
		t.Fatalf("latest session %v, %v", s, err)
	}
	return *s
}

// reply is an answer read to its end.
type reply struct {
	*http.Response
	body string
	err  error // with which the body broke off
}

// send makes a request of the program's.
func (f *fixture) send(t testing.TB, method, path string, body io.Reader, header ...string) reply {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, f.URL+path, body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "token any:"+bearer)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	resp, err := localProgram.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // only read, or gone
	b, err := io.ReadAll(resp.Body)
	return reply{resp, string(b), err}
}

func (f *fixture) get(t testing.TB, path string, header ...string) reply {
	t.Helper()
	return f.send(t, http.MethodGet, path, nil, header...)
}

// localProgram follows no redirects and unpacks nothing.
var localProgram = &http.Client{
	Transport:     &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 64},
	Timeout:       20 * time.Second,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

func (r reply) want(t testing.TB, status int, errorType, code string) {
	t.Helper()
	if r.StatusCode != status || !strings.Contains(r.body, `"error_type":"`+errorType+`"`) || r.Header.Get(gateway.ErrorHeader) != code ||
		!strings.HasPrefix(r.body, `{"status":"error","message":"`) || r.Header.Get("Content-Type") != "application/json" {
		t.Errorf("%d %s %s; want %d %s %s", r.StatusCode, r.Header.Get(gateway.ErrorHeader), r.body, status, errorType, code)
	}
}

// upstream answers each request with h and keeps what it was asked.
type upstream struct {
	*httptest.Server
	mu   sync.Mutex
	seen []*http.Request
	body []string
}

func serveKite(t testing.TB, h http.HandlerFunc) *upstream {
	t.Helper()
	u := &upstream{}
	u.Server = httptest.NewServer(u.record(h))
	t.Cleanup(u.Close)
	return u
}

func (u *upstream) record(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		u.mu.Lock()
		u.seen, u.body = append(u.seen, r), append(u.body, string(b))
		u.mu.Unlock()
		if err == nil {
			h(w, r)
		}
	}
}

func (u *upstream) count() int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return len(u.seen)
}

func (u *upstream) last(t testing.TB) (*http.Request, string) {
	t.Helper()
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.seen) == 0 {
		t.Fatal("Kite wasn't asked")
	}
	return u.seen[len(u.seen)-1], u.body[len(u.body)-1]
}

func answer(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Add(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

const marginsBody = `{"status":"success","data":{"equity":{"enabled":true,"net":99725.05}}}`

func refusal(errorType string) string {
	return fmt.Sprintf(`{"status":"error","message":"Incorrect.","data":null,"error_type":"%s"}`, errorType)
}

// rawKite gives each connection to f once a request's header has come.
func rawKite(t testing.TB, f func(net.Conn)) (root string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var conns sync.WaitGroup
	conns.Go(func() {
		for {
			conn, err := l.Accept()
			if errors.Is(err, net.ErrClosed) {
				return
			}
			conns.Go(func() {
				defer conn.Close() //nolint:errcheck // only read, or gone
				_, _ = conn.Read(make([]byte, 64<<10))
				f(conn)
			})
		}
	})
	t.Cleanup(func() { _ = l.Close(); conns.Wait() })
	return "http://" + l.Addr().String()
}

// rawPath calls the gateway with a path that a client of HTTP wouldn't send.
func (f *fixture) rawPath(t testing.TB, path string) reply {
	t.Helper()
	w, r := httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	f.ServeHTTP(w, r, f.client, f.account, path)
	return reply{Response: w.Result(), body: w.Body.String()}
}
