package gateway_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/clients"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/kiteconnect"
	"github.com/kiteaccounts/kite-accounts/backend/localapi"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox/sandboxtest"
)

// whole is a program's way to a simulated Kite: the local API on a real port,
// the gateway, and a session that somebody logged in for.
type whole struct {
	*fixture
	kite    *sandboxtest.Kite
	clients *clients.Service
	bearer  string
	base    string // of the API
}

func startWhole(t testing.TB, c sandbox.Config, client kite.APIClient) *whole {
	t.Helper()
	clock := kitetest.NewClock(kitetest.Morning.Add(time.Hour))
	c.Clock = clock
	box := sandboxtest.Start(t, c)
	f := start(t, box.URL)
	f.clock.Set(clock.Now())
	f.account.APIKey = sandbox.SharedApp
	f.do(t, f.db.Accounts(f.sealer).UpdateAccount(t.Context(), f.account, kite.SecretChanges{}))
	w := &whole{fixture: f, kite: box}
	w.logIn(t, "first")
	w.clients = &clients.Service{Store: f.db.Clients(), History: f.db.History(), Clock: clock, Events: f.events, Log: slog.New(slog.DiscardHandler)}
	_, bearer, err := w.clients.Add(t.Context(), client)
	f.do(t, err)
	w.bearer = bearer.Reveal()
	w.serveAPI(t)
	return w
}

// logIn logs in as a person does, which ends the session before, and stores
// the new one.
func (w *whole) logIn(t testing.TB, id string) {
	t.Helper()
	grant := exchangeAt(t, w.kite)
	w.do(t, w.db.Sessions(w.sealer).SaveSession(t.Context(), kitetest.Session(id, w.account, grant.LoginTime), grant.Tokens))
}

// exchangeAt logs the first user in, in a browser, and exchanges what comes of
// it.
func exchangeAt(t testing.TB, box *sandboxtest.Kite) kite.Grant {
	t.Helper()
	app := kite.App{Endpoints: box.Endpoints(), APIKey: sandbox.SharedApp}
	broker := kiteconnect.New()
	login, err := broker.LoginURL(app, "state")
	if err != nil {
		t.Fatal(err)
	}
	redirect, err := box.Person(1).LogIn(login)
	if err != nil {
		t.Fatal(err)
	}
	landed, err := url.Parse(redirect)
	if err != nil {
		t.Fatal(err)
	}
	grant, err := broker.Exchange(t.Context(), app, kite.NewSecret(landed.Query().Get("request_token")), kite.NewSecret(sandbox.APISecret(sandbox.SharedApp)))
	if err != nil {
		t.Fatal(err)
	}
	return grant
}

