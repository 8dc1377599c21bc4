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

func TestSessionsThatEndTogetherAreOneNotice(t *testing.T) {
	s, d := newDay(t, withTray, "Personal", "Family", `<b>HUF</b> & "Co"`)
	s.prefer(loud)
	s.plantUntilCutOff(d, 3)
	s.agent()
	s.ok(s.SetClock(at(d.Next(), 4, 0)))
	n := s.notice("3 sessions end at 06:00")
	s.ok(s.AwaitStill())
	s.picture("74-notice-three-end")
	for _, name := range []string{"Personal", "Family", `<b>HUF</b> & "Co"`} {
		if !strings.Contains(n.Title+n.Body, name) {
			t.Errorf("%q isn't named in %q, %q", name, n.Title, n.Body)
		}
	}
	if !slices.Equal(n.Buttons, []string{"Log in all", "Later"}) {
		t.Errorf("its buttons: %q", n.Buttons)
	}
	s.saysNoMore()
	s.ok(s.SetClock(at(d.Next(), 5, 30)))
	s.ok(desktop.Await("the second reminder", 30*time.Second, func() bool { return len(s.Told()) == 2 }))
	if told := s.Told(); told[1].Replaces != told[0].ID {
		t.Errorf("the later reminder doesn't take the earlier one's place: %+v", told)
	}
	s.saysNoMore()
}

func TestQuietHoursAreQuiet(t *testing.T) {
	s, d := newDay(t, withTray, "Personal", "Family")
	s.plantUntilCutOff(d, 2)
	s.agent()
	s.menuHas("All 2 ready")
	for _, hour := range []int{4, 5, 6} {
		s.ok(s.SetClock(at(d.Next(), hour, 1)))
		s.saysNoMore()
	}
	if told := s.Told(); len(told) > 0 {
		t.Errorf("in quiet hours was sent: %+v", told)
	}
}

// TestNoticeLogsIn: the notice is on the screen, and its button logs in.
func TestNoticeLogsIn(t *testing.T) {
	s, d := newDay(t, withTray)
	s.prefer(loud)
	s.ok(s.Start())
	s.trySandbox()
	s.logIn(kiteapp.GetSessionToken, sandboxCard, first)
	s.ok(s.CloseMain(kiteapp.KeepRunning))
	s.ok(s.SetClock(at(d.Next(), 8, 15)))
	s.notice("session ended at 06:00")
	s.ok(s.AwaitStill())
	s.picture("75-notice-ended")
	s.ok(s.AnswerNotice("session ended at 06:00", "Log in again"))
	s.ok(s.AwaitWindow())
	w, err := s.LoginWindowOf("Sandbox " + first.UserID)
	s.ok(err, w.LogIn(first))
	s.see("Active", sandboxCard)
	s.ok(s.Quit())
}

func TestClickOnANoticeShowsTheAccount(t *testing.T) {
	s, d := newDay(t, withTray, "Personal")
	s.prefer(loud)
	s.plantUntilCutOff(d, 1)
	s.agent()
	s.ok(s.SetClock(at(d.Next(), 4, 0)))
	s.ok(s.ClickNotice("Personal: session ends at 06:00"), s.AwaitWindow())
	s.ok(anyError(s.Await(shownAccount("Personal"))))
}

// shownAccount is the card that was asked for.
func shownAccount(name string) desktop.Query {
	return desktop.Query{Roles: []string{"article"}, Name: name, State: desktop.Focused}
}

func TestLaterComesAgain(t *testing.T) {
	s, d := newDay(t, withTray, "Personal")
	s.prefer(func(p *kite.Preferences) { loud(p); p.LeadMinutes = []int{120} })
	s.plantUntilCutOff(d, 1)
	s.agent()
	const title = "Personal: session ends at 06:00"
	s.ok(s.SetClock(at(d.Next(), 4, 0)), s.AnswerNotice(title, "Later"), s.AwaitNoNotice(title))
	s.saysNoMore()
	s.ok(desktop.Await("the thing to be told again", 30*time.Second, func() bool {
		return s.sql("SELECT count(*) FROM said WHERE again IS NOT NULL") == "1"
	}))
	s.ok(s.SetClock(at(d.Next(), 4, 16)))
	s.notice(title)
	s.awaitTold(title, title)
}

func TestKilledAgentSaysNothingTwice(t *testing.T) {
	s, d := newDay(t, withTray, "Personal")
	s.prefer(loud)
	s.plantUntilCutOff(d, 1)
	s.agent()
	s.ok(s.SetClock(at(d.Next(), 4, 0)))
	s.notice("Personal: session ends at 06:00")
	s.remembered()
	s.ok(s.KillAgent())
	s.agent()
	s.saysNoMore()
	// What becomes due while no agent runs isn't missed, and its notice takes
	// the place of the one on the screen.
	s.ok(s.KillAgent(), s.SetClock(at(d.Next(), 5, 30)))
	s.agent()
	s.ok(desktop.Await("the second reminder", 30*time.Second, func() bool { return len(s.Told()) == 2 }))
	s.ok(s.AnswerNotice("Personal: session ends at 06:00", "Later"))
	s.saysNoMore()
}

