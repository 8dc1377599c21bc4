package sessions_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/kiteconnect"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox/sandboxtest"
	"github.com/kiteaccounts/kite-accounts/backend/sessions"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

// bench is the use case over a real database and a simulated Kite at which
// the account's user has just logged in.
type bench struct {
	*sessions.Service
	t      *testing.T
	kite   *sandboxtest.Kite
	clock  *kitetest.Clock
	events *kitetest.Events
	sealer *kitetest.Sealer
	a      kite.Account
	token  kite.Secret
}

type endpoints struct{ k *sandboxtest.Kite }

func (e endpoints) Endpoints(context.Context, kite.Account) (kite.Endpoints, error) {
	return e.k.Endpoints(), nil
}

func newBench(t *testing.T, clock *kitetest.Clock) *bench {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	k, sealer, events := sandboxtest.Start(t, sandbox.Config{Clock: clock}), &kitetest.Sealer{}, &kitetest.Events{}
	client := kiteconnect.New()
	client.Backoff = time.Millisecond
	b := &bench{t: t, kite: k, clock: clock, events: events, sealer: sealer, a: kitetest.SandboxAccount("one"), Service: &sessions.Service{
		Accounts: db.Accounts(sealer), Sessions: db.Sessions(sealer), History: db.History(), Endpoints: endpoints{k}, Broker: client,
		Clock: clock, Events: events, Log: slog.New(slog.DiscardHandler),
	}}
	b.a.ClientID, b.a.APIKey = sandbox.UserNumber(1).UserID, sandbox.SharedApp
	if err := b.Accounts.CreateAccount(t.Context(), b.a, kite.SecretChanges{}); err != nil {
		t.Fatal(err)
	}
	b.logIn()
	return b
}

func (b *bench) logIn() {
	b.t.Helper()
	g := b.grant(b.a, 1)
	b.token = g.Tokens.Access
	if err := b.Sessions.SaveSession(b.t.Context(), kitetest.Session("s1", b.a, g.LoginTime), g.Tokens); err != nil {
		b.t.Fatal(err)
	}
}

// grant logs the n-th simulated user in for the account.
func (b *bench) grant(a kite.Account, n int) kite.Grant {
	b.t.Helper()
	app := kite.App{Endpoints: b.kite.Endpoints(), APIKey: a.APIKey}
	u, err := b.Broker.LoginURL(app, "state")
	if err != nil {
		b.t.Fatal(err)
	}
	redirect, err := b.kite.Person(n).LogIn(u)
	if err != nil {
		b.t.Fatal(err)
	}
	r, err := kite.ParseRedirect(redirect, sandbox.DefaultCallback, "state")
	if err != nil {
		b.t.Fatal(err)
	}
	g, err := b.Broker.Exchange(b.t.Context(), app, r.RequestToken, kite.NewSecret(sandbox.APISecret(app.APIKey)))
	if err != nil {
		b.t.Fatal(err)
	}
	return g
}

func (b *bench) latest() kite.Session {
	b.t.Helper()
	s, err := b.Sessions.LatestSession(b.t.Context(), b.a.ID)
	if err != nil {
		b.t.Fatal(err)
	}
	return *s
}

func morning() *kitetest.Clock { return kitetest.ISTClock(2026, 11, 23, 10, 0) }

func TestTest_shows_the_profile(t *testing.T) {
	b := newBench(t, morning())
	b.clock.Advance(time.Minute)
	test, err := b.Test(t.Context(), b.a.ID)
	if err != nil || test.Err != nil || test.Profile.UserID != "SB0001" || test.Took <= 0 {
		t.Errorf("Test = %+v, %v", test, err)
	}
	if s := b.latest(); !s.VerifiedAt.Equal(b.clock.Now()) {
		t.Errorf("verified at %v", s.VerifiedAt)
	}
}

