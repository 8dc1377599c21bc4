//go:build e2e

package e2e

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
	"github.com/kiteaccounts/kite-accounts/e2e/kiteapp"
)

var preferencesPage = dialog("Preferences")

// awaitPreferences waits until what is kept is as wanted.
func (s *scene) awaitPreferences(what string, wanted func(kite.Preferences) bool) {
	s.t.Helper()
	s.ok(desktop.Await(what, 30*time.Second, func() bool {
		return s.sql("SELECT count(*) FROM settings WHERE key = "+quoted(kite.PreferencesKey)) == "1" && wanted(s.preferences())
	}))
}

func TestPreferencesApplyAtOnceInTheWindow(t *testing.T) {
	s, d := newDay(t, withTray, "Personal", "Family")
	s.plantUntilCutOff(d, 1)
	s.ok(s.Start())
	s.press("Preferences", nil)
	s.ok(anyError(s.Await(*preferencesPage)))
	s.press("Dark", preferencesPage)
	s.awaitPreferences("dark", func(p kite.Preferences) bool { return p.Theme == "dark" })
	s.ok(s.AwaitStill())
	s.picture("81-preferences-dark")
	s.press("Remove 30 min before", preferencesPage)
	s.awaitPreferences("one reminder", func(p kite.Preferences) bool { return slices.Equal(p.LeadMinutes, []int{120}) })
	s.enter("Morning reminder at, in IST", "08:45")
	s.leave("Morning reminder at, in IST")
	s.awaitPreferences("a later morning", func(p kite.Preferences) bool { return p.MorningAt == 8*60+45 })
	s.press("Quiet hours", preferencesPage)
	s.awaitPreferences("loud nights", func(p kite.Preferences) bool { return !p.QuietHours })
	s.ok(s.Quit(), s.Start())
	s.see("Active", kiteapp.Card("Personal"))
	s.picture("87-dark")
	s.press("Preferences", nil)
	s.ok(anyError(s.Await(desktop.Query{Roles: []string{"radio button"}, Name: "Dark", State: desktop.Checked})))
	s.ok(s.Quit())
}

// TestPreferencesApplyInTheRunningAgent: a reminder whose time has come by the
// change is told at once.
func TestPreferencesApplyInTheRunningAgent(t *testing.T) {
	s, d := newDay(t, withTray, "Personal")
	s.plantUntilCutOff(d, 1)
	s.agent()
	s.menuHas("Ready, until 06:00 tomorrow")
	agent := s.AgentPID()
	s.ok(s.Start())
	s.see("Personal", kiteapp.Card("Personal"))
	s.press("Preferences", nil)
	s.ok(anyError(s.Await(*preferencesPage)))
	s.enter("How long before the end", "1205")
	s.press("Add", &desktop.Query{Roles: []string{"form"}, Has: &desktop.Query{Name: "How long before the end"}})
	s.awaitPreferences("three reminders", func(p kite.Preferences) bool { return len(p.LeadMinutes) == 3 })
	s.notice("Personal: session ends at")
	if pid := s.AgentPID(); pid != agent {
		t.Errorf("the agent was process %d and is %d", agent, pid)
	}
}

// TestNoHolidayListForTheYear: what isn't known is said where it matters.
func TestNoHolidayListForTheYear(t *testing.T) {
	const monday kite.Day = "2027-01-11"
	s, _ := newDay(t, withTray, "Personal")
	s.ok(s.SetClock(at(monday, 8, 20)), s.Start())
	s.press("Preferences", nil)
	s.see("There is no holiday list for 2027", preferencesPage)
	s.picture("86-no-holiday-list")
	s.press("Close", preferencesPage)
	s.ok(s.SetClock(at(monday, 8, 30)))
	if n := s.notice("Personal has no session for today"); !strings.Contains(n.Body, "There is no holiday list for 2027") {
		t.Errorf("the morning notice says %q", n.Body)
	}
	s.ok(s.Quit())
}

// leave goes on from an entry as the keyboard does, which is when what was typed
// counts.
func (s *scene) leave(label string) {
	s.t.Helper()
	s.keyUntil("Tab", "the entry "+label+" to be left", func() bool {
		entry, err := s.Entry(label)
		return err == nil && !entry.Is(desktop.Focused)
	})
}

// startedWithTheComputer does what a desktop does with the entry after a login:
// it runs its command, and the window then uses that agent.
func (s *scene) startedWithTheComputer(entry string) {
	s.t.Helper()
	_, command, found := strings.Cut(entry, "\nExec=")
	if !found {
		s.t.Fatalf("the entry starts nothing: %s", entry)
	}
	command, _, _ = strings.Cut(command, "\n")
	s.ok(s.Quit())
	s.ok(s.NoAgent())
	_, err := s.Run("session", nil, "sh", "-c", "exec "+command)
	s.ok(err)
	agent, err := s.AwaitAgent(0)
	s.ok(err, s.Start())
	s.see("Active", sandboxCard)
	s.press("Check all", nil) // the window and the agent have both been there for a while
	s.see("1 session works", nil)
	if pid := s.AgentPID(); pid != agent {
		s.t.Errorf("the window started another agent: %d, then %d", agent, pid)
	}
}

func TestAutostartIsOfferedOnceAndOffUntilAccepted(t *testing.T) {
	s := open(t, withTray)
	entry := func() string {
		out, err := s.Command("", "sh", "-c", "cat "+s.Path("home/.config/autostart")+"/*.desktop 2>/dev/null || true")
		s.ok(err)
		return out
	}
	s.trySandbox()
	s.unseen("Start Kite Accounts with the computer?", nil)
	s.logIn(kiteapp.GetSessionToken, sandboxCard, first)
	s.see("Start Kite Accounts with the computer?", nil)
	s.picture("82-autostart-offer")
	if text := entry(); text != "" {
		t.Errorf("it starts with the computer before anybody said so: %s", text)
	}
	s.press("Start with the computer", nil)
	s.ok(desktop.Await("the autostart entry", 30*time.Second, func() bool { return entry() != "" }))
	s.gone(desktop.Query{TextHas: "Start Kite Accounts with the computer?"})
	s.startedWithTheComputer(entry())
	s.press("Preferences", nil)
	s.press("Start with the computer, hidden", preferencesPage)
	s.ok(desktop.Await("no autostart entry", 30*time.Second, func() bool { return entry() == "" }))
	s.ok(s.Quit())
}
