package expiry_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// loud is a user without quiet hours.
func loud(p *kite.Preferences) { p.QuietHours = false }

func TestSessionsThatEndTogether_are_one_notice_that_names_them(t *testing.T) {
	b := newBench(t, at(11, 25, 9, 0))
	b.prefer(loud)
	b.prefer(func(p *kite.Preferences) {
		p.MorningReminder = false
		p.LoginOrder = []string{"personal", "family", "huf"}
	})
	b.logIn(b.account("HUF"), b.account("Family"), b.account("Personal"))
	b.until(at(11, 26, 6, 0))
	b.mustHaveSaid(
		"3 sessions end at 06:00: Personal, Family, HUF", // 04:00
		"3 sessions end at 06:00: Personal, Family, HUF", // 05:30
		"3 sessions ended at 06:00: Personal, Family, HUF",
	)
	shown := b.screen.Shown()
	if shown[1].Replaces != shown[0].Handle {
		t.Errorf("the second reminder stands beside the first: %+v", shown[1])
	}
	if on := b.titles(); on != "3 sessions ended at 06:00: Personal, Family, HUF" {
		t.Errorf("on the screen: %s", on)
	}
	if body := shown[0].Body; !strings.HasPrefix(body, "In 2 hours.") {
		t.Errorf("body = %q", body)
	}
	if a := shown[0].Actions; len(a) != 2 || a[0].Label != "Log in all" || !a[0].Do.LoginAll || !a[1].Do.Later {
		t.Errorf("actions = %+v", a)
	}
}

func TestQuietHours_nothing_is_said_at_night_and_the_morning_tells(t *testing.T) {
	b := newBench(t, at(11, 25, 9, 0))
	personal, family := b.account("Personal"), b.account("Family")
	b.logIn(personal, family)
	b.until(at(11, 26, 8, 29))
	b.mustHaveSaid()
	b.until(at(11, 26, 12, 0))
	b.mustHaveSaid("2 accounts have no session for today: Family, Personal")
	n := b.screen.Shown()[0]
	if n.Body != "The market opens at 09:15." || !n.Urgent {
		t.Errorf("notice = %+v", n.Notice)
	}
	b.logIn(family)
	b.Look(t.Context())
	if on := b.titles(); on != "Personal has no session for today" {
		t.Errorf("after one login the screen says %q", on)
	}
	b.logIn(personal)
	b.Look(t.Context())
	if on := b.titles(); on != "" {
		t.Errorf("after both logins the screen says %q", on)
	}
}

func TestMorning_leaves_out_whom_the_user_left_out(t *testing.T) {
	b := newBench(t, at(11, 25, 7, 0))
	b.account("Personal")
	old := b.account("Old")
	b.prefer(func(p *kite.Preferences) { p.LeftOut = []string{old.ID} })
	b.until(at(11, 25, 16, 0))
	b.mustHaveSaid("Personal has no session for today")
	if on := b.titles(); on != "" {
		t.Errorf("after the market closed the screen says %q", on)
	}
}

func TestMorning_with_everything_ready_says_nothing_all_day(t *testing.T) {
	b := newBench(t, at(11, 25, 8, 10))
	personal := b.account("Personal")
	b.logIn(personal)
	b.until(at(11, 25, 11, 0))
	b.account("New") // made at eleven: its user knows that it has no session
	b.until(at(11, 25, 16, 0))
	b.mustHaveSaid()
}

func TestMorning_is_said_late_by_a_computer_that_was_off(t *testing.T) {
	b := newBench(t, at(11, 25, 10, 40))
	b.account("Personal")
	b.Look(t.Context())
	b.mustHaveSaid("Personal has no session for today")
	if body := b.screen.Shown()[0].Body; body != "The market is open until 15:30." {
		t.Errorf("body = %q", body)
	}
}