func TestOnlyTokenException_ends_a_session(t *testing.T) {
	for _, fault := range []string{"429", "500", "502", "503", "html", "captive", "garbage", "empty", "drop", "permission", "redirect"} {
		b := newBench(t, morning())
		b.kite.SetFaults(sandbox.Faults{API: fault})
		test, err := b.Test(t.Context(), b.a.ID)
		if err != nil || test.Err == nil || test.Err.Hint == "" {
			t.Errorf("%s: %+v, %v", fault, test, err)
		}
		if s := b.latest(); s.Status != kite.Active {
			t.Errorf("%s ended the session: %+v", fault, s)
		}
		if c, ok := b.LastCheck(b.a.ID, "s1"); !ok || c.Err == nil {
			t.Errorf("%s: last check = %+v", fault, c)
		}
	}
	b := newBench(t, morning())
	b.kite.EndTokensOf(b.a.ClientID)
	if test, err := b.Test(t.Context(), b.a.ID); err != nil || kite.ErrorCode(test.Err) != kite.ETOKEN {
		t.Errorf("Test = %+v, %v", test, err)
	}
	if s := b.latest(); s.EndedReason != kite.EndedElsewhere {
		t.Errorf("session = %+v", s)
	}
	if _, err := b.AccessToken(t.Context(), b.a.ID); kite.ErrorCode(err) != kite.EENDED {
		t.Errorf("the token is still offered: %v", err)
	}
	b.events.WaitFor(t, kite.Event{Type: kite.SessionChanged, AccountID: b.a.ID})
	if c, ok := b.LastCheck(b.a.ID, "the next session"); ok {
		t.Errorf("a new session begins with the check of the one before: %+v", c)
	}
}

func TestLogOut(t *testing.T) {
	t.Run("ends the token at Kite", func(t *testing.T) {
		b := newBench(t, morning())
		if err := b.LogOut(t.Context(), b.a.ID, false); err != nil {
			t.Fatal(err)
		}
		if s := b.latest(); s.EndedReason != kite.EndedLoggedOut || b.kite.LivingTokens() != 0 {
			t.Errorf("session = %+v, %d tokens live", s, b.kite.LivingTokens())
		}
	})
	t.Run("asks when Kite can't be told", func(t *testing.T) {
		b := newBench(t, morning())
		b.kite.SetFaults(sandbox.Faults{API: "drop"})
		if err := b.LogOut(t.Context(), b.a.ID, false); kite.ErrorCode(err) != kite.EOFFLINE {
			t.Errorf("LogOut = %v", err)
		}
		if s := b.latest(); s.Status != kite.Active {
			t.Errorf("session = %+v", s)
		}
		if err := b.LogOut(t.Context(), b.a.ID, true); err != nil {
			t.Errorf("LogOut anyway = %v", err)
		}
		if s := b.latest(); s.EndedReason != kite.EndedLoggedOut {
			t.Errorf("session = %+v", s)
		}
	})
	t.Run("of a token that is dead already", func(t *testing.T) {
		b := newBench(t, morning())
		b.kite.EndTokensOf(b.a.ClientID)
		if err := b.LogOut(t.Context(), b.a.ID, false); err != nil {
			t.Errorf("LogOut = %v", err)
		}
	})
}

func TestCredentials_mask_the_token_and_examples_are_right(t *testing.T) {
	b := newBench(t, morning())
	c, err := b.Credentials(t.Context(), b.a.ID)
	if err != nil || len(c.Examples) != 4 {
		t.Fatalf("Credentials = %+v, %v", c, err)
	}
	if c.AuthorizationHeader != "Authorization: token "+b.a.APIKey+":"+kite.Mask {
		t.Errorf("header = %q", c.AuthorizationHeader)
	}
	for _, e := range c.Examples {
		kitetest.NoSecretIn(t, e.ID, e.Code, b.token.Reveal())
		for _, needed := range []string{"X-Kite-Version", "token " + b.a.APIKey + ":" + kite.Mask, "/orders/regular", "market_protection", b.kite.URL} {
			if !strings.Contains(e.Code, needed) {
				t.Errorf("%s lacks %q", e.ID, needed)
			}
		}
		whole, err := b.ExampleWithToken(t.Context(), b.a.ID, e.ID)
		if err != nil || !strings.Contains(whole.Reveal(), b.a.APIKey+":"+b.token.Reveal()) {
			t.Errorf("%s with the token: %v", e.ID, err)
		}
	}
	if _, err := b.ExampleWithToken(t.Context(), b.a.ID, "cobol"); kite.ErrorCode(err) != kite.ENOTFOUND {
		t.Errorf("unknown example: %v", err)
	}
}
