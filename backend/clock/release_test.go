//go:build !e2e

package clock

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestRelease_has_the_computers_clock_whatever_is_in_the_data_folder(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "test-clock"), []byte("24h\nAsia/Tokyo\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	clock := ForDataDir(dir)
	if d := time.Since(clock.Now()); d < -time.Minute || d > time.Minute {
		t.Errorf("the clock is %v off", d)
	}
	if zone := clock.Zone(); zone == nil || zone.String() == "Asia/Tokyo" {
		t.Errorf("zone = %v", zone)
	}
	if ForDataDir(t.TempDir()) != clock {
		t.Error("a process follows changes twice")
	}
}
