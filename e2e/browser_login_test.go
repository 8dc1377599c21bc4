//go:build e2e

package e2e

import (
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

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

// TestLoginInTheUsersBrowser: an account that logs in in the user's own browser
// gets its answer back by itself, and only the one that is its own.
func TestLoginInTheUsersBrowser(t *testing.T) {
	s := newScene(t, desktop.Options{})
	s.keepPort(sandbox.DefaultCallback)
	path, err := s.SystemBrowser()
	s.ok(err, s.Start(path))
	s.trySandbox()
	s.chooseWay("My browser")

	s.press(kiteapp.GetSessionToken, sandboxCard)
	loginURL, err := s.Opened()
	s.ok(err)
	s.see("Waiting for your browser", sandboxCard)
	s.picture("32-browser-waits")
	redirect, err := s.LogInByBrowser(loginURL, first, sandbox.DefaultCallback)
	s.ok(err)
	forged := strings.Replace(redirect, "state=", "state=0", 1)
	if status, page := s.visit(forged); status != http.StatusBadRequest || !strings.Contains(page, "belong to the login that was started here") {
		t.Errorf("a forged answer: %d %s", status, page)
	}
	s.see("Waiting for your browser", sandboxCard)
	if status, page := s.visit(redirect); status != http.StatusOK || !strings.Contains(page, "Kite Accounts has the login") {
		t.Errorf("the answer: %d %s", status, page)
	}
	s.see("Active", sandboxCard)
	if n := s.sessions(); n != "1" {
		t.Errorf("%s sessions are stored", n)
	}

	// Another login is cancelled, and the port is free again.
	s.press(kiteapp.RefreshSession, sandboxCard)
	s.press("Log in anyway", nil)
	_, err = s.Opened()
	s.ok(err)
	s.see("Waiting for your browser", sandboxCard)
	s.press("Cancel", sandboxCard)
	s.see("The login was cancelled.", sandboxCard)
	if answer, err := http.Get(sandbox.DefaultCallback); err == nil {
		_ = answer.Body.Close()
		t.Errorf("the port still answers: %s", answer.Status)
	}

	// The address can be pasted while the browser is waited for, too.
	s.press("Dismiss", sandboxCard)
	s.press(kiteapp.RefreshSession, sandboxCard)
	s.press("Log in anyway", nil)
	loginURL, err = s.Opened()
	s.ok(err)
	s.press("Paste URL…", sandboxCard)
	redirect, err = s.LogInByBrowser(loginURL, first, sandbox.DefaultCallback)
	s.ok(err)
	paste := dialog("Paste the redirect URL")
	s.enter("Redirect URL", redirect)
	s.picture("33-paste-while-browser-waits")
	s.press("Use this URL", paste)
	s.gone(*paste)
	s.see("Active", sandboxCard)
	if n := s.sessions(); n != "2" {
		t.Errorf("%s sessions are stored", n)
	}
	if helpers := s.Helpers(); len(helpers) > 0 {
		t.Errorf("a login window is open: %v", helpers)
	}
}

// keepPort keeps the address's port for who listens at it. Any connection of the
// computer may have it else, and for a minute longer: tcp(7) and ip(7).
func (s *scene) keepPort(address string) {
	s.t.Helper()
	u, err := url.Parse(address)
	s.ok(err)
	port, err := strconv.Atoi(u.Port())
	s.ok(err)
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	s.ok(err)
	s.t.Cleanup(func() { _ = syscall.Close(socket) })
	s.ok(syscall.SetsockoptInt(socket, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1))
	s.ok(desktop.Await("the port of "+address, 2*time.Minute, func() bool {
		return syscall.Bind(socket, &syscall.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}}) == nil
	}))
}

// chooseWay sets the sandbox account's way to log in.
func (s *scene) chooseWay(way string) {
	s.t.Helper()
	s.menu("Sandbox "+first.UserID, "Edit…")
	s.ok(anyError(s.Await(*editForm)))
	s.press(way, editForm)
	s.press("Save", editForm)
	s.gone(*editForm)
}

// visit goes to an address as a browser does.
func (s *scene) visit(address string) (status int, page string) {
	s.t.Helper()
	answer, err := http.Get(address) //nolint:noctx // the listener has deadlines
	s.ok(err)
	defer answer.Body.Close() //nolint:errcheck // only read
	text, err := io.ReadAll(answer.Body)
	s.ok(err)
	return answer.StatusCode, string(text)
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
	raised, err := one.Window()
	s.ok(err, desktop.Await("the first login window in front", 30*time.Second, func() bool { return s.IsActive(raised) }))
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
