//go:build e2e

package e2e

import (
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
	"github.com/kiteaccounts/kite-accounts/e2e/kiteapp"
)

// TestPastedRedirect logs in with the user's own browser after the window
// failed, and pastes what the browser ended at.
func TestPastedRedirect(t *testing.T) {
	s := newScene(t, desktop.Options{})
	path, err := s.SystemBrowser()
	s.ok(err, s.Start(path))
	s.trySandbox()
	closeWindow(s, s.beginLogin(kiteapp.GetSessionToken, sandboxCard))
	paste := dialog("Paste the redirect URL")
	s.press("Paste the redirect URL", sandboxCard)
	s.press("Open the login", paste)
	loginURL, err := s.Opened()
	s.ok(err)
	redirect, err := s.LogInByBrowser(loginURL, first, sandbox.DefaultCallback)
	s.ok(err)
	for _, bad := range []struct{ url, says string }{
		{strings.Replace(redirect, "127.0.0.1", "127.0.0.1.evil.example", 1), "isn't this account's callback URL"},
		{strings.Replace(redirect, "state=", "state=0", 1), "doesn't belong to the login that was started here"},
	} {
		s.enter("Redirect URL", bad.url)
		s.press("Use this URL", paste)
		s.see(bad.says, paste)
	}
	s.picture("31-paste-refused")
	s.enter("Redirect URL", redirect)
	s.press("Use this URL", paste)
	s.gone(*paste)
	s.see("Active", sandboxCard)
	if n := s.sessions(); n != "1" {
		t.Errorf("%s sessions are stored", n)
	}
	if helpers := s.Helpers(); len(helpers) > 0 {
		t.Errorf("a login window is open: %v", helpers)
	}
}

// TestTwoLoginsAtOnce checks that accounts don't share a login, and that a
// second press raises the window that is there.
func TestTwoLoginsAtOnce(t *testing.T) {
	s := open(t, desktop.Options{})
	s.trySandbox()
	second := sandbox.UserNumber(2)
	s.addAccount(accountOf("Second", second))
	card := kiteapp.Card("Second")
	one := s.beginLogin(kiteapp.GetSessionToken, sandboxCard)
	s.ok(one.Password(first))
	s.press(kiteapp.GetSessionToken, card)
	two, err := s.LoginWindowOf("Second")
	s.ok(err, two.Password(second), two.See(second.UserID), one.See(first.UserID))
	s.press("Show window", sandboxCard)
	if n := len(s.Helpers()); n != 2 {
		t.Fatalf("%d login windows are open", n)
	}
	s.ok(two.Code(second), two.Consent("Authorise"))
	s.see("Active", card)
	s.ok(one.Code(first), one.Consent("Authorise"))
	s.see("Active", sandboxCard)
	s.see("Active", card)
	s.ok(s.NoHelper())
}
