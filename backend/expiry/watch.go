package expiry

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Verifier asks Kite whether sessions still live and records the answers.
type Verifier interface {
	// VerifyAll asks after the accounts' sessions side by side and calls
	// answered with each outcome, one at a time: nil; ETOKEN, and the session
	// has been ended; ELOCKED if the token can't be read without asking the
	// user; or why there is no answer.
	VerifyAll(ctx context.Context, accountIDs []string, answered func(accountID string, err error))
}

// Watch looks after sessions all day. Several processes may watch the same
// database: what they do to it is the same and done once. Only one of them may
// have Notices.
type Watch struct {
	Accounts kite.AccountStore
	Sessions kite.SessionStore
	History  kite.HistoryStore
	Settings kite.Settings
	Notices  kite.NoticeStore // nil: tells nothing
	Notifier kite.Notifier
	Verifier Verifier
	Clock    kite.Clock
	Events   kite.Publisher
	Log      *slog.Logger
	// OnUntold is called with the titles of notices that can't be shown, and
	// with none once they are; nil if nobody wants to know.
	OnUntold func(titles []string)

	once sync.Once
	wake chan struct{}

	questions sync.WaitGroup
	telling   sync.Mutex // from when the desktop has a notice until that is remembered

	mu     sync.Mutex
	again  bool                 // refused notices may be tried at once
	left   kite.ShownNotice     // the one that left the screen last
	asking bool                 // Kite is being asked right now
	asked  map[string]time.Time // session ID → when Kite was last asked

	// What follows is Run's own.
	told     map[string]kite.Said // by this process, should the store have failed
	refused  int                  // notices in a row that couldn't be shown
	retryAt  time.Time            // when to try them again
	untold   []string             // as OnUntold was last told
	zone     *time.Location
	prunedAt time.Time
	kept     int // days of history, as of the last time it was pruned
}

// jump is how far the wall clock may run from the monotonic one between two
// looks before it counts as set by hand or resumed.
const jump = 5 * time.Second

// Run watches until ctx ends.
func (w *Watch) Run(ctx context.Context) {
	defer w.questions.Wait()
	for {
		next := w.Look(ctx)
		if ctx.Err() != nil {
			return
		}
		wall, started := w.Clock.Now(), time.Now()
		if kite.WaitOrWake(ctx, w.Clock, next, w.woken()) != nil {
			return
		}
		if drift := w.Clock.Now().Sub(wall) - time.Since(started); drift > jump || drift < -jump {
			w.Log.Info("the clock jumped", "by", drift.Round(time.Second))
			w.Events.Publish(kite.Event{Type: kite.ClockChanged})
		}
	}
}

// Wake makes Run look at once: a session began or ended, or preferences
// changed.
func (w *Watch) Wake() {
	select {
	case w.woken() <- struct{}{}:
	default:
	}
}

func (w *Watch) woken() chan struct{} {
	w.once.Do(func() { w.wake = make(chan struct{}, 1) })
	return w.wake
}

// Look does what is due now and returns when something is due next.
func (w *Watch) Look(ctx context.Context) (next time.Time) {
	w.noticeZone()
	preferences, err := kite.LoadPreferences(ctx, w.Settings)
	if err != nil {
		w.Log.Warn("preferences not read, the defaults hold", "error", err)
	}
	next = w.duties(ctx, preferences)
	if w.Notices == nil {
		return next
	}
	facts, err := w.facts(ctx, preferences)
	if err != nil {
		w.Log.Error("nothing told: sessions not read", "error", err)
		return earlier(next, w.Clock.Now().Add(time.Minute))
	}
	plan := MakePlan(facts)
	w.forgetRefusals()
	w.carryOut(ctx, facts, plan)
	next = earlier(next, plan.Next)
	if w.waitsToRetry(facts.Now) {
		next = earlier(next, w.retryAt)
	}
	return next
}

// noticeZone tells of a computer that was taken to another time zone.
func (w *Watch) noticeZone() {
	zone, now := w.Clock.Zone(), w.Clock.Now()
	if w.zone != nil && (w.zone.String() != zone.String() || !sameOffset(now.In(w.zone), now.In(zone))) {
		w.Log.Info("the time zone changed", "zone", zone.String())
		w.Events.Publish(kite.Event{Type: kite.ClockChanged})
	}
	w.zone = zone
}

func sameOffset(a, b time.Time) bool {
	_, first := a.Zone()
	_, second := b.Zone()
	return first == second
}

func (w *Watch) facts(ctx context.Context, preferences kite.Preferences) (Facts, error) {
	f := Facts{Now: w.Clock.Now(), Zone: w.Clock.Zone(), Preferences: preferences}
	var err error
	if f.Accounts, err = w.Accounts.Accounts(ctx); err != nil {
		return f, err
	}
	if f.Latest, err = w.Sessions.LatestSessions(ctx); err != nil {
		return f, err
	}
	if f.Said, err = w.Notices.Said(ctx); err != nil {
		return f, err
	}
	for key, said := range w.told {
		if _, known := f.Said[key]; !known {
			f.Said[key] = said
		}
	}
	f.Shown, err = w.Notices.Shown(ctx)
	return f, err
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
