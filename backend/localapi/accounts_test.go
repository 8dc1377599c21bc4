package localapi_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/localapi"
)

type listed struct {
	Accounts []struct {
		Name, Slug, ClientID, Type, State, EndedReason string
		ExpiresAt                                      *time.Time
		ExpiresInSeconds                               *int64
		MayTrade                                       bool
	}
}

func TestAccounts_are_those_that_the_program_may_use(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	one, two := b.account(1), b.account(2)
	b.account(3)
	s := b.session(one, "s")
	b.end(b.session(two, "s"), kite.EndedLoggedOut)
	_, all := b.client("All")
	_, some := b.client("Some", two)
	var v listed
	got := b.get("/v1/accounts", all)
	got.into(t, &v)
	if len(v.Accounts) != 3 || v.Accounts[0].State != "active" || !v.Accounts[0].ExpiresAt.Equal(s.ExpiresAt) ||
		*v.Accounts[0].ExpiresInSeconds != int64(20*time.Hour/time.Second) || v.Accounts[1].State != "expired" ||
		v.Accounts[1].EndedReason != "logged out" || v.Accounts[2].State != "none" || v.Accounts[2].ExpiresAt != nil {
		t.Errorf("all: %s", got.body)
	}
	kitetest.NoSecretIn(t, "the list", got.body, "accessaccount1s", "requestaccount1s", sandboxSecret)
	v = listed{}
	got = b.get("/v1/accounts", some)
	got.into(t, &v)
	if len(v.Accounts) != 1 || v.Accounts[0].Name != "Account 2" || v.Accounts[0].MayTrade {
		t.Errorf("some: %s", got.body)
	}
}

