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

// FileName is the file in the data folder whose first line is the offset from
// the computer's clock, such as "-3h12m5s". A second line, such as
// "America/New_York", is the time zone.
const FileName = "test-clock"

// poll is how soon a moved clock is noticed.
const poll = 100 * time.Millisecond

// ForDataDir is a clock that a test moves by writing FileName.
func ForDataDir(dir string) kite.Clock { return fileClock{filepath.Join(dir, FileName)} }

type fileClock struct{ path string }

var _ kite.Clock = fileClock{}

// setting is what the file says; what it doesn't say, or not rightly, is the
// computer's.
type setting struct {
	offset time.Duration
	zone   string
}

func (c fileClock) setting() (s setting) {
	text, err := os.ReadFile(c.path)
	if err != nil {
		return s
	}
	offset, zone, _ := strings.Cut(string(text), "\n")
	s.offset, _ = time.ParseDuration(strings.TrimSpace(offset))
	s.zone = strings.TrimSpace(zone)
	return s
}

func (c fileClock) Now() time.Time { return time.Now().UTC().Round(0).Add(c.setting().offset) }

func (c fileClock) Zone() *time.Location {
	if name := c.setting().zone; name != "" {
		if zone, err := time.LoadLocation(name); err == nil {
			return zone
		}
	}
	return time.Local
}

func (c fileClock) Wait(ctx context.Context, t time.Time) error {
	ticker := time.NewTicker(poll)
	defer ticker.Stop()
	start := c.setting()
	for c.Now().Before(t) && c.setting() == start {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
	}
	return ctx.Err()
}
