package program

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gofrs/flock"

	"github.com/kiteaccounts/kite-accounts/backend/datadir"
)

// AgentRole is the role whose lock the one process holds that tells of
// sessions: the agent, or the window where no agent can be had.
const AgentRole = "agent"

// ErrWatched says that another process tells of the data folder's sessions.
var ErrWatched = errors.New("another process watches these sessions already")

// lockPoll is how often a lock that another process holds is tried.
const lockPoll = 100 * time.Millisecond

// awaitAgentLock is lockAgent with some patience.
func awaitAgentLock(ctx context.Context, dir datadir.Dir, patience time.Duration) (release func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	lock := flock.New(dir.Lock(AgentRole), flock.SetPermissions(0o600))
	if _, err := lock.TryLockContext(ctx, lockPoll); err != nil {
		return nil, fmt.Errorf("lock data folder: %w", errors.Join(ErrWatched, err))
	}
	return func() { _ = lock.Unlock() }, nil
}

// lockAgent takes the lock; ErrWatched if another process has it.
func lockAgent(dir datadir.Dir) (release func(), err error) {
	lock := flock.New(dir.Lock(AgentRole), flock.SetPermissions(0o600))
	got, err := lock.TryLock()
	switch {
	case err != nil:
		return nil, fmt.Errorf("lock data folder: %w", err)
	case !got:
		return nil, ErrWatched
	}
	return func() { _ = lock.Unlock() }, nil
}
