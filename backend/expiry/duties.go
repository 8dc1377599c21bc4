package expiry

import (
	"context"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// askAgain is how long an unanswered question to Kite is left alone.
const askAgain = 10 * time.Minute

// saidFor is how long it is remembered what was told: longer than any session.
const saidFor = 60 * 24 * time.Hour

// duties ends sessions at their time, erases the tokens of expired ones at
// 08:00 IST, verifies once more what was made while Kite cleared tokens, and
// forgets old history. It returns when one of these is due next.
func (w *Watch) duties(ctx context.Context, preferences kite.Preferences) (next time.Time) {
	now := w.Clock.Now()
	next = earlier(now.Add(longestLook), kite.ClearingEnd(now))
	latest, err := w.Sessions.LatestSessions(ctx)
	if err != nil {
		w.Log.Error("sessions not watched", "error", err)
		return now.Add(time.Minute)
	}
	doubtful := map[string]kite.Session{}
	for accountID, session := range latest {
		due, verify := w.lookAt(ctx, accountID, session, preferences)
		if !due.IsZero() {
			next = earlier(next, due)
		}
		if verify {
			doubtful[accountID] = session
		}
	}
	if len(doubtful) > 0 {
		next = earlier(next, w.ask(ctx, doubtful, now))
	}
	if err := w.Sessions.EraseEndedTokens(ctx, lastClearingEnd(now)); err != nil {
		w.Log.Error("tokens of expired sessions not erased", "error", err)
	}
	w.prune(ctx, preferences, now)
	return next
}

// lookAt returns when the session is due next, zero for never, and whether Kite
// is to be asked after it now.
func (w *Watch) lookAt(ctx context.Context, accountID string, session kite.Session, preferences kite.Preferences) (due time.Time, verify bool) {
	now := w.Clock.Now()
	switch {
	case session.Status != kite.Active:
		return time.Time{}, false
	case !session.LiveAt(now):
		w.expire(ctx, accountID, session)
		return time.Time{}, false
	case !kite.InClearing(session.LoginTime) || !preferences.CheckAfterClearing:
		return session.ExpiresAt, false
	}
	again := kite.ClearingEnd(session.LoginTime)
	if now.Before(again) {
		return earlier(again, session.ExpiresAt), false
	}
	return session.ExpiresAt, session.VerifiedAt.Before(again)
}

// ask asks Kite in the background, so that nothing that is to be told waits for
// it, and returns when to ask again. What was asked a short while ago is left
// alone.
func (w *Watch) ask(ctx context.Context, doubtful map[string]kite.Session, now time.Time) (again time.Time) {
	again = now.Add(askAgain)
	w.mu.Lock()
	defer w.mu.Unlock()
	var ids []string
	for accountID, session := range doubtful {
		last, was := w.asked[session.ID]
		if was && now.Sub(last) < askAgain && !now.Before(last) {
			again = earlier(again, last.Add(askAgain))
			continue
		}
		ids = append(ids, accountID)
	}
	if len(ids) == 0 || w.asking {
		return again
	}
	w.asking = true
	w.questions.Go(func() {
		answers := 0
		w.Verifier.VerifyAll(ctx, ids, func(accountID string, err error) { answers += w.answered(accountID, doubtful[accountID], err) })
		w.mu.Lock()
		w.asking = false
		w.mu.Unlock()
		if answers > 0 {
			w.Wake()
		}
	})
	return again
}

// answered notes the outcome of a question; it returns 0 if none was asked,
// since the vault may be opened any moment.
func (w *Watch) answered(accountID string, session kite.Session, err error) int {
	if err != nil {
		w.Log.Info("session made in the clearing not confirmed", "account", accountID, "error", err)
	}
	if kite.ErrorCode(err) == kite.ELOCKED {
		return 0
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.asked == nil {
		w.asked = map[string]time.Time{}
	}
	w.asked[session.ID] = w.Clock.Now()
	return 1
}

func (w *Watch) expire(ctx context.Context, accountID string, session kite.Session) {
	if err := w.Sessions.EndSession(ctx, session.ID, kite.EndedExpired, session.ExpiresAt); err != nil {
		w.Log.Error("session not marked as expired", "account", accountID, "error", err)
		return
	}
	w.Log.Info("session expired", "account", accountID)
	w.Events.Publish(kite.Event{Type: kite.SessionChanged, AccountID: accountID})
	w.Events.Publish(kite.Event{Type: kite.HistoryChanged, AccountID: accountID})
}

// prune forgets once a day, and when the user wants to keep less, what isn't
// to be kept.
func (w *Watch) prune(ctx context.Context, preferences kite.Preferences, now time.Time) {
	gone := now.Sub(w.prunedAt)
	if gone >= 0 && gone < 24*time.Hour && !w.prunedAt.IsZero() && w.kept == preferences.HistoryDays {
		return
	}
	if !w.clockIsPlausible(ctx, now) {
		return
	}
	w.prunedAt, w.kept = now, preferences.HistoryDays
	if preferences.HistoryDays > 0 {
		if err := w.History.PruneHistory(ctx, now.AddDate(0, 0, -preferences.HistoryDays)); err != nil {
			w.Log.Error("old history not removed", "error", err)
		}
	}
	if w.Notices == nil {
		return
	}
	if err := w.Notices.PruneSaid(ctx, now.Add(-saidFor)); err != nil {
		w.Log.Error("old notices not forgotten", "error", err)
	}
}

// plausible is how long after the newest entry of the history the clock is
// believed: one that was set years ahead must not erase everything.
const plausible = 40 * 24 * time.Hour

func (w *Watch) clockIsPlausible(ctx context.Context, now time.Time) bool {
	newest, err := w.History.History(ctx, kite.HistoryFilter{Limit: 1})
	return err == nil && len(newest) == 1 && now.Sub(newest[0].At) < plausible
}

// lastClearingEnd is the last 08:00 IST at or before t.
func lastClearingEnd(t time.Time) time.Time { return kite.ClearingEnd(t).Add(-24 * time.Hour) }
