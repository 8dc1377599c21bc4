//go:build e2e

package clock

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func set(t *testing.T, dir, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, FileName), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestFileClock_reads_offset_and_zone(t *testing.T) {
	dir := t.TempDir()
	clock := ForDataDir(dir)
	local := time.Local.String()
	for text, want := range map[string]struct {
		offset time.Duration
		zone   string
	}{
		"": {0, local}, "-3h12m": {-3*time.Hour - 12*time.Minute, local}, "24h\n": {24 * time.Hour, local},
		"1h\nAmerica/New_York\n": {time.Hour, "America/New_York"}, "\nAsia/Kathmandu": {0, "Asia/Kathmandu"},
		"nonsense\nNo/Such": {0, local}, "2h\r\nAsia/Tokyo\r\n": {2 * time.Hour, "Asia/Tokyo"},
	} {
		set(t, dir, text)
		if off := time.Until(clock.Now()) - want.offset; off < -time.Minute || off > time.Minute {
			t.Errorf("%q: the clock is %v off", text, off)
		}
		if got := clock.Zone().String(); got != want.zone {
			t.Errorf("%q: zone = %s, want %s", text, got, want.zone)
		}
	}
}

func TestFileClock_waits_until_its_time_or_a_change(t *testing.T) {
	dir := t.TempDir()
	clock := ForDataDir(dir)
	for _, text := range []string{"1h", "1h\nAmerica/New_York", "0s\nAmerica/New_York"} {
		done := make(chan error)
		go func() { done <- clock.Wait(t.Context(), clock.Now().Add(24*time.Hour)) }()
		select {
		case err := <-done:
			t.Fatalf("before %q: %v", text, err)
		case <-time.After(2 * poll):
		}
		set(t, dir, text)
		select {
		case err := <-done:
			if err != nil {
				t.Errorf("%q: %v", text, err)
			}
		case <-time.After(50 * poll):
			t.Fatalf("%q isn't noticed", text)
		}
	}
	until := clock.Now().Add(poll)
	if err := clock.Wait(t.Context(), until); err != nil || clock.Now().Before(until) {
		t.Errorf("Wait = %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := clock.Wait(ctx, clock.Now().Add(time.Hour)); !errors.Is(err, context.Canceled) {
		t.Errorf("Wait after cancel = %v", err)
	}
}
