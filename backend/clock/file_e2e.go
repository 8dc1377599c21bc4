//go:build e2e

package clock

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// FileName is the file in the data folder that holds the offset from the
// computer's clock, such as "-3h12m5s".
const FileName = "test-clock"

// poll is how soon a moved clock is noticed.
const poll = 100 * time.Millisecond

// ForDataDir is a clock that a test moves by writing FileName.
func ForDataDir(dir string) kite.Clock { return fileClock{filepath.Join(dir, FileName)} }

type fileClock struct{ path string }

var _ kite.Clock = fileClock{}

func (c fileClock) offset() time.Duration {
	text, err := os.ReadFile(c.path)
	if err != nil {
		return 0
	}
	d, err := time.ParseDuration(strings.TrimSpace(string(text)))
	if err != nil {
		return 0
	}
	return d
}

func (c fileClock) Now() time.Time { return time.Now().UTC().Round(0).Add(c.offset()) }

func (c fileClock) Zone() *time.Location { return time.Local }

func (c fileClock) Wait(ctx context.Context, t time.Time) error {
	ticker := time.NewTicker(poll)
	defer ticker.Stop()
	start := c.offset()
	for c.Now().Before(t) && c.offset() == start {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
	}
	return ctx.Err()
}
