package clipboard

import (
	"sync"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// DefaultClearAfter is how long a secret stays on the clipboard.
const DefaultClearAfter = 30 * time.Second

// Board is the desktop's clipboard. It may be used from any goroutine; its
// errors are *kite.Error.
type Board interface {
	// Set makes text the clipboard's content and returns a number for this
	// very copy. A secret is marked so that clipboard managers don't keep it.
	Set(text string, secret bool) (copied uint64, err error)
	// Clear empties the clipboard if it still holds that copy, and does
	// nothing otherwise.
	Clear(copied uint64) error
}

// Keeper copies to a Board and clears secrets from it.
type Keeper struct {
	// ClearAfter may be changed before the first Copy.
	ClearAfter time.Duration
	// Now and AfterFunc are time.Now and time.AfterFunc unless a test moves
	// time; stop must be safe to call after the timer fired.
	Now       func() time.Time
	AfterFunc func(d time.Duration, f func()) (stop func() bool)

	board Board

	mu      sync.Mutex
	pending uint64      // the Board's number of the secret that is to be cleared
	stop    func() bool // stops its timer; nil if none is to be cleared
}

// New makes a Keeper of the board with the default time to clear.
func New(board Board) *Keeper {
	return &Keeper{
		ClearAfter: DefaultClearAfter,
		Now:        time.Now,
		AfterFunc: func(d time.Duration, f func()) func() bool {
			return time.AfterFunc(d, f).Stop
		},
		board: board,
	}
}

// Copy puts text on the clipboard. For a secret it returns when it will be
// cleared, in UTC; for anything else the zero time.
func (k *Keeper) Copy(text kite.Secret, secret bool) (clearsAt time.Time, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	copied, err := k.board.Set(text.Reveal(), secret)
	if err != nil {
		return time.Time{}, err
	}
	k.forget()
	if !secret {
		return time.Time{}, nil
	}
	k.pending = copied
	k.stop = k.AfterFunc(k.ClearAfter, func() { k.expire(copied) })
	return k.Now().Add(k.ClearAfter).UTC(), nil
}

// Close takes a secret back that still waits to be cleared. The desktop's loop
// must still run.
func (k *Keeper) Close() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.clear()
}

func (k *Keeper) expire(copied uint64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.pending == copied {
		_ = k.clear() // the desktop's loop has ended, and its clipboard with it
	}
}

// clear and forget need k.mu.
func (k *Keeper) clear() error {
	if k.stop == nil {
		return nil
	}
	copied := k.pending
	k.forget()
	return k.board.Clear(copied)
}

func (k *Keeper) forget() {
	if k.stop != nil {
		k.stop()
		k.stop = nil
	}
}
