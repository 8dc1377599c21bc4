// Package kitetest has what tests of several packages share: a clock set by
// hand, an event recorder, fixtures, and the contract suites that every
// implementation of a domain interface runs.
package kitetest

import (
	"context"
	"sync"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Clock is a kite.Clock that moves only when told to.
type Clock struct {
	mu      sync.Mutex
	now     time.Time
	changed chan struct{}
	waiting int
	waiters *sync.Cond
	zone    *time.Location
}

var _ kite.Clock = (*Clock)(nil)

// NewClock starts at that time.
func NewClock(now time.Time) *Clock {
	c := &Clock{now: now.UTC(), changed: make(chan struct{})}
	c.waiters = sync.NewCond(&c.mu)
	return c
}

// ISTClock starts at a time of day in IST, such as
// ISTClock(2026, time.November, 23, 10, 0).
func ISTClock(year int, month time.Month, day, hour, minute int) *Clock {
	return NewClock(time.Date(year, month, day, hour, minute, 0, 0, kite.IST))
}

// Now is the time it was set to.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Zone is IST until SetZone.
func (c *Clock) Zone() *time.Location {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.zone == nil {
		return kite.IST
	}
	return c.zone
}

// SetZone moves the computer to another time zone and wakes every Wait.
func (c *Clock) SetZone(zone *time.Location) {
	c.mu.Lock()
	c.zone = zone
	c.mu.Unlock()
	c.Advance(0)
}

// Set moves the clock, forward or back, and wakes every Wait. From here on
// nobody counts as waiting who hasn't seen the new time.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t.UTC()
	close(c.changed)
	c.changed = make(chan struct{})
	c.waiting = 0
}

// Advance moves the clock by d.
func (c *Clock) Advance(d time.Duration) { c.Set(c.Now().Add(d)) }

// Wait returns when the clock has reached t or was moved.
func (c *Clock) Wait(ctx context.Context, t time.Time) error {
	c.mu.Lock()
	if !c.now.Before(t) {
		c.mu.Unlock()
		return ctx.Err()
	}
	changed := c.changed
	c.waiting++
	c.waiters.Broadcast()
	c.mu.Unlock()
	select {
	case <-ctx.Done():
		c.leave(changed)
		return ctx.Err()
	case <-changed:
		return nil
	}
}

// leave takes one who gives up out of those who wait for that change.
func (c *Clock) leave(change chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.changed == change {
		c.waiting--
	}
}

// BlockUntilWaiting returns once n goroutines are in Wait, at the time that it
// is now.
func (c *Clock) BlockUntilWaiting(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.waiting < n {
		c.waiters.Wait()
	}
}
