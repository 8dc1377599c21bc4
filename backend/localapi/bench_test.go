package localapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/clients"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/kiteconnect"
	"github.com/kiteaccounts/kite-accounts/backend/localapi"
	"github.com/kiteaccounts/kite-accounts/backend/logging"
	"github.com/kiteaccounts/kite-accounts/backend/login"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox/sandboxtest"
	"github.com/kiteaccounts/kite-accounts/backend/sessions"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

// patience is how long a test waits for what should come at once.
const patience = 30 * time.Second

// bench is the local API over a real database, real use cases and a simulated
// Kite, on a real port.
type bench struct {
	t       testing.TB
	folder  string
	db      *sqlite.DB
	clock   *kitetest.Clock
	events  *kitetest.Events
	sealer  *kitetest.Sealer
	kite    *sandboxtest.Kite
	clients *clients.Service
	login   *login.Service
	window  *window
	server  *localapi.Server
	uses    *localapi.Uses
	log     *kitetest.Log
	url     string
	stop    func()
}

// window is a login window whose user logs in when let.
type window struct {
	who    *sandboxtest.Person
	opened chan struct{}                   // told of each opening
	before func(ctx context.Context) error // instead of logging in, if it returns an error
}

func (w *window) Open(ctx context.Context, job kite.LoginJob) (kite.Landing, error) {
	select {
	case w.opened <- struct{}{}:
	default:
	}
	if w.before != nil {
		if err := w.before(ctx); err != nil {
			return kite.Landing{}, err
		}
	}
	redirect, err := w.who.LogIn(job.LoginURL)
	return kite.Landing{RedirectURL: kite.NewSecret(redirect)}, err
}

func (w *window) Focus(string) bool { return true }

type endpoints struct{ k *sandboxtest.Kite }

func (e endpoints) Endpoints(context.Context, kite.Account) (kite.Endpoints, error) {
	return e.k.Endpoints(), nil
}

// newBench serves until the test ends. change may set limits and a gateway.
func newBench(t testing.TB, change ...func(*localapi.Config)) *bench {
	t.Helper()
	b := &bench{
		t: t, folder: t.TempDir(), clock: kitetest.ISTClock(2026, 11, 23, 10, 0),
		events: &kitetest.Events{}, sealer: &kitetest.Sealer{}, log: &kitetest.Log{},
	}
	b.kite = sandboxtest.Start(t, sandbox.Config{Clock: b.clock})
	b.window = &window{who: b.kite.Person(1), opened: make(chan struct{}, 1)}
	log := logging.New(b.log)
	db, err := sqlite.Open(t.Context(), b.path())
	if err != nil {
		t.Fatal(err)
	}
	b.db = db
	b.clients = &clients.Service{Store: db.Clients(), Clock: b.clock, Events: b, History: db.History(), Log: log}
	accounts, stored, broker := db.Accounts(b.sealer), db.Sessions(b.sealer), kiteconnect.New()
	living := &sessions.Service{
		Accounts: accounts, Sessions: stored, History: db.History(), Endpoints: endpoints{b.kite}, Broker: broker, Clock: b.clock, Events: b, Log: log,
	}
	b.login = &login.Service{
		Accounts: accounts, Sessions: stored, History: db.History(), Endpoints: endpoints{b.kite}, Broker: broker, Window: b.window, Verifier: living, Sealer: b.sealer,
		Browse: func(string) error { return nil }, Clock: b.clock, Events: b, Log: log,
	}
	versions, err := db.Versions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b.uses = &localapi.Uses{Clients: db.Clients(), History: db.History(), Clock: b.clock, Events: b.events, Log: log}
	c := localapi.Config{
		Accounts: accounts, Sessions: stored, Uses: b.uses,
		Auth:     &localapi.Authenticator{Clients: db.Clients(), Accounts: accounts, Versions: versions},
		Handouts: living, Logins: b.login, Exchange: b.login, Clock: b.clock, Log: log,
	}
	for _, f := range change {
		f(&c)
	}
	b.server = localapi.New(c)
	b.serve()
	t.Cleanup(func() {
		b.stop()
		b.login.Close()
		_, _ = versions.Close(), db.Close()
	})
	return b
}

func (b *bench) path() string { return filepath.Join(b.folder, "test.db") }

func (b *bench) serve() {
	b.t.Helper()
	l, err := localapi.ListenPort(b.t.Context(), 0)
	if err != nil {
		b.t.Fatal(err)
	}
	b.url = "http://" + l.Addr().String()
	ctx, cancel := context.WithCancel(context.WithoutCancel(b.t.Context()))
	done := make(chan error, 1)
	go func() { done <- b.server.Serve(ctx, l) }()
	b.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			b.t.Errorf("Serve = %v", err)
		}
	})
}

// Publish lets the server and the test hear of what the use cases change.
func (b *bench) Publish(e kite.Event) {
	if b.server != nil {
		b.server.Heard(e)
	}
	b.events.Publish(e)
}

