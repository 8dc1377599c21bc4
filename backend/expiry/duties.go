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
	for accountID, session := range latest {
		if due := w.lookAt(ctx, accountID, session, preferences); !due.IsZero() {
			next = earlier(next, due)
		}
	}
	if err := w.Sessions.EraseEndedTokens(ctx, lastClearingEnd(now)); err != nil {
		w.Log.Error("tokens of expired sessions not erased", "error", err)
	}
	w.prune(ctx, preferences, now)
	return next
}

// lookAt returns when the session is due next, zero for never.
func (w *Watch) lookAt(ctx context.Context, accountID string, session kite.Session, preferences kite.Preferences) time.Time {
	now := w.Clock.Now()
	switch {
	case session.Status != kite.Active:
		return time.Time{}
	case !session.LiveAt(now):
		w.expire(ctx, accountID, session)
		return time.Time{}
	case !kite.InClearing(session.LoginTime) || !preferences.CheckAfterClearing:
		return session.ExpiresAt
	}
	again := kite.ClearingEnd(session.LoginTime)
	if now.Before(again) {
		return earlier(again, session.ExpiresAt)
	}
	if !session.VerifiedAt.Before(again) {
		return session.ExpiresAt
	}
	return earlier(w.verify(ctx, accountID, session, now), session.ExpiresAt)
}

// verify asks Kite unless it was asked a short while ago, and returns when to
// ask again.
func (w *Watch) verify(ctx context.Context, accountID string, session kite.Session, now time.Time) time.Time {
	if w.asked == nil {
		w.asked = map[string]time.Time{}
	}
	if last, was := w.asked[session.ID]; was && now.Sub(last) < askAgain && !now.Before(last) {
		return last.Add(askAgain)
	}
	err := w.Verifier.Verify(ctx, accountID)
	if kite.ErrorCode(err) != kite.ELOCKED { // else nobody was asked; it may be opened any moment
		w.asked[session.ID] = now
	}
	if err != nil {
		w.Log.Info("session made in the clearing not confirmed", "account", accountID, "error", err)
		return now.Add(askAgain)
	}
	return session.ExpiresAt
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

// prune forgets once a day what the user doesn't want kept.
func (w *Watch) prune(ctx context.Context, preferences kite.Preferences, now time.Time) {
	if gone := now.Sub(w.prunedAt); gone >= 0 && gone < 24*time.Hour && !w.prunedAt.IsZero() {
		return
	}
	w.prunedAt = now
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

// lastClearingEnd is the last 08:00 IST at or before t.
func lastClearingEnd(t time.Time) time.Time { return kite.ClearingEnd(t).Add(-24 * time.Hour) }
