package kitetest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Notifier is a kite.Notifier that records; its zero value is ready. As
// desktops do, it gives a notice that takes another's place that one's handle.
type Notifier struct {
	mu        sync.Mutex
	err       error
	shown     []ShownNotice
	withdrawn []kite.NoticeHandle
	onScreen  map[kite.NoticeHandle]kite.Notice
	answers   chan kite.NoticeAnswer
	changed   chan struct{} // closed at the next change
}

// ShownNotice is one call of Show that succeeded.
type ShownNotice struct {
	kite.Notice
	Handle   kite.NoticeHandle
	Replaces kite.NoticeHandle // as asked for
}

var _ kite.Notifier = (*Notifier)(nil)

// Show records the notice.
func (n *Notifier) Show(ctx context.Context, notice kite.Notice, replaces kite.NoticeHandle) (kite.NoticeHandle, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if err := n.refuse(ctx); err != nil {
		return "", err
	}
	handle := replaces
	if _, there := n.onScreen[replaces]; !there {
		handle = kite.NoticeHandle(fmt.Sprint("notice ", len(n.shown)+1))
	}
	if n.onScreen == nil {
		n.onScreen = map[kite.NoticeHandle]kite.Notice{}
	}
	n.onScreen[handle] = notice
	n.shown = append(n.shown, ShownNotice{notice, handle, replaces})
	n.tell()
	return handle, nil
}

// Withdraw records that the notice goes.
func (n *Notifier) Withdraw(ctx context.Context, h kite.NoticeHandle) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if err := n.refuse(ctx); err != nil {
		return err
	}
	delete(n.onScreen, h)
	n.withdrawn = append(n.withdrawn, h)
	n.tell()
	return nil
}

func (n *Notifier) refuse(ctx context.Context) error {
	if n.err != nil {
		return n.err
	}
	return ctx.Err()
}

func (n *Notifier) tell() {
	if n.changed != nil {
		close(n.changed)
		n.changed = nil
	}
}

// Fail makes every call fail with err, until it is nil again.
func (n *Notifier) Fail(err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.err = err
}

// Shown returns every notice that was shown, in order.
func (n *Notifier) Shown() []ShownNotice {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.shown)
}

// Withdrawn returns every handle that was withdrawn, in order.
func (n *Notifier) Withdrawn() []kite.NoticeHandle {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.withdrawn)
}

// OnScreen returns the notices the user would see now, by handle.
func (n *Notifier) OnScreen() map[kite.NoticeHandle]kite.Notice {
	n.mu.Lock()
	defer n.mu.Unlock()
	seen := map[kite.NoticeHandle]kite.Notice{}
	for handle, notice := range n.onScreen {
		seen[handle] = notice
	}
	return seen
}

// Answers gives what Answer and Dismiss were called with.
func (n *Notifier) Answers() <-chan kite.NoticeAnswer { return n.channel() }

func (n *Notifier) channel() chan kite.NoticeAnswer {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.answers == nil {
		n.answers = make(chan kite.NoticeAnswer, 16)
	}
	return n.answers
}

// Answer is the user's click: the notice leaves the screen and its answer is
// given to whoever reads Answers.
func (n *Notifier) Answer(h kite.NoticeHandle, do kite.Request) {
	n.Dismiss(h)
	n.channel() <- kite.NoticeAnswer{Handle: h, Do: do}
}

// Dismiss takes the notice off the screen without an answer.
func (n *Notifier) Dismiss(h kite.NoticeHandle) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.onScreen, h)
}

// WaitForShown returns once count notices have been shown, and fails the test
// if they aren't within half a minute. It must run in the test's goroutine.
func (n *Notifier) WaitForShown(t testing.TB, count int) []ShownNotice {
	t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	for {
		shown, changed := n.look()
		if len(shown) >= count {
			return shown
		}
		select {
		case <-changed:
		case <-deadline.C:
			t.Fatalf("%d notices, want %d: %+v", len(shown), count, shown)
		}
	}
}

func (n *Notifier) look() ([]ShownNotice, <-chan struct{}) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.changed == nil {
		n.changed = make(chan struct{})
	}
	return slices.Clone(n.shown), n.changed
}