func TestMorning_knows_weekends_holidays_and_special_sessions(t *testing.T) {
	for _, c := range []struct {
		day  time.Time
		want string
	}{
		{at(12, 24, 8, 45), "The market opens at 09:15."},
		{at(12, 25, 8, 45), ""}, // Christmas
		{at(12, 26, 8, 45), ""}, // Saturday
		{at(11, 8, 8, 45), "Special session: Muhurat trading (Diwali Laxmi Pujan)."},
		{time.Date(2027, 1, 1, 8, 45, 0, 0, kite.IST), "The market opens at 09:15. There is no holiday list for 2027."},
	} {
		b := newBench(t, c.day)
		b.account("Personal")
		b.Look(t.Context())
		body := ""
		if shown := b.screen.Shown(); len(shown) > 0 {
			body = shown[0].Body
		}
		if body != c.want {
			t.Errorf("%v: %q, want %q", c.day, body, c.want)
		}
	}
}

func TestShortSessions_end_in_the_day_with_a_reminder_each(t *testing.T) {
	b := newBench(t, at(11, 25, 10, 0))
	a := b.account("Bench")
	a.TTL = time.Hour
	b.ok(b.Accounts.UpdateAccount(t.Context(), a, kite.SecretChanges{}))
	b.logIn(a)
	b.until(at(11, 25, 11, 30))
	b.mustHaveSaid("Bench: session ends at 11:00", "Bench: session ended at 11:00")
	if a := b.screen.Shown()[0]; a.Actions[0].Label != "Log in again" || a.Actions[0].Do.Login != "bench" || a.Open.Show != "bench" {
		t.Errorf("notice = %+v", a)
	}
}

func TestEndedElsewhere_is_said_at_once(t *testing.T) {
	b := newBench(t, at(11, 25, 10, 0))
	personal := b.account("Personal")
	b.logIn(personal)
	b.Look(t.Context())
	b.clock.Advance(time.Minute)
	b.ok(b.Sessions.EndSession(t.Context(), b.latest(personal).ID, kite.EndedElsewhere, b.clock.Now()))
	b.Look(t.Context())
	b.Look(t.Context())
	b.mustHaveSaid("Personal: session was ended elsewhere")
}

func TestLoggingOut_is_no_news(t *testing.T) {
	b := newBench(t, at(11, 25, 10, 0))
	personal := b.account("Personal")
	b.logIn(personal)
	b.ok(b.Sessions.EndSession(t.Context(), b.latest(personal).ID, kite.EndedLoggedOut, b.clock.Now()))
	b.until(at(11, 25, 20, 0))
	b.mustHaveSaid("Personal has no session for today") // it is a trading day, and none is there
}

func TestLater_says_it_again_after_a_quarter_of_an_hour(t *testing.T) {
	b := newBench(t, at(11, 25, 8, 30))
	b.account("Personal")
	b.Look(t.Context())
	first := b.screen.Shown()[0]
	if _, wanted := b.Answer(t.Context(), kite.NoticeAnswer{Handle: first.Handle, Do: kite.Request{Later: true}}); wanted {
		t.Error("Later asks something of the window")
	}
	if on := b.titles(); on != "" {
		t.Errorf("still on the screen: %s", on)
	}
	b.until(at(11, 25, 8, 44))
	b.mustHaveSaid("Personal has no session for today")
	b.until(at(11, 25, 9, 30))
	b.mustHaveSaid("Personal has no session for today", "Personal has no session for today")
}

func TestAnswer_asks_only_for_notices_of_its_own(t *testing.T) {
	b := newBench(t, at(11, 25, 8, 30))
	b.account("Personal")
	b.Look(t.Context())
	login := kite.Request{Login: "personal"}
	if r, wanted := b.Answer(t.Context(), kite.NoticeAnswer{Handle: b.screen.Shown()[0].Handle, Do: login}); !wanted || r != login {
		t.Errorf("Answer = %+v, %t", r, wanted)
	}
	b.account("Family")
	b.Look(t.Context())
	if n := len(b.screen.Shown()); n != 1 {
		t.Errorf("an answered notice came again: %v", b.said())
	}
	if _, wanted := b.Answer(t.Context(), kite.NoticeAnswer{Handle: "another program's", Do: login}); wanted {
		t.Error("another program's notice was answered")
	}
}

