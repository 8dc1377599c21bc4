package kiteapp

import (
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// clockFile is where a program built for tests reads the offset from the
// computer's clock, and in a second line its time zone.
const clockFile = "test-clock"

// clock is what is in that file.
type clock struct {
	offset time.Duration
	zone   string
}

// Now is the time by the program's clock.
func (a *App) Now() time.Time { return time.Now().Add(a.clock.offset) }

// SetClock makes it that time for the program and its sandbox.
func (a *App) SetClock(t time.Time) error {
	a.clock.offset = time.Until(t).Round(time.Millisecond)
	return a.writeClock()
}

// SetZone takes the program to another time zone while it runs, by its IANA
// name; the desktop's own stays as it is.
func (a *App) SetZone(name string) error {
	a.clock.zone = name
	return a.writeClock()
}

func (a *App) writeClock() error {
	text := a.clock.offset.String() + "\n"
	if a.clock.zone != "" {
		text += a.clock.zone + "\n"
	}
	path := filepath.Join(a.DataDir, clockFile)
	if err := os.WriteFile(path+".new", []byte(text), 0o644); err != nil { //nolint:gosec // read by the desktop's user
		return fmt.Errorf("set clock: %w", err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("set clock: %w", err)
	}
	return nil
}
