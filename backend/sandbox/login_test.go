package sandbox_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/kiteconnect"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox/sandboxtest"
)

const state = "5f2d8c0a"

func loginURL(t *testing.T, k *sandboxtest.Kite, apiKey string) string {
	t.Helper()
	u, err := kiteconnect.New().LoginURL(kite.App{Endpoints: k.Endpoints(), APIKey: apiKey}, state)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestLogin_redirects_like_kite(t *testing.T) {
	k := sandboxtest.Start(t, sandbox.Config{})
	redirect, err := k.Person(1).LogIn(loginURL(t, k, sandbox.SharedApp))
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(redirect)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	if !strings.HasPrefix(redirect, sandbox.DefaultCallback+"?") || q.Get("status") != "success" || q.Get("action") != "login" ||
		q.Get("type") != "login" || q.Get("state") != state || len(q.Get("request_token")) != 32 {
		t.Errorf("redirect = %s", redirect)
	}
	if _, err := kite.ParseRedirect(redirect, sandbox.DefaultCallback, state); err != nil {
		t.Errorf("ParseRedirect: %v", err)
	}
}

func TestLogin_shows_what_was_wrong(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*sandboxtest.Person)
		says  string
	}{
		"password": {func(p *sandboxtest.Person) { p.Password = "wrong" }, "Invalid username or password."},
		"totp":     {func(p *sandboxtest.Person) { p.TOTP = "000000" }, "Invalid TOTP."},
	} {
		t.Run(name, func(t *testing.T) {
			k := sandboxtest.Start(t, sandbox.Config{})
			p := k.Person(1)
			c.spoil(p)
			_, err := p.LogIn(loginURL(t, k, sandbox.SharedApp))
			if !errors.Is(err, sandboxtest.ErrPage) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("err = %v, want %q", err, c.says)
			}
		})
	}
}

func TestLogin_declined_consent_comes_back_as_cancelled(t *testing.T) {
	k := sandboxtest.Start(t, sandbox.Config{})
	p := k.Person(1)
	p.Declines = true
	redirect, err := p.LogIn(loginURL(t, k, sandbox.SharedApp))
	if err != nil || !strings.HasSuffix(redirect, "?status=cancelled") {
		t.Errorf("redirect = %q, %v", redirect, err)
	}
}

func TestLogin_refuses_a_user_who_is_not_enabled_without_redirect(t *testing.T) {
	k := sandboxtest.Start(t, sandbox.Config{})
	_, err := k.Person(2).LogIn(loginURL(t, k, sandbox.PrivateApp))
	if !errors.Is(err, sandboxtest.ErrPage) || !strings.Contains(err.Error(), "The user is not enabled for the app.") {
		t.Errorf("err = %v", err)
	}
}

func TestLogin_continues_silently_in_the_same_browser(t *testing.T) {
	k := sandboxtest.Start(t, sandbox.Config{})
	p := k.Person(1)
	if _, err := p.LogIn(loginURL(t, k, sandbox.SharedApp)); err != nil {
		t.Fatal(err)
	}
	p.Password, p.TOTP = "not asked", "not asked"
	redirect, err := p.LogIn(loginURL(t, k, sandbox.SharedApp))
	if err != nil || !strings.Contains(redirect, "request_token=") {
		t.Errorf("redirect = %q, %v", redirect, err)
	}
}

func TestLogin_totp_follows_the_clock(t *testing.T) {
	clock := kitetest.ISTClock(2026, 11, 23, 10, 0)
	k := sandboxtest.Start(t, sandbox.Config{Clock: clock})
	if _, err := k.Person(1).LogIn(loginURL(t, k, sandbox.SharedApp)); err != nil {
		t.Error(err)
	}
}