// quick is a user who answers a notice as soon as it is on the screen.
type quick struct {
	kite.Notifier
	answer func(kite.NoticeHandle)
}

func (q quick) Show(ctx context.Context, n kite.Notice, replaces kite.NoticeHandle) (kite.NoticeHandle, error) {
	h, err := q.Notifier.Show(ctx, n, replaces)
	go q.answer(h)
	time.Sleep(50 * time.Millisecond) // long enough for an answer that waits for nothing
	return h, err
}

func TestAnswer_may_come_before_the_notice_is_remembered(t *testing.T) {
	b := newBench(t, at(11, 25, 8, 30))
	b.account("Personal")
	login := kite.Request{Login: "personal"}
	answered := make(chan bool, 1)
	b.Notifier = quick{b.screen, func(h kite.NoticeHandle) {
		r, wanted := b.Answer(t.Context(), kite.NoticeAnswer{Handle: h, Do: login})
		answered <- wanted && r == login
	}}
	b.Look(t.Context())
	if !<-answered {
		t.Error("the answer was lost")
	}
}

func TestDismissedNotice_is_not_told_in_another_form_and_may_still_be_answered(t *testing.T) {
	b := newBench(t, at(11, 25, 8, 30))
	personal := b.account("Personal")
	b.account("Family")
	b.Look(t.Context())
	shown := b.screen.Shown()[0]
	b.screen.Dismiss(shown.Handle)
	b.Dismissed(t.Context(), shown.Handle)
	b.logIn(personal)
	b.until(at(11, 25, 12, 0))
	b.mustHaveSaid("2 accounts have no session for today: Family, Personal")
	do := kite.Request{LoginAll: true}
	if r, wanted := b.Answer(t.Context(), kite.NoticeAnswer{Handle: shown.Handle, Do: do}); !wanted || r != do {
		t.Errorf("Answer = %+v, %t", r, wanted)
	}
}

func TestNoNotificationService_nothing_is_lost_and_it_is_said_when_one_comes(t *testing.T) {
	b := newBench(t, at(11, 25, 8, 30))
	b.account("Personal")
	b.screen.Fail(errors.New("nobody is there"))
	b.until(at(11, 25, 9, 0))
	b.mustHaveSaid()
	b.screen.Fail(nil)
	b.TryAgain()
	b.Look(t.Context())
	b.mustHaveSaid("Personal has no session for today")
}

func TestRestart_says_nothing_twice_and_withdraws_what_it_showed_before(t *testing.T) {
	b := newBench(t, at(11, 25, 8, 30))
	personal := b.account("Personal")
	b.Look(t.Context())
	b.restart()
	b.until(at(11, 25, 9, 0))
	b.mustHaveSaid("Personal has no session for today")
	b.logIn(personal)
	b.restart()
	b.Look(t.Context())
	if on := b.titles(); on != "" {
		t.Errorf("the notice of the process before is still there: %s", on)
	}
}

func TestAccountThatIsDeleted_takes_its_notice_along(t *testing.T) {
	b := newBench(t, at(11, 25, 8, 30))
	b.account("Personal")
	b.Look(t.Context())
	b.ok(b.Accounts.DeleteAccount(t.Context(), "personal"))
	b.Look(t.Context())
	if on := b.titles(); on != "" {
		t.Errorf("on the screen: %s", on)
	}
}

func TestTwoHundredAccounts_are_one_notice_of_a_readable_length(t *testing.T) {
	b := newBench(t, at(11, 25, 8, 30))
	for i := range 200 {
		b.account("Account number " + strings.Repeat("x", i%7) + string(rune('A'+i%26)) + string(rune('a'+i/26)))
	}
	b.Look(t.Context())
	shown := b.screen.Shown()
	if len(shown) != 1 || !strings.HasPrefix(shown[0].Title, "200 accounts have no session for today: ") || !strings.HasSuffix(shown[0].Title, " and 194 more") {
		t.Errorf("shown = %d, %q", len(shown), shown[0].Title)
	}
}
