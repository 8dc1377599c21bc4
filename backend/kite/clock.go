package kite

import (
	"context"
	"time"
)

// Clock tells the wall-clock time. Everything that depends on the time of day
// takes one.
type Clock interface {
	// Now is the current time in UTC, without a monotonic reading: sessions
	// end by the wall clock, and the monotonic one stops during suspend.
	Now() time.Time
	// Wait returns nil once the wall clock has reached t, and possibly
	// earlier (the caller compares again); it returns ctx.Err() when ctx ends.
	// It notices a clock that was set, a computer that resumed and a changed
	// time zone at once where the platform tells, else within a minute.
	Wait(ctx context.Context, t time.Time) error
	// Zone is the user's time zone now; it may change while the program runs.
	Zone() *time.Location
}

// WaitOrWake waits until t by the clock, for a clock that was moved, or for a
// wake-up, whatever comes first; it returns ctx.Err() when ctx ends. A wake-up
// that comes later is left for the next call.
func WaitOrWake(ctx context.Context, clock Clock, t time.Time, wake <-chan struct{}) error {
	waiting, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		select {
		case <-wake:
			cancel()
		case <-waiting.Done():
		}
	}()
	_ = clock.Wait(waiting, t)
	cancel()
	<-done
	return ctx.Err()
}

// SystemClock is the computer's clock.
type SystemClock struct{}

var _ Clock = SystemClock{}

// longestWait bounds a Wait, since a timer counts monotonic time and would
// sleep through a suspend or a clock set by hand.
const longestWait = time.Minute

// Now is the computer's time in UTC.
func (SystemClock) Now() time.Time { return time.Now().UTC().Round(0) }

// Zone is the zone the process started in.
func (SystemClock) Zone() *time.Location { return time.Local }

// Wait sleeps until t, at most a minute.
func (c SystemClock) Wait(ctx context.Context, t time.Time) error {
	timer := time.NewTimer(min(max(t.Sub(c.Now()), 0), longestWait))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