func TestSession_is_handed_out(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	one, two := b.account(1), b.account(2)
	s := b.session(one, "s")
	b.session(two, "s")
	_, token := b.client("Trading bot", one)
	var v struct {
		AccessToken, APIKey, UserID, AuthorizationHeader, APIRoot string
		LoginTime, ExpiresAt                                      time.Time
		ExpiresInSeconds                                          int64
	}
	for _, name := range []string{"account-1", "Account%201", "aCCOUNT%201"} {
		got := b.get("/v1/accounts/"+name+"/session", token)
		got.into(t, &v)
		if got.status != http.StatusOK || v.AccessToken != "accessaccount1s" || v.APIKey != one.APIKey || v.UserID != one.ClientID ||
			v.AuthorizationHeader != "token "+one.APIKey+":accessaccount1s" || !v.ExpiresAt.Equal(s.ExpiresAt) || !v.LoginTime.Equal(s.LoginTime) ||
			v.ExpiresInSeconds != 72000 || v.APIRoot != b.kite.Endpoints().APIRoot {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	want := "Session handed to the client Trading bot."
	if got := b.history(kite.HistoryExport, 3); strings.Join(got, "|") != want+"|"+want+"|"+want {
		t.Errorf("history = %q", got)
	}
	absent, forbidden := b.get("/v1/accounts/nothing/session", token), b.get("/v1/accounts/account-2/session", token)
	if absent.status != http.StatusNotFound || absent.status != forbidden.status || absent.body != forbidden.body {
		t.Errorf("what it may not use is told from what isn't there:\n%d %s\n%d %s", absent.status, absent.body, forbidden.status, forbidden.body)
	}
}

func TestSession_that_is_none(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.account(1)
	two, three, four := b.account(2), b.account(3), b.account(4)
	b.end(b.session(two, "s"), kite.EndedElsewhere)
	b.session(three, "s")
	_, token := b.client("Program")
	b.sealer.Locked = true
	if got := b.get("/v1/accounts/account-3/session", token); got.status != http.StatusServiceUnavailable || got.code() != kite.ELOCKED {
		t.Errorf("locked: %d %s", got.status, got.body)
	}
	b.sealer.Locked = false
	clash := four
	clash.Name = "account-1"
	if err := b.db.Accounts(b.sealer).UpdateAccount(t.Context(), clash, kite.SecretChanges{}); err != nil {
		t.Fatal(err)
	}
	b.clock.Set(b.clock.Now().Add(24 * time.Hour))
	for path, want := range map[string]struct {
		status int
		code   string
		has    string
	}{
		"Account%201": {http.StatusConflict, kite.ENOSESSION, "no active session"},
		"account-2":   {http.StatusGone, kite.EENDED, `"reason":"ended elsewhere"`},
		"account-3":   {http.StatusGone, kite.EENDED, `"reason":"expired"`},
		"account-1":   {http.StatusConflict, kite.ECONFLICT, "slug"},
	} {
		got := b.get("/v1/accounts/"+path+"/session", token)
		if got.status != want.status || got.code() != want.code || !strings.Contains(got.body, want.has) {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
	if got := b.history(kite.HistoryExport, 0); len(got) != 0 {
		t.Errorf("history = %q", got)
	}
}

func TestLogin_on_the_desktop(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.account(1)
	_, token := b.client("Program")
	got := b.post("/v1/accounts/account-1/login", token, "")
	if got.status != http.StatusOK || !strings.Contains(got.body, `"userId":"SB0001"`) || strings.Contains(got.body, "oken") {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if got := b.get("/v1/accounts/account-1/session", token); got.status != http.StatusOK {
		t.Errorf("its session: %d %s", got.status, got.body)
	}
	got = b.post("/v1/accounts/account-1/login", token, "{}")
	if got.status != http.StatusConflict || got.code() != kite.ECONFIRM || !strings.Contains(got.body, "confirmed") {
		t.Errorf("again: %d %s", got.status, got.body)
	}
	if got = b.post("/v1/accounts/account-1/login", token, `{"confirmed":true}`); got.status != http.StatusOK {
		t.Errorf("confirmed: %d %s", got.status, got.body)
	}
	for body, status := range map[string]int{`{"confirm":true}`: 400, `[]`: 400, `{"confirmed":true} x`: 400, `{"confirmed":"yes"}`: 400} {
		if got := b.post("/v1/accounts/account-1/login", token, body); got.status != status {
			t.Errorf("%s: %d", body, got.status)
		}
	}
	if got := b.history(kite.HistoryProgram, 1); got[0] != "Program asked for a login." {
		t.Errorf("history = %q", got)
	}
}

func TestLogin_by_pasting_cannot_be_asked_for(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	a := b.account(1)
	a.LoginWay = kite.LoginByPaste
	if err := b.db.Accounts(b.sealer).UpdateAccount(t.Context(), a, kite.SecretChanges{}); err != nil {
		t.Fatal(err)
	}
	_, token := b.client("Program")
	got := b.post("/v1/accounts/account-1/login", token, "")
	if got.status != http.StatusConflict || got.code() != kite.ECONFLICT || !strings.Contains(got.body, "kitectl login") {
		t.Errorf("%d %s", got.status, got.body)
	}
}

func TestLogin_that_fails(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.account(1)
	_, token := b.client("Program")
	b.window.before = func(context.Context) error { return kite.Errorf(kite.ECANCELED, "The window was closed.") }
	if got := b.post("/v1/accounts/account-1/login", token, ""); got.status != http.StatusConflict || got.code() != kite.ECANCELED {
		t.Errorf("closed: %d %s", got.status, got.body)
	}
	b.window.before, b.window.who = nil, b.kite.Person(2)
	if got := b.post("/v1/accounts/account-1/login", token, ""); got.status != http.StatusConflict || got.code() != kite.EWRONGUSER {
		t.Errorf("another person: %d %s", got.status, got.body)
	}
	b.sealer.Locked = true
	if got := b.post("/v1/accounts/account-1/login", token, ""); got.status != http.StatusServiceUnavailable || got.code() != kite.ELOCKED {
		t.Errorf("locked: %d %s", got.status, got.body)
	}
}

func TestLogin_ends_with_the_time_and_with_the_program(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *localapi.Config) { c.Limits.Login = 100 * time.Millisecond })
	b.account(1)
	_, token := b.client("Program")
	canceled := make(chan struct{}, 1)
	b.window.before = func(ctx context.Context) error { <-ctx.Done(); canceled <- struct{}{}; return ctx.Err() }
	if got := b.post("/v1/accounts/account-1/login", token, ""); got.status != http.StatusGatewayTimeout || got.code() != kite.ETIMEOUT {
		t.Errorf("nobody logs in: %d %s", got.status, got.body)
	}
	b.mustGet(canceled, "the login goes on")
	long := newBench(t)
	long.account(1)
	_, token = long.client("Program")
	long.window.before = b.window.before
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-long.window.opened; cancel() }()
	if _, err := http.DefaultClient.Do(long.request("POST", "/v1/accounts/account-1/login", token, "").WithContext(ctx)); err == nil {
		t.Error("it answered")
	}
	b.mustGet(canceled, "the login goes on without the program")
}