func (w *whole) serveAPI(t testing.TB) {
	t.Helper()
	log := slog.New(slog.NewJSONHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	uses := &localapi.Uses{Clients: w.db.Clients(), History: w.db.History(), Clock: kite.SystemClock{}, Events: w.events, Log: log}
	w.Recorder = uses
	api := localapi.New(localapi.Config{
		Accounts: w.db.Accounts(w.sealer), Sessions: w.db.Sessions(w.sealer), Uses: uses, Gateway: w.Gateway,
		Auth:  &localapi.Authenticator{Clients: w.db.Clients(), Accounts: w.db.Accounts(w.sealer), Versions: w.Versions},
		Clock: kite.SystemClock{}, Log: log,
	})
	l, err := localapi.ListenPort(t.Context(), 0)
	w.do(t, err)
	ctx, stop := context.WithCancel(t.Context())
	var served sync.WaitGroup
	served.Go(func() {
		if err := api.Serve(ctx, l); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() { stop(); served.Wait() })
	w.base = "http://" + l.Addr().String()
	w.URL = w.base + "/kite/" + w.account.Slug
}

// call makes a request as Kite's clients do, with the bearer token in place of
// the access token.
func (w *whole) call(t testing.TB, method, path, body string) reply {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, w.URL+path, strings.NewReader(body))
	w.do(t, err)
	r.Header.Set("Authorization", "token anything:"+w.bearer)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := localProgram.Do(r)
	w.do(t, err)
	defer resp.Body.Close() //nolint:errcheck // only read
	b, err := io.ReadAll(resp.Body)
	return reply{resp, string(b), err}
}

const order = "exchange=NSE&tradingsymbol=INFY&transaction_type=BUY&order_type=LIMIT&price=100&quantity=1&product=CNC&validity=DAY"

func TestSandbox_through_API_and_gateway(t *testing.T) {
	w := startWhole(t, sandbox.Config{PerSecond: 1000}, kite.APIClient{Name: "reader", AllAccounts: true})
	if got := w.call(t, "GET", "/user/profile", ""); got.StatusCode != http.StatusOK || !strings.Contains(got.body, `"user_id":"SB0001"`) {
		t.Errorf("profile: %d %s", got.StatusCode, got.body)
	}
	w.call(t, "POST", "/orders/regular", order).want(t, 403, "PermissionException", kite.EDENIED)
	if got := w.call(t, "GET", "/orders", ""); got.StatusCode != http.StatusOK || !strings.Contains(got.body, `"data":[]`) {
		t.Errorf("orders: %d %s", got.StatusCode, got.body)
	}
	if w.call(t, "DELETE", "/session/token", ""); w.kite.LivingTokens() != 1 {
		t.Error("a program ended the session")
	}
	w.kite.EndTokensOf("SB0001") // somebody logs out of Kite's web
	if got := w.call(t, "GET", "/user/profile", ""); got.StatusCode != http.StatusForbidden || !strings.Contains(got.body, "TokenException") {
		t.Errorf("ended: %d %s", got.StatusCode, got.body)
	}
	if s := w.latest(t); s.EndedReason != kite.EndedElsewhere {
		t.Errorf("session %+v", s)
	}
	w.call(t, "GET", "/user/profile", "").want(t, 403, "TokenException", kite.EENDED)
	w.logIn(t, "second")
	if got := w.call(t, "GET", "/user/profile", ""); got.StatusCode != http.StatusOK {
		t.Errorf("after a login: %d %s", got.StatusCode, got.body)
	}
}

func TestSandbox_trading_is_told_order_by_order(t *testing.T) {
	w := startWhole(t, sandbox.Config{PerSecond: 1000}, kite.APIClient{Name: "trader", AllAccounts: true, MayTrade: true})
	if got := w.call(t, "POST", "/orders/regular", order); got.StatusCode != http.StatusOK || !strings.Contains(got.body, "order_id") {
		t.Fatalf("order: %d %s", got.StatusCode, got.body)
	}
	if got := w.call(t, "GET", "/orders", ""); strings.Count(got.body, `"order_id"`) != 1 {
		t.Errorf("orders: %s", got.body)
	}
	deadline := time.Now().Add(10 * time.Second)
	for ; ; time.Sleep(5 * time.Millisecond) {
		entries, err := w.db.History().History(t.Context(), kite.HistoryFilter{Kind: kite.HistoryProgram})
		w.do(t, err)
		var told []string
		for _, e := range entries {
			told = append(told, e.Detail)
		}
		if all := strings.Join(told, "\n"); strings.Contains(all, "trader called POST /orders/regular: 200.") && strings.Contains(all, "read from Kite") {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("history: %q", told)
		}
	}
}

func TestSandbox_limit_is_passed_on(t *testing.T) {
	w := startWhole(t, sandbox.Config{}, kite.APIClient{Name: "hasty", AllAccounts: true})
	for range 100 {
		got := w.call(t, "GET", "/user/profile", "")
		if got.StatusCode == http.StatusTooManyRequests {
			if !strings.Contains(got.body, "NetworkException") || got.Header.Get("X-Kite-Accounts-Error") != "" {
				t.Errorf("%v %s", got.Header, got.body)
			}
			return
		}
	}
	t.Error("no limit was met")
}

// The session is replaced again and again, as by Log in all, while programs
// call: each call carries one token, whole, and none ends another's session.
func TestSandbox_session_replaced_meanwhile(t *testing.T) {
	t.Parallel()
	w := startWhole(t, sandbox.Config{PerSecond: 100_000}, kite.APIClient{Name: "busy", AllAccounts: true})
	done := make(chan struct{})
	var programs sync.WaitGroup
	for range 4 {
		programs.Go(func() {
			for pause := time.NewTicker(30 * time.Millisecond); ; <-pause.C { // within what the API allows a program
				select {
				case <-done:
					return
				default:
				}
				if got := w.call(t, "GET", "/user/profile", ""); got.StatusCode != http.StatusOK && got.StatusCode != http.StatusForbidden {
					t.Errorf("%d %s", got.StatusCode, got.body)
				}
			}
		})
	}
	for _, id := range strings.Fields("a b c d e f g h") {
		w.logIn(t, id)
	}
	close(done)
	programs.Wait()
	if s := w.latest(t); s.ID != "h" || s.Status != kite.Active {
		t.Errorf("session %+v", s)
	}
	if got := w.call(t, "GET", "/user/profile", ""); got.StatusCode != http.StatusOK {
		t.Errorf("at last %d %s", got.StatusCode, got.body)
	}
}
