//go:build e2e

package e2e

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
	"github.com/kiteaccounts/kite-accounts/e2e/kiteapp"
)

// loginFailure is one way in which a login ends without a session.
type loginFailure struct {
	name   string
	faults sandbox.Faults
	act    func(*scene, *kiteapp.LoginWindow) // what the user does; nil is a whole login
	says   []string                           // on the card
}

var loginFailures = []loginFailure{
	{name: "cancelled on Kite's page", act: cancelConsent, says: []string{"cancelled on Kite's page"}},
	{name: "window closed", act: closeWindow, says: []string{"The login window was closed before the login was done"}},
	{name: "Escape", act: pressEscape, says: []string{"The login window was closed before the login was done"}},
	{name: "cancelled on the card", act: cancelOnCard, says: []string{"The login was cancelled"}},
	{name: "helper killed", act: killHelper, says: []string{"The login window ended unexpectedly"}},
	{name: "helper hangs and is cancelled", act: cancelHungHelper, says: []string{"The login was cancelled"}},
	{name: "look-alike host", faults: sandbox.Faults{Redirect: "lookalike-host"}, says: []string{"127.0.0.1.evil.example", "callback URL"}},
	{name: "other host", faults: sandbox.Faults{Redirect: "other-host"}, says: []string{"elsewhere.example", "callback URL"}},
	{name: "other scheme", faults: sandbox.Faults{Redirect: "other-scheme"}, says: []string{"callback URL"}},
	{name: "extra path", faults: sandbox.Faults{Redirect: "extra-path"}, says: []string{"not to this account's callback URL"}},
	{name: "state missing", faults: sandbox.Faults{Redirect: "no-state"}, says: []string{"doesn't belong to the login that was started here"}},
	{name: "foreign state", faults: sandbox.Faults{Redirect: "foreign-state"}, says: []string{"doesn't belong to the login that was started here"}},
	{name: "two tokens", faults: sandbox.Faults{Redirect: "two-tokens"}, says: []string{"two request_tokens"}},
	{name: "no token", faults: sandbox.Faults{Redirect: "no-token"}, says: []string{"holds no request_token"}},
	{name: "status=error", faults: sandbox.Faults{Redirect: "error"}, says: []string{"Kite reported that the login failed"}},
	{name: "no status", faults: sandbox.Faults{Redirect: "no-status"}, says: []string{"doesn't say whether the login succeeded"}},
	{name: "wrong user", faults: sandbox.Faults{OtherUser: "SB0002"}, says: []string{"SB0002 logged in, but this account belongs to SB0001"}},
	{name: "other API key", faults: sandbox.Faults{OtherAPIKey: "someotherkey0001"}, says: []string{"another API key"}},
	{name: "exchange fails", faults: sandbox.Faults{API: "500", APIPath: "/session/token"}, says: []string{"unknown whether the login counted"}},
	{name: "answer of the exchange is lost", faults: sandbox.Faults{API: "drop-after", APIPath: "/session/token"}, says: []string{"answer was lost"}},
	{name: "captive portal", faults: sandbox.Faults{API: "captive", APIPath: "/session/token"}, says: []string{"network"}},
	{name: "page asks for a foreign host", faults: sandbox.Faults{Login: "foreign-resource", ResourceHost: "https://static.example.com"},
		act: closeOnceBlocked, says: []string{"static.example.com", "blocked", "Allow static.example.com"}},
}

func cancelConsent(s *scene, w *kiteapp.LoginWindow) {
	s.ok(w.Password(first), w.Code(first), w.Consent("Cancel"))
}

func closeWindow(s *scene, w *kiteapp.LoginWindow) {
	s.ok(w.See("User ID"), w.Close())
}

// closeOnceBlocked waits for the log, since the page itself never knows.
func closeOnceBlocked(s *scene, w *kiteapp.LoginWindow) {
	s.ok(desktop.Await("the blocked host in the log", 30*time.Second, func() bool { return strings.Contains(s.Log(), "static.example.com") }))
	closeWindow(s, w)
}

func pressEscape(s *scene, w *kiteapp.LoginWindow) {
	s.ok(w.See("User ID"), w.Escape())
}

func cancelOnCard(s *scene, w *kiteapp.LoginWindow) {
	s.ok(w.See("User ID"))
	s.press("Cancel", sandboxCard)
}

func killHelper(s *scene, w *kiteapp.LoginWindow) {
	s.ok(w.See("User ID"), syscall.Kill(w.PID, desktop.Kill))
}

func cancelHungHelper(s *scene, w *kiteapp.LoginWindow) {
	s.ok(w.See("User ID"), syscall.Kill(w.PID, desktop.Freeze))
	s.press("Cancel", sandboxCard)
}

// TestLoginFailures checks that each ends in its own sentence and leaves
// neither a session nor a process.
func TestLoginFailures(t *testing.T) {
	s := open(t, desktop.Options{})
	s.trySandbox()
	closeWindow(s, s.beginLogin(kiteapp.GetSessionToken, sandboxCard)) // the first login starts the sandbox
	s.press("Dismiss", sandboxCard)
	s.ok(s.NoHelper())
	for _, f := range loginFailures {
		if !t.Run(f.name, func(t *testing.T) {
			s.t = t
			defer s.explainFailure()
			s.failLogin(f)
		}) {
			break
		}
	}
	s.t = t
}

func (s *scene) failLogin(f loginFailure) {
	s.t.Helper()
	s.ok(s.Faults(f.faults))
	w := s.beginLogin(kiteapp.GetSessionToken, sandboxCard)
	if f.act != nil {
		f.act(s, w)
	} else {
		s.ok(w.LogIn(first))
	}
	for _, text := range f.says {
		s.see(text, sandboxCard)
	}
	s.ok(s.NoHelper())
	s.ok(s.Faults(sandbox.Faults{}))
	if n := s.sessions(); n != "0" {
		s.t.Errorf("%s sessions are stored", n)
	}
	s.see("Paste the redirect URL", sandboxCard)
	s.picture("30-failure-" + strings.NewReplacer(" ", "-", "'", "").Replace(f.name))
	s.press("Dismiss", sandboxCard)
	s.gone(button("Dismiss", sandboxCard))
}

func TestLoginWindowOfAKilledProgramEnds(t *testing.T) {
	s := open(t, desktop.Options{})
	s.trySandbox()
	w := s.beginLogin(kiteapp.GetSessionToken, sandboxCard)
	s.ok(w.See("User ID"), s.Process.Signal(desktop.Kill), s.NoHelper())
}

func TestTerminatedDuringLogin(t *testing.T) {
	s := open(t, desktop.Options{})
	s.trySandbox()
	w := s.beginLogin(kiteapp.GetSessionToken, sandboxCard)
	s.ok(w.See("User ID"), s.Process.Signal(desktop.Terminate))
	_, err := s.Process.Wait(30 * time.Second)
	s.ok(err, s.NoHelper())
	s.ok(s.Start())
	s.see("No session", sandboxCard)
	if check := s.sql("PRAGMA integrity_check"); check != "ok" {
		t.Errorf("database after the signal: %s", check)
	}
}
