package localapi_test

import (
	"io"
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/localapi"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

// gateway notes what it was given.
type gateway struct {
	mu    sync.Mutex
	calls []string
}

func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request, client kite.APIClient, account kite.Account, path string) {
	body, _ := io.ReadAll(r.Body)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.calls = append(g.calls, client.Name+" "+account.Name+" "+r.Method+" "+path+" "+r.URL.RawQuery+" "+string(body))
	w.WriteHeader(http.StatusOK)
}

func (g *gateway) all() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.calls)
}

// inAnotherProcess changes clients without telling anybody.
func (b *bench) inAnotherProcess(f func(kite.ClientStore) error) {
	b.t.Helper()
	db, err := sqlite.Open(b.t.Context(), b.path())
	if err != nil {
		b.t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // only written
	if err := f(db.Clients()); err != nil {
		b.t.Fatal(err)
	}
}

func TestGateway_gets_what_was_asked_as_it_came(t *testing.T) {
	t.Parallel()
	asked := &gateway{}
	b := newBench(t, func(c *localapi.Config) { c.Gateway = asked })
	b.account(1)
	_, token := b.client("Bot")
	for _, c := range []struct{ method, path, auth, body, want string }{
		{"GET", "/kite/account-1/user/profile", "Bearer " + token, "", "Bot Account 1 GET /user/profile  "},
		{"GET", "/kite/Account%201/quote?i=NSE:INFY&i=A%2FB", "token anykey:" + token, "", "Bot Account 1 GET /quote i=NSE:INFY&i=A%2FB "},
		{"POST", "/kite/ACCOUNT%201/orders/regular", "Token k:" + token, "a=b", "Bot Account 1 POST /orders/regular  a=b"},
		{"DELETE", "/kite/account-1/instruments/NSE%2FBSE", "bearer " + token, "", "Bot Account 1 DELETE /instruments/NSE%2FBSE  "},
		{"GET", "/kite/account-1", "Bearer " + token, "", "Bot Account 1 GET /  "},
		{"GET", "/kite/account-1/", "Bearer " + token, "", "Bot Account 1 GET /  "},
	} {
		r := b.request(c.method, c.path, "", c.body)
		r.Header.Set("Authorization", c.auth)
		if c.body != "" {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		if got := b.do(r); got.status != http.StatusOK {
			t.Errorf("%s %s: %d %s", c.method, c.path, got.status, got.body)
			continue
		}
		if calls := asked.all(); calls[len(calls)-1] != c.want {
			t.Errorf("%s %s: %q, want %q", c.method, c.path, calls[len(calls)-1], c.want)
		}
	}
}

// A prefix that is encoded would be passed on with the path.
func TestGateway_has_one_spelling_of_its_prefix(t *testing.T) {
	t.Parallel()
	asked := &gateway{}
	b := newBench(t, func(c *localapi.Config) { c.Gateway = asked })
	b.account(1)
	_, token := b.client("Bot")
	for _, path := range []string{"/%6Bite/account-1/orders", "/%6bite/account-1", "/kit%65/account-1/", "/kite%2Faccount-1/orders"} {
		if got := b.get(path, token); got.status != http.StatusNotFound {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
	if calls := asked.all(); len(calls) != 0 {
		t.Errorf("passed on: %q", calls)
	}
}

// kiteError is what Kite's clients read of a failure, such as gokiteconnect's
// errorEnvelope, once its Content-Type says JSON.
type kiteError struct {
	Status    string `json:"status"`
	ErrorType string `json:"error_type"`
	Message   string `json:"message"`
}

// A failure of ours has Kite's fields, and a header that Kite's have not. None
// looks like the end of Kite's session.
func TestGateway_failures_have_Kites_fields(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *localapi.Config) { c.Gateway, c.Limits.KiteRate, c.Limits.KiteBurst = &gateway{}, 0.001, 4 })
	one := b.account(1)
	b.account(2)
	_, token := b.client("Bot", one)
	_, busy := b.client("Busy", one)
	for range 4 {
		b.get("/kite/account-1/user/profile", busy)
	}
	for _, c := range []struct {
		path, token, origin string
		status              int
		kind, code          string
	}{
		{"/kite/account-1/user/profile", "", "", 401, "PermissionException", "EUNAUTHORIZED"},
		{"/kite/account-1/user/profile", "ka_wrong", "", 401, "PermissionException", "EUNAUTHORIZED"},
		{"/kite/account-1/user/profile", token, "https://evil.example", 403, "PermissionException", kite.EDENIED},
		{"/kite/account-2/user/profile", token, "", 404, "InputException", kite.ENOTFOUND},
		{"/kite/nothing/user/profile", token, "", 404, "InputException", kite.ENOTFOUND},
		{"/kite/account-1/user/profile", busy, "", 429, "NetworkException", kite.ERATELIMIT},
	} {
		r := b.request("GET", c.path, c.token, "")
		if c.origin != "" {
			r.Header.Set("Origin", c.origin)
		}
		got := b.do(r)
		var v kiteError
		got.into(t, &v)
		if got.status != c.status || v.Status != "error" || v.ErrorType != c.kind || v.Message == "" || got.code() != c.code ||
			got.header.Get("X-Kite-Accounts-Error") != c.code || got.header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %d %v %s", c.path, got.status, got.header, got.body)
		}
	}
	if got := b.get("/v1/accounts", ""); got.header.Get("X-Kite-Accounts-Error") != "" {
		t.Errorf("elsewhere: %v", got.header)
	}
	absent, forbidden := b.get("/kite/nothing/user/profile", token), b.get("/kite/account-2/user/profile", token)
	if absent.body != forbidden.body {
		t.Errorf("what it may not use is told from what isn't there:\n%s\n%s", absent.body, forbidden.body)
	}
}

func TestWithout_a_gateway(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.account(1)
	_, token := b.client("Bot")
	if got := b.get("/kite/account-1/user/profile", token); got.status != http.StatusNotImplemented {
		t.Errorf("%d", got.status)
	}
	r := b.request("GET", "/v1/accounts", "", "")
	r.Header.Set("Authorization", "token any:"+token)
	if got := b.do(r); got.status != http.StatusUnauthorized {
		t.Errorf("Kite's form elsewhere: %d", got.status)
	}
}
