package update

import (
	"context"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// The check by itself. A computer is often without a network just when the
// window opens, so a try that reached nobody is made again sooner.
const (
	daily = 24 * time.Hour
	again = time.Hour
)

// Run checks once a day while the user has that switched on, until ctx ends. It
// shows nothing: who wants to know hears UpdateChanged. What fails is in the log.
func (s *Service) Run(ctx context.Context) {
	for ctx.Err() == nil {
		next := s.checkIfDue(ctx)
		_ = kite.WaitOrWake(ctx, s.Clock, next, s.woken())
	}
}

// Wake lets Run look again, after the preferences have changed.
func (s *Service) Wake() {
	select {
	case s.woken() <- struct{}{}:
	default:
	}
}

func (s *Service) woken() chan struct{} {
	s.waking.Do(func() { s.wake = make(chan struct{}, 1) })
	return s.wake
}

// checkIfDue returns when to look again.
func (s *Service) checkIfDue(ctx context.Context) time.Time {
	later := s.Clock.Now().Add(daily)
	if s.Barrier() != BarrierNone {
		return later
	}
	p, err := kite.LoadPreferences(ctx, s.Settings)
	if err != nil || !p.CheckUpdates {
		return later
	}
	m, err := s.remember(ctx)
	if err != nil {
		s.Log.Warn("not checked for updates", "error", err)
		return later
	}
	if due := m.due(s.Clock.Now()); due.After(s.Clock.Now()) {
		return due
	}
	if _, err := s.Check(ctx); err != nil && ctx.Err() == nil {
		s.Log.Warn("not checked for updates", "error", err)
	}
	m, err = s.remember(ctx)
	now := s.Clock.Now()
	if due := m.due(now); err == nil && due.After(now) {
		return due
	}
	return now.Add(again) // the try itself couldn't be kept
}

// due is when to try next: at once after the clock was set back beyond the last
// try.
func (m memory) due(now time.Time) time.Time {
	switch {
	case m.TriedAt.IsZero(), m.TriedAt.After(now):
		return now
	case m.Unreached:
		return m.TriedAt.Add(again)
	}
	return m.TriedAt.Add(daily)
}
