//go:build e2e

package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
	"github.com/kiteaccounts/kite-accounts/e2e/kiteapp"
)

// TestJourney goes from the empty window through a day and into the next.
func TestJourney(t *testing.T) {
	s := open(t, desktop.Options{})
	for _, part := range []struct {
		name string
		walk func(*scene)
	}{
		{"empty window", emptyWindow},
		{"login with mistakes becomes green", loginBecomesGreen},
		{"overview", overview},
		{"credentials", credentials},
		{"test connection", testConnection},
		{"refresh asks first", refreshAsks},
		{"log out and in again", logOutAndIn},
		{"restart keeps everything", restartKeeps},
		{"session expires by itself", expiresByItself},
		{"ended elsewhere", endedElsewhere},
	} {
		if !t.Run(part.name, func(t *testing.T) {
			s.t = t
			defer s.explainFailure()
			part.walk(s)
		}) {
			break
		}
	}
	s.t = t
}

func emptyWindow(s *scene) {
	s.see("All your Kite sessions in one place", nil)
	s.see(kiteapp.AddAccount, nil)
	s.picture("1-empty")
	s.trySandbox()
	s.see("No session", sandboxCard)
	s.picture("2-account")
}

func loginBecomesGreen(s *scene) {
	w := s.beginLogin(kiteapp.GetSessionToken, sandboxCard)
	window, err := w.Window()
	s.ok(err)
	if !strings.Contains(window.Title, "Sandbox "+first.UserID) || !strings.Contains(window.Title, first.UserID) {
		s.t.Errorf("title of the login window: %q", window.Title)
	}
	s.see("Waiting for you", sandboxCard)
	wrong := first
	wrong.Password = "not-the-password"
	s.ok(w.Password(wrong))
	s.ok(w.See("Invalid"))
	s.picture("3-login-wrong")
	s.ok(w.Password(first))
	s.ok(w.See("Two-factor login"))
	s.ok(w.WrongCode())
	s.ok(w.See("Invalid"))
	s.ok(w.Code(first))
	s.ok(w.See("Authorise the app"))
	s.picture("4-consent")
	s.ok(w.Consent("Authorise"))
	s.see("Active", sandboxCard)
	s.ok(s.NoHelper())
	for _, text := range []string{"tomorrow 06:00", "19 h 5", "today 10:0", kiteapp.RefreshSession, kiteapp.ManageAccount} {
		s.see(text, sandboxCard)
	}
	s.unseen(kiteapp.GetSessionToken, sandboxCard)
	s.picture("5-active")
}

// manage is the dialog of Manage Account.
var manage = dialog("Sandbox " + first.UserID)

func overview(s *scene) {
	s.press(kiteapp.ManageAccount, sandboxCard)
	for _, text := range []string{"Active", "tomorrow 06:00", first.Name, first.Email, "ZERODHA", "Kite", "Console"} {
		s.see(text, manage)
	}
	s.picture("6-overview")
}

func credentials(s *scene) {
	s.press(kiteapp.Credentials, manage)
	s.see("Authorization: token", manage)
	s.unseen(first.Password, manage)
	s.press("Reveal Password", manage)
	s.see(first.Password, manage)
	s.picture("7-credentials-revealed")
	s.press("Reveal API secret", manage)
	s.gone(desktop.Query{TextHas: first.Password, Within: manage})
	s.press("Hide API secret", manage)
	for _, language := range []string{"Python", "Go", "JavaScript"} {
		s.press(language, manage)
		s.see("market_protection", manage)
	}
}

func testConnection(s *scene) {
	s.press(kiteapp.TestConnection, manage)
	s.press("Test now", manage)
	s.see("The session works", manage)
	s.see(first.Name, manage)
	s.picture("8-test-connection")
	s.press("Close", manage)
	s.gone(*manage)
}

func refreshAsks(s *scene) {
	s.press(kiteapp.RefreshSession, sandboxCard)
	question := dialog("Replace the session?")
	s.see("still works", question)
	s.picture("9-refresh-asks")
	s.press("Keep as it is", question)
	s.gone(*question)
	if helpers := s.Helpers(); len(helpers) > 0 {
		s.t.Fatalf("a login began unasked: %v", helpers)
	}
	s.press(kiteapp.RefreshSession, sandboxCard)
	s.press("Log in anyway", question)
	w, err := s.LoginWindow()
	s.ok(err)
	s.ok(w.LogIn(first)) // the cookie of the first login is gone, the consent isn't asked twice
	s.see("Active", sandboxCard)
}

func logOutAndIn(s *scene) {
	s.press(kiteapp.ManageAccount, sandboxCard)
	s.press("Log out", manage)
	s.press("Log out", dialog("Log out?"))
	s.see("This session has ended", manage)
	s.ok(s.Escape(*manage))
	s.see("Logged out", sandboxCard)
	s.unseen(kiteapp.ManageAccount, sandboxCard)
	s.logIn(kiteapp.GetSessionToken, sandboxCard, first)
}

func restartKeeps(s *scene) {
	s.ok(s.Quit())
	s.ok(s.Start())
	s.see("Active", sandboxCard)
	s.press(kiteapp.ManageAccount, sandboxCard)
	s.press(kiteapp.Credentials, manage)
	s.press("Reveal Password", manage)
	s.see(first.Password, manage)
	s.press("Close", manage)
	s.gone(*manage)
}

func expiresByItself(s *scene) {
	s.ok(s.SetClock(at(tradingDay.Next(), 4, 30)))
	s.see("Ends soon", sandboxCard)
	s.picture("10-ends-soon")
	s.ok(s.SetClock(at(tradingDay.Next(), 6, 0).Add(-3 * time.Second)))
	s.see("Session expired", sandboxCard)
	s.gone(button(kiteapp.ManageAccount, sandboxCard))
	s.see(kiteapp.RefreshSession, sandboxCard)
	s.picture("11-expired")
}

func endedElsewhere(s *scene) {
	s.ok(s.SetClock(at(tradingDay.Next(), 10, 0)))
	s.logIn(kiteapp.RefreshSession, sandboxCard, first)
	s.ok(s.MasterLogout(first.UserID))
	s.press(kiteapp.ManageAccount, sandboxCard)
	s.press(kiteapp.TestConnection, manage)
	s.press("Test now", manage)
	s.see("Log in again", manage)
	s.press("Close", manage)
	s.gone(*manage)
	s.see("Ended elsewhere", sandboxCard)
	s.see("Log in again", sandboxCard)
	s.picture("12-ended-elsewhere")
}
