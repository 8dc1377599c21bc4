package expiry_test

import (
	"context"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
)

// running is the watch at work until the test ends.
func (b *bench) running() {
	b.t.Helper()
	ctx, cancel := context.WithCancel(b.t.Context())
	done := make(chan struct{})
	go func() { b.Run(ctx); close(done) }()
	b.t.Cleanup(func() { cancel(); <-done })
	b.clock.BlockUntilWaiting(1)
}

func TestRun_ends_a_session_at_its_moment(t *testing.T) {
	b := newBench(t, at(11, 23, 10, 0))
	a := b.account("Personal")
	b.logIn(a)
	end := b.latest(a).ExpiresAt
	b.running()
	b.clock.Set(end.Add(-time.Second))
	b.clock.BlockUntilWaiting(1)
	if s := b.latest(a); s.Status != kite.Active {
		t.Fatalf("ended too early: %+v", s)
	}
	b.events.Forget()
	b.clock.Set(end)
	b.events.WaitFor(t, kite.Event{Type: kite.SessionChanged, AccountID: a.ID})
	if s := b.latest(a); s.EndedReason != kite.EndedExpired || !s.EndedAt.Equal(end) {
		t.Errorf("session = %+v", s)
	}
	entries, err := b.History.History(t.Context(), kite.HistoryFilter{Kind: kite.HistoryExpired})
	if err != nil || len(entries) != 1 {
		t.Errorf("history = %+v, %v", entries, err)
	}
}

func TestRun_tells_of_a_clock_that_jumped_and_never_revives(t *testing.T) {
	b := newBench(t, at(11, 23, 10, 0))
	a := b.account("Personal")
	b.logIn(a)
	b.running()
	b.clock.Advance(24 * time.Hour)
	b.events.WaitFor(t, kite.Event{Type: kite.ClockChanged})
	b.events.WaitFor(t, kite.Event{Type: kite.SessionChanged, AccountID: a.ID})
	b.clock.BlockUntilWaiting(1)
	b.events.Forget()
	b.clock.Advance(-24 * time.Hour)
	b.events.WaitFor(t, kite.Event{Type: kite.ClockChanged})
	b.clock.BlockUntilWaiting(1)
	if s := b.latest(a); s.Status != kite.Expired {
		t.Errorf("revived: %+v", s)
	}
}

func TestRun_tells_of_another_time_zone(t *testing.T) {
	b := newBench(t, at(11, 23, 10, 0))
	b.running()
	b.clock.SetZone(time.FixedZone("Asia/Dubai", 4*3600))
	b.events.WaitFor(t, kite.Event{Type: kite.ClockChanged})
}

func TestRun_is_woken_by_a_new_session(t *testing.T) {
	b := newBench(t, at(11, 23, 10, 0))
	a := b.account("Personal")
	b.running()
	over := kitetest.Session("over", a, b.clock.Now().Add(-25*time.Hour))
	b.ok(b.Sessions.SaveSession(t.Context(), over, kitetest.Tokens("1")))
	b.events.Forget()
	b.Wake()
	b.events.WaitFor(t, kite.Event{Type: kite.SessionChanged, AccountID: a.ID})
}

func TestTwoWatches_end_a_session_once(t *testing.T) {
	b := newBench(t, at(11, 23, 10, 0))
	a := b.account("Personal")
	b.logIn(a)
	b.clock.Set(b.latest(a).ExpiresAt)
	other := &bench{t: t, path: b.path, clock: b.clock, events: b.events, screen: b.screen, verifier: b.verifier}
	other.restart() // what stands for another process
	b.Look(t.Context())
	other.Look(t.Context())
	entries, err := b.History.History(t.Context(), kite.HistoryFilter{Kind: kite.HistoryExpired})
	if err != nil || len(entries) != 1 {
		t.Errorf("history = %+v, %v", entries, err)
	}
}