// account stores an account of the n-th simulated user; its slug is account-n.
func (b *bench) account(n int) kite.Account {
	b.t.Helper()
	a := kitetest.SandboxAccount(fmt.Sprint("account", n))
	a.Name, a.Slug = fmt.Sprint("Account ", n), fmt.Sprint("account-", n)
	a.ClientID, a.APIKey, a.CallbackURL = sandbox.UserNumber(n).UserID, sandbox.SharedApp, sandbox.DefaultCallback
	secret := kite.NewSecret(sandbox.APISecret(sandbox.SharedApp))
	if err := b.db.Accounts(b.sealer).CreateAccount(b.t.Context(), a, kite.SecretChanges{APISecret: kite.SecretChange{Set: secret}}); err != nil {
		b.t.Fatal(err)
	}
	b.Publish(kite.Event{Type: kite.AccountChanged, AccountID: a.ID})
	return a
}

// session stores a living session of the account, one for each suffix.
func (b *bench) session(a kite.Account, suffix string) kite.Session {
	b.t.Helper()
	s := kitetest.Session(a.ID+suffix, a, b.clock.Now())
	if err := b.db.Sessions(b.sealer).SaveSession(b.t.Context(), s, kitetest.Tokens(a.ID+suffix)); err != nil {
		b.t.Fatal(err)
	}
	b.Publish(kite.Event{Type: kite.SessionChanged, AccountID: a.ID})
	return s
}

func (b *bench) end(s kite.Session, reason kite.EndedReason) {
	b.t.Helper()
	if err := b.db.Sessions(b.sealer).EndSession(b.t.Context(), s.ID, reason, b.clock.Now()); err != nil {
		b.t.Fatal(err)
	}
	b.Publish(kite.Event{Type: kite.SessionChanged, AccountID: s.AccountID})
}

// client adds a program for these accounts, all without any.
func (b *bench) client(name string, accounts ...kite.Account) (kite.APIClient, string) {
	b.t.Helper()
	c := kite.APIClient{Name: name, AllAccounts: len(accounts) == 0}
	for _, a := range accounts {
		c.AccountIDs = append(c.AccountIDs, a.ID)
	}
	c, token, err := b.clients.Add(b.t.Context(), c)
	if err != nil {
		b.t.Fatal(err)
	}
	return c, token.Reveal()
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

// code is the error's code in the answer, empty if it has none.
func (a answer) code() string {
	var v struct{ Error struct{ Code string } }
	_ = json.Unmarshal([]byte(a.body), &v)
	return v.Error.Code
}

func (a answer) into(t testing.TB, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.body), v); err != nil {
		t.Errorf("answer %d isn't JSON: %v", a.status, err)
	}
}

// request is a request of the program with that token, none if it is empty.
func (b *bench) request(method, path, token, body string) *http.Request {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.url+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	return r
}

// do sends a request and holds it and its answer to the OpenAPI document.
func (b *bench) do(r *http.Request) answer {
	b.t.Helper()
	client := &http.Client{Transport: described{b.t}, Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	resp, err := client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err := joined(err, resp.Body.Close()); err != nil {
		b.t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(body)}
}

func joined(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) get(path, token string) answer {
	b.t.Helper()
	return b.do(b.request(http.MethodGet, path, token, ""))
}

func (b *bench) post(path, token, body string) answer {
	b.t.Helper()
	return b.do(b.request(http.MethodPost, path, token, body))
}

// raw sends bytes and returns what comes back until the connection ends.
func (b *bench) raw(text string) string {
	b.t.Helper()
	conn := b.dial()
	if _, err := io.WriteString(conn, text); err != nil {
		b.t.Fatal(err)
	}
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	var all bytes.Buffer
	_, _ = io.Copy(&all, conn)
	return all.String()
}

func (b *bench) dial() net.Conn {
	b.t.Helper()
	conn, err := (&net.Dialer{}).DialContext(b.t.Context(), "tcp", strings.TrimPrefix(b.url, "http://"))
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// history are the details of the entries of that kind, oldest first, once
// there are so many.
func (b *bench) history(kind kite.HistoryKind, count int) []string {
	b.t.Helper()
	deadline := time.Now().Add(patience)
	for {
		entries, err := b.db.History().History(b.t.Context(), kite.HistoryFilter{Kind: kind})
		if err != nil {
			b.t.Fatal(err)
		}
		if len(entries) >= count || time.Now().After(deadline) {
			var details []string
			for i := len(entries) - 1; i >= 0; i-- {
				details = append(details, entries[i].Detail)
			}
			return details
		}
		time.Sleep(time.Millisecond) // the record is written in its own time
	}
}

// mustGet fails the test with that sentence if nothing comes.
func (b *bench) mustGet(c <-chan struct{}, otherwise string) {
	b.t.Helper()
	select {
	case <-c:
	case <-time.After(patience):
		b.t.Fatal(otherwise)
	}
}
