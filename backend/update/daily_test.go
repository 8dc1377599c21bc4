package update_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/update"
)

// run starts the daily check and returns what ends it.
func run(t *testing.T, c *checker) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var work sync.WaitGroup
	work.Go(func() { c.Run(ctx) })
	return sync.OnceFunc(func() { cancel(); work.Wait() })
}

// runUntilIdle runs it until it waits for the next time.
func runUntilIdle(t *testing.T, c *checker) {
	t.Helper()
	stop := run(t, c)
	c.clock.BlockUntilWaiting(1)
	stop()
}

func TestDaily_is_off_until_switched_on(t *testing.T) {
	keys, s := newSigner(t), newServer(t)
	s.serve(t, keys, feedOf(release("1.3.0")))
	c := newChecker(t, "1.2.3", s.source(t, keys.public))
	stop := run(t, c)
	defer stop()
	c.clock.BlockUntilWaiting(1)
	c.clock.Advance(30 * 24 * time.Hour)
	c.clock.BlockUntilWaiting(1)
	if n := len(s.asked()); n > 0 {
		t.Fatalf("asked %d times though it is off", n)
	}
	c.switchOn(t, true)
	c.Wake()
	c.expectRequests(t, s, 2)
	c.switchOn(t, false)
	c.Wake()
	c.clock.Advance(48 * time.Hour)
	c.clock.BlockUntilWaiting(1)
	stop()
	if n := len(s.asked()); n != 2 {
		t.Errorf("asked %d times in all, also after it was switched off", n)
	}
}

// expectRequests waits for so many more requests.
func (c *checker) expectRequests(t *testing.T, s *server, n int) {
	t.Helper()
	for range n {
		select {
		case <-s.arrivedAt:
		case <-time.After(time.Minute):
			t.Fatal("no request")
		}
	}
}

func TestDaily_asks_once_in_24_hours_also_over_restarts(t *testing.T) {
	keys, s := newSigner(t), newServer(t)
	s.serve(t, keys, feedOf(release("1.2.3")))
	c := newChecker(t, "1.2.3", s.source(t, keys.public))
	c.switchOn(t, true)
	for _, step := range []struct {
		later time.Duration
		asked int // in all; a check is two requests
	}{{0, 2}, {0, 2}, {23 * time.Hour, 2}, {59 * time.Minute, 2}, {time.Minute, 4}, {time.Hour, 4}, {-48 * time.Hour, 6}} {
		c.clock.Advance(step.later)
		runUntilIdle(t, c)
		if n := len(s.asked()); n != step.asked {
			t.Errorf("%s later: asked %d times, want %d", step.later, n, step.asked)
		}
	}
}

func TestDaily_goes_on_in_an_open_window(t *testing.T) {
	keys, s := newSigner(t), newServer(t)
	s.serve(t, keys, feedOf(release("1.2.3")))
	c := newChecker(t, "1.2.3", s.source(t, keys.public))
	c.switchOn(t, true)
	stop := run(t, c)
	defer stop()
	for range 3 {
		c.expectRequests(t, s, 2)
		c.clock.BlockUntilWaiting(1)
		c.clock.Advance(24 * time.Hour)
	}
}

func TestDaily_tries_again_after_an_hour_without_a_network_and_after_a_day_otherwise(t *testing.T) {
	keys, stranger, s := newSigner(t), newSigner(t), newServer(t)
	s.at("/feed.json", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	c := newChecker(t, "1.2.3", s.source(t, keys.public))
	c.switchOn(t, true)
	runUntilIdle(t, c)
	runUntilIdle(t, c)
	if n := len(s.asked()); n != 1 {
		t.Errorf("asked %d times at once", n)
	}
	s.serve(t, stranger, feedOf(release("9.9.9")))
	c.clock.Advance(time.Hour)
	runUntilIdle(t, c)
	if n := len(s.asked()); n != 3 {
		t.Errorf("asked %d times after an hour", n)
	}
	c.clock.Advance(23 * time.Hour)
	runUntilIdle(t, c)
	if n := len(s.asked()); n != 3 {
		t.Errorf("asked %d times within a day of a wrong signature", n)
	}
	if text := c.log.String(); strings.Count(text, "not checked for updates") != 2 || strings.Contains(text, "://") {
		t.Errorf("log: %s", text)
	}
	if got := c.status(t); got.Result != update.ResultNever {
		t.Errorf("%+v", got)
	}
}

func TestDaily_tells_that_something_changed(t *testing.T) {
	keys, s := newSigner(t), newServer(t)
	s.serve(t, keys, feedOf(release("1.3.0")))
	c := newChecker(t, "1.2.3", s.source(t, keys.public))
	c.switchOn(t, true)
	runUntilIdle(t, c)
	c.events.WaitFor(t, kite.Event{Type: kite.UpdateChanged})
}

// TestDaily_does_not_hammer: a try that can't be kept would be due at once.
func TestDaily_does_not_hammer_where_nothing_can_be_kept(t *testing.T) {
	keys, s := newSigner(t), newServer(t)
	s.serve(t, keys, feedOf(release("1.3.0")))
	c := newChecker(t, "1.2.3", s.source(t, keys.public))
	c.switchOn(t, true)
	c.Settings = readOnly{c.Settings}
	runUntilIdle(t, c)
	if n := len(s.asked()); n != 2 {
		t.Errorf("asked %d times", n)
	}
}

type readOnly struct{ kite.Settings }

func (readOnly) SetSetting(context.Context, string, string) error {
	return kite.Errorf(kite.EDATA, "The database can't be written.")
}
