package localapi_test

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/localapi"
)

// aside is what Versions says once the database was set aside.
type aside struct{}

func (aside) Version(context.Context) (int64, error) {
	return 0, kite.Errorf(kite.ECONFLICT, "The database was set aside.").WithHint("Start again.")
}

func TestP4_nobody_is_served_from_a_database_that_was_set_aside(t *testing.T) {
	var auth *localapi.Authenticator
	b := newBench(t, func(c *localapi.Config) { auth = c.Auth })
	b.session(b.account(1), "s")
	_, token := b.client("Program")
	if got := b.get("/v1/accounts/account-1/session", token); got.status != http.StatusOK {
		t.Fatalf("at first: %d", got.status)
	}
	auth.Versions = aside{}
	if got := b.get("/v1/accounts/account-1/session", token); got.status != http.StatusServiceUnavailable || got.code() != kite.ECONFLICT || !strings.Contains(got.body, "Start again.") {
		t.Errorf("after that: %d %s", got.status, got.body)
	}
}

// asking counts how often Versions is asked, by the gateway too, which asks
// once for what it keeps.
type asking struct {
	localapi.Versions
	count atomic.Int64
}

func (a *asking) Version(ctx context.Context) (int64, error) {
	a.count.Add(1)
	return a.Versions.Version(ctx)
}

type askingGateway struct {
	t    *testing.T
	auth *localapi.Authenticator
	more int
}

func (g *askingGateway) ServeHTTP(_ http.ResponseWriter, r *http.Request, _ kite.APIClient, _ kite.Account, _ string) {
	for range 1 + g.more {
		if _, err := g.auth.Version(r.Context()); err != nil {
			g.t.Error(err)
		}
	}
}

func TestVersion_is_asked_once_for_a_request(t *testing.T) {
	g, versions := &askingGateway{t: t}, &asking{}
	b := newBench(t, func(c *localapi.Config) {
		versions.Versions, g.auth, c.Gateway = c.Auth.Versions, c.Auth, g
		c.Auth.Versions = versions
	})
	b.account(1)
	_, token := b.client("Program")
	ask := func() int64 {
		t.Helper()
		before := versions.count.Load()
		if got := b.get("/kite/account-1/user/profile", token); got.status != http.StatusOK {
			t.Fatalf("%d", got.status)
		}
		return versions.count.Load() - before
	}
	ask()
	if n := ask(); n != 1 {
		t.Errorf("asked %d times", n)
	}
	g.more = 2
	if n := ask(); n != 3 { // the gateway wants to know what has changed meanwhile
		t.Errorf("asked %d times where it was asked again", n)
	}
}
