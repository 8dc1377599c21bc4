package expiry_test

import (
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

func (b *bench) endElsewhere(a kite.Account) {
	b.t.Helper()
	b.ok(b.Sessions.EndSession(b.t.Context(), b.latest(a).ID, kite.EndedElsewhere, b.clock.Now()))
}

func TestSecondEndInTheSameMinute_joins_the_notice_of_the_first(t *testing.T) {
	b := newBench(t, at(11, 25, 10, 0))
	personal, family := b.account("Personal"), b.account("Family")
	b.logIn(personal, family)
	b.Look(t.Context())
	b.clock.Set(at(11, 25, 11, 0))
	b.endElsewhere(personal)
	b.Look(t.Context())
	b.clock.Advance(2 * time.Second)
	b.endElsewhere(family)
	b.Look(t.Context())
	b.mustHaveSaid("Personal: session was ended elsewhere", "2 sessions were ended elsewhere: Family, Personal")
	if on := b.titles(); on != "2 sessions were ended elsewhere: Family, Personal" {
		t.Errorf("on the screen: %s", on)
	}
	b.logIn(personal)
	b.Look(t.Context())
	if on := b.titles(); on != "Family: session was ended elsewhere" {
		t.Errorf("on the screen: %s", on)
	}
}

func TestClockADayForwardAndBack_takes_no_reminder_away(t *testing.T) {
	b := newBench(t, at(11, 25, 12, 0))
	b.account("Personal")
	b.Look(t.Context())
	b.clock.Set(at(11, 26, 12, 0))
	b.Look(t.Context())
	b.clock.Set(at(11, 25, 12, 5))
	b.until(at(11, 26, 9, 0))
	b.mustHaveSaid(
		"Personal has no session for today", // the 25th
		"Personal has no session for today", // the 26th, by the wrong clock
		"Personal has no session for today", // the 26th
	)
}

func TestLaterByAWrongClock_does_not_wait_for_it(t *testing.T) {
	b := newBench(t, at(11, 26, 12, 0))
	b.account("Personal")
	b.Look(t.Context())
	b.Answer(t.Context(), kite.NoticeAnswer{Handle: b.screen.Shown()[0].Handle, Do: kite.Request{Later: true}})
	b.clock.Set(at(11, 25, 12, 0))
	b.Look(t.Context())
	if n := len(b.screen.Shown()); n != 2 { // of the 25th
		t.Errorf("%d notices: %v", n, b.said())
	}
}

func TestEndInQuietHoursAfterTheMorningReminder_is_told_when_they_are_over(t *testing.T) {
	b := newBench(t, at(11, 25, 8, 0))
	b.prefer(func(p *kite.Preferences) { p.QuietFrom, p.QuietTo = 12*60, 14*60 })
	personal := b.account("Personal")
	b.logIn(personal)
	b.until(at(11, 25, 13, 0))
	b.endElsewhere(personal)
	b.until(at(11, 25, 13, 59))
	b.mustHaveSaid()
	b.until(at(11, 25, 14, 1))
	b.mustHaveSaid("Personal: session was ended elsewhere")
}

func TestOldNotice_does_not_come_again_in_another_form(t *testing.T) {
	b := newBench(t, at(11, 25, 10, 0))
	personal, family := b.account("Personal"), b.account("Family")
	b.prefer(func(p *kite.Preferences) { p.MorningReminder = false })
	b.logIn(personal, family)
	b.clock.Set(at(11, 25, 11, 0))
	b.endElsewhere(personal)
	b.endElsewhere(family)
	b.Look(t.Context())
	b.clock.Set(at(11, 28, 10, 0)) // the computer was off for three days
	b.logIn(personal)
	b.Look(t.Context())
	if n := len(b.screen.Shown()); n != 1 || b.titles() != "" {
		t.Errorf("said %v, on the screen %q", b.said(), b.titles())
	}
}

func TestMorningNotice_follows_who_needs_a_session(t *testing.T) {
	b := newBench(t, at(11, 25, 8, 20))
	personal, family := b.account("Personal"), b.account("Family")
	b.logIn(family)
	b.until(at(11, 25, 8, 31))
	b.mustHaveSaid("Personal has no session for today")
	b.logIn(personal)
	b.ok(b.Sessions.EndSession(t.Context(), b.latest(family).ID, kite.EndedLoggedOut, b.clock.Now()))
	b.Look(t.Context())
	if on := b.titles(); on != "Family has no session for today" {
		t.Errorf("on the screen: %s", on)
	}
	b.prefer(func(p *kite.Preferences) { p.MorningReminder = false })
	b.Look(t.Context())
	if on := b.titles(); on != "" {
		t.Errorf("switched off, and still on the screen: %s", on)
	}
}