// remembered waits until the notice that is shown is noted as told: a process
// that dies before that tells it again.
func (s *scene) remembered() {
	s.t.Helper()
	s.ok(desktop.Await("what was told to be noted", 30*time.Second, func() bool {
		return s.sql("SELECT count(*) FROM shown_notices") == "1"
	}))
}

func TestMorningReminder(t *testing.T) {
	s, d := newDay(t, withTray, "Personal", "Family", "HUF")
	s.prefer(func(p *kite.Preferences) { p.LeftOut = []string{accountID(2)} })
	s.plantSession(3, at(d, 8, 10), at(d.Next(), 6, 0))
	s.ok(s.SetClock(at(d, 8, 20)))
	s.agent()
	s.menuHas("1 of 2 ready")
	s.saysNoMore()
	s.ok(s.SetClock(at(d, 8, 30)))
	n := s.notice("Personal has no session for today")
	s.ok(s.AwaitStill())
	s.picture("76-notice-morning")
	if !strings.Contains(n.Body, "09:15") {
		t.Errorf("it says %q", n.Body)
	}
	s.awaitTold("Personal has no session for today")
	s.saysNoMore()
}

func TestNoMorningReminderOnAHoliday(t *testing.T) {
	s, d := newDay(t, withTray, "Personal")
	s.prefer(func(p *kite.Preferences) { p.HolidaysAdded = []kite.NamedDay{{Date: d, Name: "Trial"}} })
	s.ok(s.SetClock(at(d, 8, 20)))
	s.agent()
	s.ok(s.SetClock(at(d, 8, 31)))
	s.menuHas("No account is ready")
	s.saysNoMore()
}

// TestNewLoginWithdrawsTheNotice: what no longer holds leaves the screen.
func TestNewLoginWithdrawsTheNotice(t *testing.T) {
	s, d := newDay(t, desktop.Options{Panel: true, Notifications: desktop.NotificationsDunst})
	s.prefer(loud)
	s.ok(s.Start())
	s.trySandbox()
	s.logIn(kiteapp.GetSessionToken, sandboxCard, first)
	s.ok(s.SetClock(at(d.Next(), 8, 15)))
	shown := func(want int) bool { n, err := s.DunstShown(); return err == nil && n == want }
	s.ok(desktop.Await("the notice", 30*time.Second, func() bool { return shown(1) }))
	s.see("Session expired", sandboxCard)
	s.logIn(kiteapp.RefreshSession, sandboxCard, first)
	s.ok(desktop.Await("the notice to go", 30*time.Second, func() bool { return shown(0) }))
	s.ok(s.Quit())
}

// TestNoNotificationService: the window says so and tells in its place, and
// everything carries on (N1).
func TestNoNotificationService(t *testing.T) {
	s, d := newDay(t, desktop.Options{Panel: true})
	s.prefer(loud)
	s.ok(s.Start())
	s.trySandbox()
	s.see("Notices can’t be shown on this desktop", nil)
	s.picture("77-no-notifications")
	s.logIn(kiteapp.GetSessionToken, sandboxCard, first)
	s.ok(s.SetClock(at(d.Next(), 4, 0)))
	s.see("Sandbox "+first.UserID+": session ends at 06:00", nil)
	s.ok(s.AwaitStill())
	s.picture("88-told-in-the-window")
	s.ok(s.Quit())
}

// TestNotificationServiceHangs: nothing waits for it (N2).
func TestNotificationServiceHangs(t *testing.T) {
	s, d := newDay(t, withTray, "Personal")
	s.prefer(loud)
	s.plantUntilCutOff(d, 1)
	s.agent()
	s.menuHas("Ready, until 06:00 tomorrow")
	s.ok(s.FreezeNotifications(), s.SetClock(at(d.Next(), 4, 0)))
	s.menuHas("ends in 1 h 55 min") // the menu goes on
	s.keepsTrue("the agent answers", 3*time.Second, s.AgentAnswers)
	s.ok(s.ThawNotifications())
	s.notice("Personal: session ends at 06:00")
}

// TestNotificationServiceDies: what it couldn't take is told when it is back.
func TestNotificationServiceDies(t *testing.T) {
	s, d := newDay(t, withTray, "Personal")
	s.prefer(loud)
	s.plantUntilCutOff(d, 1)
	s.agent()
	s.menuHas("Ready, until 06:00 tomorrow")
	s.ok(s.StopNotifications(), s.SetClock(at(d.Next(), 4, 0)))
	s.menuHas("ends in 1 h 55 min")
	s.ok(s.StartNotifications())
	s.notice("Personal: session ends at 06:00")
}

// TestAnotherTimeZone: the user's clock and India's are both told, at once
// after the journey.
func TestAnotherTimeZone(t *testing.T) {
	s, d := newDay(t, withTray, "Personal")
	s.prefer(loud)
	s.plantUntilCutOff(d, 1)
	s.agent()
	s.menuHas("Ready, until 06:00 tomorrow")
	s.ok(s.SetZone("America/New_York"))
	s.menuHas("(06:00 IST)")
	s.ok(s.SetClock(at(d.Next(), 4, 0)))
	s.notice("(06:00 IST)")
}
