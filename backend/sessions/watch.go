package sessions

import (
	"context"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// jump is how far the wall clock may run from the monotonic one between two
// looks before it counts as set by hand or resumed.
const jump = 5 * time.Second

// askAgain is how long an unanswered question to Kite is left alone.
const askAgain = 10 * time.Minute

// Watch ends sessions at their time, erases the tokens of expired ones at
// 08:00 IST, verifies once more what was made while Kite cleared tokens, and
// tells when the clock jumped. It returns when ctx ends.
func (s *Service) Watch(ctx context.Context) {
	for {
		next := s.Look(ctx)
		wall, started := s.Clock.Now(), time.Now()
		if s.sleep(ctx, next) != nil {
			return
		}
		if drift := s.Clock.Now().Sub(wall) - time.Since(started); drift > jump || drift < -jump {
			s.Log.Info("the clock jumped", "by", drift.Round(time.Second))
			s.Events.Publish(kite.Event{Type: kite.ClockChanged})
		}
	}
}

// Wake makes Watch look at once, since a session began or ended.
func (s *Service) Wake() {
	select {
	case s.wakeUp() <- struct{}{}:
	default:
	}
}

func (s *Service) wakeUp() chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.wake == nil {
		s.wake = make(chan struct{}, 1)
	}
	return s.wake
}

// sleep waits for that time, a moved clock or Wake; its error is ctx's.
func (s *Service) sleep(ctx context.Context, until time.Time) error {
	waiting, woken := context.WithCancel(ctx)
	defer woken()
	go func() {
		select {
		case <-s.wakeUp():
			woken()
		case <-waiting.Done():
		}
	}()
	_ = s.Clock.Wait(waiting, until)
	return ctx.Err()
}

// Look does what is due now and returns when something is due next.
func (s *Service) Look(ctx context.Context) (next time.Time) {
	now := s.Clock.Now()
	next = now.Add(time.Hour)
	latest, err := s.Sessions.LatestSessions(ctx)
	if err != nil {
		s.Log.Error("sessions not watched", "error", err)
		return next
	}
	for accountID, session := range latest {
		if due := s.lookAt(ctx, accountID, session, now); !due.IsZero() && due.Before(next) {
			next = due
		}
	}
	if err := s.Sessions.EraseEndedTokens(ctx, lastClearingEnd(now)); err != nil {
		s.Log.Error("tokens of expired sessions not erased", "error", err)
	}
	if end := kite.ClearingEnd(now); end.Before(next) {
		next = end
	}
	return next
}

// lookAt returns when the session is due next, zero for never.
func (s *Service) lookAt(ctx context.Context, accountID string, session kite.Session, now time.Time) time.Time {
	if session.Status != kite.Active {
		return time.Time{}
	}
	if !session.LiveAt(now) {
		s.expire(ctx, accountID, session)
		return time.Time{}
	}
	if madeInClearing(session) {
		again := kite.ClearingEnd(session.LoginTime)
		switch {
		case now.Before(again):
			return earlier(again, session.ExpiresAt)
		case session.VerifiedAt.Before(again) && !s.askedSince(session, now.Add(-askAgain)):
			if err := s.Verify(ctx, accountID); err != nil {
				s.Log.Info("session made in the clearing verified again", "account", accountID, "error", err)
			}
		}
	}
	return session.ExpiresAt
}

func (s *Service) expire(ctx context.Context, accountID string, session kite.Session) {
	if err := s.Sessions.EndSession(ctx, session.ID, kite.EndedExpired, session.ExpiresAt); err != nil {
		s.Log.Error("session not marked as expired", "account", accountID, "error", err)
		return
	}
	s.Log.Info("session expired", "account", accountID)
	s.changed(accountID)
}

func (s *Service) askedSince(session kite.Session, t time.Time) bool {
	c, ok := s.LastCheck(session.AccountID, session.ID)
	return ok && c.At.After(t)
}

func madeInClearing(session kite.Session) bool { return kite.InClearing(session.LoginTime) }

// lastClearingEnd is the last 08:00 IST at or before t.
func lastClearingEnd(t time.Time) time.Time { return kite.ClearingEnd(t).Add(-24 * time.Hour) }

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
