package sandbox_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/kiteconnect"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox/sandboxtest"
)

type fixture struct {
	*sandboxtest.Kite
	client *kiteconnect.Client
	clock  *kitetest.Clock
	app    kite.App
}

func start(t *testing.T, c sandbox.Config) fixture {
	t.Helper()
	clock := kitetest.ISTClock(2026, 11, 23, 10, 0)
	c.Clock = clock
	k := sandboxtest.Start(t, c)
	return fixture{k, kiteconnect.New(), clock, kite.App{Endpoints: k.Endpoints(), APIKey: sandbox.SharedApp}}
}

func (f fixture) requestToken(t *testing.T, person int) kite.Secret {
	t.Helper()
	u, err := f.client.LoginURL(f.app, state)
	if err != nil {
		t.Fatal(err)
	}
	redirect, err := f.Person(person).LogIn(u)
	if err != nil {
		t.Fatal(err)
	}
	r, err := kite.ParseRedirect(redirect, sandbox.DefaultCallback, state)
	if err != nil {
		t.Fatal(err)
	}
	return r.RequestToken
}

func (f fixture) exchange(t *testing.T, token kite.Secret) (kite.Grant, error) {
	t.Helper()
	return f.client.Exchange(t.Context(), f.app, token, kite.NewSecret(sandbox.APISecret(f.app.APIKey)))
}

func (f fixture) session(t *testing.T, person int) kite.Grant {
	t.Helper()
	g, err := f.exchange(t, f.requestToken(t, person))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func (f fixture) profileCode(t *testing.T, g kite.Grant) string {
	t.Helper()
	_, err := f.client.Profile(t.Context(), f.app, g.Tokens.Access)
	return kite.ErrorCode(err)
}

func TestExchange_gives_a_token_that_works(t *testing.T) {
	f := start(t, sandbox.Config{})
	g := f.session(t, 1)
	if g.UserID != "SB0001" || g.APIKey != sandbox.SharedApp || !g.LoginTime.Equal(f.clock.Now()) || g.Tokens.Access.Empty() || g.Tokens.Public.Empty() {
		t.Errorf("grant = %+v", g)
	}
	p, err := f.client.Profile(t.Context(), f.app, g.Tokens.Access)
	if err != nil || p.UserID != "SB0001" || p.UserName == "" {
		t.Errorf("profile = %+v, %v", p, err)
	}
}

func TestExchange_refuses(t *testing.T) {
	t.Run("the same request_token twice", func(t *testing.T) {
		f := start(t, sandbox.Config{})
		token := f.requestToken(t, 1)
		if _, err := f.exchange(t, token); err != nil {
			t.Fatal(err)
		}
		if _, err := f.exchange(t, token); kite.ErrorCode(err) != kite.EBROKER {
			t.Errorf("second exchange: %v", err)
		}
	})
	t.Run("a request_token after its time", func(t *testing.T) {
		f := start(t, sandbox.Config{})
		token := f.requestToken(t, 1)
		f.clock.Advance(3 * time.Minute)
		if _, err := f.exchange(t, token); kite.ErrorCode(err) != kite.EBROKER {
			t.Errorf("late exchange: %v", err)
		}
	})
	t.Run("a wrong API secret", func(t *testing.T) {
		f := start(t, sandbox.Config{})
		_, err := f.client.Exchange(t.Context(), f.app, f.requestToken(t, 1), kite.NewSecret("wrong"))
		if e := kite.AsError(err); e.Code != kite.EINVALID || e.Field != "apiSecret" {
			t.Errorf("exchange: %v", err)
		}
	})
}

func TestToken_dies(t *testing.T) {
	for name, end := range map[string]func(*testing.T, fixture, kite.Grant){
		"at the cut-off": func(_ *testing.T, f fixture, _ kite.Grant) { f.clock.Set(kite.NextCutoff(f.clock.Now())) },
		"on a new login": func(t *testing.T, f fixture, _ kite.Grant) { f.session(t, 1) },
		"on invalidation": func(t *testing.T, f fixture, g kite.Grant) {
			if err := f.client.Invalidate(t.Context(), f.app, g.Tokens.Access); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := start(t, sandbox.Config{})
			g := f.session(t, 1)
			end(t, f, g)
			if code := f.profileCode(t, g); code != kite.ETOKEN {
				t.Errorf("profile: %q, want ETOKEN", code)
			}
		})
	}
}

func TestToken_of_another_user_lives_on(t *testing.T) {
	f := start(t, sandbox.Config{})
	g := f.session(t, 1)
	f.session(t, 2)
	if code := f.profileCode(t, g); code != "" {
		t.Errorf("profile: %q", code)
	}
}

func TestLifetime_can_be_shorter(t *testing.T) {
	f := start(t, sandbox.Config{Lifetime: time.Minute})
	g := f.session(t, 1)
	f.clock.Advance(59 * time.Second)
	if code := f.profileCode(t, g); code != "" {
		t.Errorf("before its end: %q", code)
	}
	f.clock.Advance(time.Second)
	if code := f.profileCode(t, g); code != kite.ETOKEN {
		t.Errorf("at its end: %q", code)
	}
}

func TestRestart_ends_no_session(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.json")
	before := start(t, sandbox.Config{StatePath: path})
	g := before.session(t, 1)
	after := start(t, sandbox.Config{StatePath: path})
	if code := after.profileCode(t, g); code != "" {
		t.Errorf("profile after a restart: %q", code)
	}
}

func TestFaults_mean_what_they_say(t *testing.T) {
	for fault, want := range map[string]string{
		"429": kite.ERATELIMIT, "500": kite.EBROKER, "502": kite.EBROKER, "503": kite.EBROKER, "html": kite.EBROKER,
		"captive": kite.EOFFLINE, "garbage": kite.EBROKER, "empty": kite.EBROKER, "drop": kite.EOFFLINE, "drop-after": kite.EOFFLINE,
		"endless": kite.EBROKER, "redirect": kite.EOFFLINE, "permission": kite.EDENIED,
	} {
		t.Run(fault, func(t *testing.T) {
			f := start(t, sandbox.Config{})
			f.client.Backoff = time.Millisecond
			g := f.session(t, 1)
			f.SetFaults(sandbox.Faults{API: fault})
			if code := f.profileCode(t, g); code != want {
				t.Errorf("profile: %q, want %q", code, want)
			}
			f.SetFaults(sandbox.Faults{})
			if code := f.profileCode(t, g); code != "" {
				t.Errorf("the session ended: %q", code)
			}
		})
	}
}
