package clock

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// System is the computer's clock. Nothing wakes the process while it waits. Its
// first Wait starts three goroutines that follow changes, for all later ones.
type System struct {
	zone  *localZone
	watch *watcher
	start func()
}

var _ kite.Clock = (*System)(nil)

// New is the computer's clock and time zone; a zone in $TZ is fixed.
func New() *System { return newSystem(localtime, zoneOfEnvironment()) }

func newSystem(zonePath string, fixed *time.Location) *System {
	s := &System{zone: &localZone{path: zonePath, fixed: fixed}, watch: newWatcher()}
	s.start = sync.OnceFunc(func() { s.watch.start(s.zone) })
	return s
}

// Close ends what follows changes; a Wait then returns at its time only.
func (s *System) Close() error {
	s.watch.close()
	return nil
}

// Now is the computer's time in UTC.
func (s *System) Now() time.Time { return time.Now().UTC().Round(0) }

// Zone is the time zone of the computer at this moment.
func (s *System) Zone() *time.Location { return s.zone.location() }

// Wait returns at t, or as soon as the clock is set, the computer resumes or
// the time zone changes.
func (s *System) Wait(ctx context.Context, t time.Time) error {
	s.start()
	if ctx.Err() != nil || !s.Now().Before(t) {
		return ctx.Err()
	}
	alarm, err := newAlarm(t, 0)
	if err != nil { // too many open files
		return kite.SystemClock{}.Wait(ctx, t)
	}
	defer alarm.Close() //nolint:errcheck // nothing was written
	defer s.watch.wakes(alarm)()
	defer context.AfterFunc(ctx, func() { wake(alarm) })()
	if err := ring(alarm); err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
		return kite.SystemClock{}.Wait(ctx, t)
	}
	return ctx.Err()
}
