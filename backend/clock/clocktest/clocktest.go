//go:build !e2e

// Package clocktest gives the processes of a test a clock by which it is
// morning: what programs say and do depends on the time of day, and tests are
// run at any.
package clocktest

import (
	"context"
	"os"
	"time"
	_ "unsafe" // for go:linkname

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// shiftVar tells the processes that a test starts how far off their clock is.
const shiftVar = "CLOCKTEST_SHIFT"

// computers is the clock of every data folder.
//
//go:linkname computers github.com/kiteaccounts/kite-accounts/backend/clock.computers
var computers func() kite.Clock

// shifted is a clock that is off by always the same.
type shifted struct {
	kite.Clock
	by time.Duration
}

func (s shifted) Now() time.Time { return s.Clock.Now().Add(s.by) }

func (s shifted) Wait(ctx context.Context, t time.Time) error {
	return s.Clock.Wait(ctx, t.Add(-s.by))
}

// Morning lets every data folder's clock go from 10:00 IST of this day on, when
// sessions are far from their end and Kite clears none. It is for TestMain, and
// holds for what is started with this process's environment too.
func Morning() error {
	own := computers()
	by, err := time.ParseDuration(os.Getenv(shiftVar))
	if err != nil {
		now := own.Now().In(kite.IST)
		by = time.Date(now.Year(), now.Month(), now.Day(), 10, 0, 0, 0, kite.IST).Sub(now)
		if err := os.Setenv(shiftVar, by.String()); err != nil {
			return err
		}
	}
	computers = func() kite.Clock { return shifted{own, by} }
	return nil
}

// Environment is the variable that makes it so for a process that is started
// with an environment of its own.
func Environment() (name, value string) { return shiftVar, os.Getenv(shiftVar) }