func TestLook_erases_tokens_of_expired_sessions_at_eight(t *testing.T) {
	b := newBench(t, at(11, 23, 10, 0))
	a := b.account("Personal")
	b.logIn(a)
	six := b.latest(a).ExpiresAt
	for _, step := range []struct {
		at   time.Time
		code string
	}{{six, ""}, {six.Add(2*time.Hour - time.Second), ""}, {six.Add(2 * time.Hour), kite.ENOTFOUND}} {
		b.clock.Set(step.at)
		b.Look(t.Context())
		if _, err := b.Sessions.Tokens(t.Context(), "session1"); kite.ErrorCode(err) != step.code {
			t.Errorf("at %v: %v, want %q", step.at.In(kite.IST), err, step.code)
		}
	}
}

// look looks and waits for what Kite answers.
func (b *bench) look() time.Time {
	b.t.Helper()
	next := b.Look(b.t.Context())
	b.AwaitAnswers()
	return next
}

func TestLook_verifies_once_more_what_was_made_while_kite_cleared(t *testing.T) {
	b := newBench(t, at(11, 23, 6, 30))
	early := b.account("Early")
	b.logIn(early)
	if next := b.look(); next.After(at(11, 23, 8, 0)) {
		t.Errorf("next look at %v", next.In(kite.IST))
	}
	b.clock.Set(at(11, 23, 8, 0))
	b.logIn(b.account("Late"))
	b.verifier.err = kite.Errorf(kite.EOFFLINE, "Kite can't be reached.")
	for _, step := range []struct {
		minute, asked int
		does          string
	}{
		{0, 1, "asks"}, {5, 1, "leaves an unanswered question alone"}, {10, 2, "asks again"},
	} {
		b.clock.Set(at(11, 23, 8, step.minute))
		if next := b.look(); next.After(at(11, 23, 8, step.minute+10)) || len(b.verifier.asked) != step.asked || b.verifier.asked[0] != early.ID {
			t.Errorf("%s: asked after %v, next at %v", step.does, b.verifier.asked, next.In(kite.IST))
		}
	}
	b.verifier.err = kite.Errorf(kite.ELOCKED, "The keyring is locked.")
	b.clock.Set(at(11, 23, 8, 20))
	b.look()
	b.verifier.err = nil
	b.look() // the vault was opened
	if len(b.verifier.asked) != 4 {
		t.Errorf("asked after %v", b.verifier.asked)
	}
	b.prefer(func(p *kite.Preferences) { p.CheckAfterClearing = false })
	b.clock.Set(at(11, 23, 8, 30))
	b.look()
	if len(b.verifier.asked) != 4 {
		t.Errorf("asked although the user doesn't want it: %v", b.verifier.asked)
	}
}

func TestSlowAnswers_hold_up_no_notice(t *testing.T) {
	b := newBench(t, at(11, 23, 6, 30))
	b.logIn(b.account("Early"))
	b.account("Personal")
	b.verifier.hold = make(chan struct{})
	b.until(at(11, 23, 8, 30))
	b.mustHaveSaid("Personal has no session for today")
	close(b.verifier.hold)
	b.AwaitAnswers()
}

func TestLook_forgets_history_the_user_does_not_keep(t *testing.T) {
	b := newBench(t, at(11, 23, 10, 0))
	b.prefer(func(p *kite.Preferences) { p.HistoryDays = 30; p.MorningReminder = false })
	a := b.account("Personal")
	b.ok(b.History.Record(t.Context(), kite.HistoryEntry{At: b.clock.Now(), AccountID: a.ID, Kind: kite.HistoryTest, OK: true}))
	b.until(at(11, 23, 10, 0).AddDate(0, 0, 29))
	if entries, err := b.History.History(t.Context(), kite.HistoryFilter{}); err != nil || len(entries) != 1 {
		t.Fatalf("after 29 days: %+v, %v", entries, err)
	}
	b.clock.Set(at(11, 23, 10, 0).AddDate(10, 0, 0))
	b.Look(t.Context())
	if entries, err := b.History.History(t.Context(), kite.HistoryFilter{}); err != nil || len(entries) != 1 {
		t.Fatalf("by a clock that is ten years ahead: %+v, %v", entries, err)
	}
	b.clock.Set(at(11, 23, 10, 0).AddDate(0, 0, 29))
	b.until(at(11, 23, 10, 0).AddDate(0, 0, 31))
	if entries, err := b.History.History(t.Context(), kite.HistoryFilter{}); err != nil || len(entries) != 0 {
		t.Errorf("after 31 days: %+v, %v", entries, err)
	}
}
