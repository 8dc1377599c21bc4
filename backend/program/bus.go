package program

import (
	"sync"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Bus hands every event to all who follow, in order, on the publisher's
// goroutine.
type Bus struct {
	mu        sync.RWMutex
	followers []func(kite.Event)
	ofOwn     []func(kite.Event)
}

var _ kite.Publisher = (*Bus)(nil)

// Follow adds a follower, which must not block.
func (b *Bus) Follow(f func(kite.Event)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.followers = append(b.followers, f)
}

// FollowOwn adds a follower of what happens in this process only.
func (b *Bus) FollowOwn(f func(kite.Event)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ofOwn = append(b.ofOwn, f)
}

// Publish calls the followers.
func (b *Bus) Publish(e kite.Event) {
	b.Relay(e)
	b.mu.RLock()
	followers := b.ofOwn
	b.mu.RUnlock()
	for _, f := range followers {
		f(e)
	}
}

// Relay is Publish for what happened in another process.
func (b *Bus) Relay(e kite.Event) {
	b.mu.RLock()
	followers := b.followers
	b.mu.RUnlock()
	for _, f := range followers {
		f(e)
	}
}
