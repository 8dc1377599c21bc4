package sessions

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// sideBySide is how many sessions are asked after at once. How often one API
// key may ask is the broker's business.
const sideBySide = 16

// Summary counts the outcomes of CheckAll.
type Summary struct {
	Checked int
	Alive   int // Kite answered for them
	Ended   int // Kite no longer accepts them
	Unknown int // no answer of Kite's; they stay as they are
}

// CheckAll asks Kite after every living session, side by side. LastCheck then
// tells the outcome of each; ELOCKED if the vault isn't open.
func (s *Service) CheckAll(ctx context.Context) (Summary, error) {
	latest, err := s.Sessions.LatestSessions(ctx)
	if err != nil {
		return Summary{}, fmt.Errorf("check all: %w", err)
	}
	var mu sync.Mutex
	var sum Summary
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(sideBySide)
	for accountID, session := range latest {
		if !session.LiveAt(s.Clock.Now()) {
			continue
		}
		group.Go(func() error {
			test, err := s.Test(ctx, accountID)
			mu.Lock()
			defer mu.Unlock()
			return sum.add(test, err)
		})
	}
	err = group.Wait()
	return sum, err
}

// add counts one outcome. What says nothing about the session stops the rest:
// without an open vault no token can be read.
func (sum *Summary) add(test Test, err error) error {
	switch {
	case slices.Contains([]string{kite.ENOTFOUND, kite.ENOSESSION, kite.EENDED}, kite.ErrorCode(err)):
		return nil // it ended meanwhile
	case kite.ErrorCode(err) == kite.ELOCKED:
		return err
	case err == nil && test.Err == nil:
		sum.Alive++
	case err == nil && test.Err.Code == kite.ETOKEN:
		sum.Ended++
	default:
		sum.Unknown++
	}
	sum.Checked++
	return nil
}
