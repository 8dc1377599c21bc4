package kitetest

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Events records what is published; its zero value is ready.
type Events struct {
	mu      sync.Mutex
	all     []kite.Event
	arrived chan struct{} // closed at the next event
}

var _ kite.Publisher = (*Events)(nil)

// Publish records the event.
func (r *Events) Publish(e kite.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, e)
	if r.arrived != nil {
		close(r.arrived)
		r.arrived = nil
	}
}

// All returns what was published so far.
func (r *Events) All() []kite.Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.all)
}

// Forget empties the record.
func (r *Events) Forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = nil
}

// patience is how long a test waits for what should come at once.
const patience = 30 * time.Second

// WaitFor returns once such an event has been recorded and fails the test if
// none comes within half a minute. It must run in the test's goroutine.
func (r *Events) WaitFor(t testing.TB, want kite.Event) {
	t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	for {
		seen, arrived := r.look(want)
		if seen {
			return
		}
		select {
		case <-arrived:
		case <-deadline.C:
			t.Fatalf("no event %+v; recorded: %+v", want, r.All())
		}
	}
}

func (r *Events) look(want kite.Event) (bool, <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.arrived == nil {
		r.arrived = make(chan struct{})
	}
	return slices.Contains(r.all, want), r.arrived
}
