package clock

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/kiteaccounts/kite-accounts/backend/dbustest"
)

const patience = 20 * time.Second

// open is a clock in a zone of its own, on no system bus.
func open(t *testing.T) (s *System, zone string) {
	t.Helper()
	t.Setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path="+filepath.Join(t.TempDir(), "none"))
	zone = filepath.Join(t.TempDir(), "localtime")
	link(t, zone, "Asia/Kathmandu")
	s = newSystem(zone, nil)
	t.Cleanup(func() { _ = s.Close() })
	return s, zone
}

// link changes the zone as timedatectl does: a new link takes the old one's
// place.
func link(t *testing.T, path, zone string) {
	t.Helper()
	if err := os.Symlink("/usr/share/zoneinfo/"+zone, path+".new"); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}

// waiting starts a Wait for a time that won't come and returns once it waits.
func waiting(ctx context.Context, t *testing.T, s *System) <-chan error {
	t.Helper()
	s.watch.mu.Lock()
	before := len(s.watch.waiting)
	s.watch.mu.Unlock()
	done := make(chan error, 1)
	go func() { done <- s.Wait(ctx, s.Now().Add(24*time.Hour)) }()
	dbustest.Eventually(t, "a Wait", func() bool {
		s.watch.mu.Lock()
		defer s.watch.mu.Unlock()
		return len(s.watch.waiting) > before
	})
	return done
}

func expect(t *testing.T, done <-chan error, want error) {
	t.Helper()
	select {
	case err := <-done:
		if !errors.Is(err, want) {
			t.Errorf("Wait = %v, want %v", err, want)
		}
	case <-time.After(patience):
		t.Fatal("Wait goes on")
	}
}

func TestWait_reaches_its_time(t *testing.T) {
	s, _ := open(t)
	if now := s.Now(); now.Location() != time.UTC || strings.Contains(now.String(), "m=") {
		t.Errorf("Now() = %v", now)
	}
	for _, d := range []time.Duration{-time.Hour, 0, time.Nanosecond, 30 * time.Millisecond} {
		until := s.Now().Add(d)
		if err := s.Wait(t.Context(), until); err != nil || s.Now().Before(until) {
			t.Errorf("Wait(%v) = %v at %v", d, err, s.Now())
		}
	}
	if err := s.Wait(t.Context(), time.Time{}); err != nil {
		t.Errorf("Wait for no time = %v", err)
	}
}

func TestWait_ends_with_its_context_at_once(t *testing.T) {
	s, _ := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := waiting(ctx, t, s)
	cancel()
	expect(t, done, context.Canceled)
	for _, until := range []time.Time{s.Now().Add(time.Hour), s.Now().Add(-time.Hour)} {
		if err := s.Wait(ctx, until); !errors.Is(err, context.Canceled) {
			t.Errorf("Wait after cancel = %v", err)
		}
	}
	done = waiting(t.Context(), t, s)
	s.watch.tell()
	expect(t, done, nil)
}

func TestWait_leaves_nothing_behind(t *testing.T) {
	before := runtime.NumGoroutine()
	s, _ := open(t)
	if err := s.Wait(t.Context(), s.Now().Add(time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	expectGoroutines(t, before+2) // for the clock and the zone, none for a system bus that isn't there
	files := openFiles(t)
	for range 50 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		if err := s.Wait(ctx, s.Now().Add(time.Hour)); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Wait = %v", err)
		}
		cancel()
	}
	expectGoroutines(t, before+2)
	if now := openFiles(t); now > files {
		t.Errorf("%d open files, before %d", now, files)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	expectGoroutines(t, before)
	if now := openFiles(t); now > files-2 {
		t.Errorf("%d open files after Close, before %d", now, files)
	}
	if err := s.Wait(t.Context(), s.Now().Add(time.Millisecond)); err != nil {
		t.Errorf("Wait after Close = %v", err)
	}
}

func expectGoroutines(t *testing.T, most int) {
	t.Helper()
	dbustest.Eventually(t, "goroutines to end", func() bool { return runtime.NumGoroutine() <= most })
}

func TestWait_without_files_to_open_still_ends(t *testing.T) {
	s, _ := open(t)
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	none := limit
	none.Cur = 3
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &none); err != nil {
		t.Fatal(err)
	}
	_, failed := newAlarm(never, 0)
	until := s.Now().Add(20 * time.Millisecond)
	err := s.Wait(t.Context(), until)
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	if !errors.Is(failed, unix.EMFILE) || err != nil || s.Now().Before(until) {
		t.Errorf("Wait = %v at %v, with %v", err, s.Now(), failed)
	}
}

func openFiles(t *testing.T) int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

func TestChange_misses_no_Wait_that_is_just_beginning(t *testing.T) {
	s, _ := open(t)
	s.start()
	for range 20 {
		done := make(chan error, 1)
		go func() { done <- s.Wait(t.Context(), s.Now().Add(24*time.Hour)) }()
		runtime.Gosched()
		s.watch.tell()
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(patience):
			t.Fatal("Wait goes on")
		}
		s.watch.mu.Lock()
		s.watch.changed = time.Time{} // so that the next one must be woken
		s.watch.mu.Unlock()
	}
}

func TestWait_after_a_change_is_short_once(t *testing.T) {
	s, _ := open(t)
	if s.watch.settling != time.Second {
		t.Errorf("a change settles in %v", s.watch.settling)
	}
	s.start()
	s.watch.settling = 2 * time.Second
	// As if the change came between the caller's look and its Wait.
	s.watch.tell()
	began := time.Now()
	if err := s.Wait(t.Context(), s.Now().Add(24*time.Hour)); err != nil || time.Since(began) < s.watch.settling {
		t.Errorf("the first Wait = %v after %v", err, time.Since(began))
	}
	until := s.Now().Add(50 * time.Millisecond)
	if err := s.Wait(t.Context(), until); err != nil || s.Now().Before(until) {
		t.Errorf("the second Wait = %v, too early", err)
	}
}

func TestZone_swapped_wakes_every_Wait(t *testing.T) {
	s, zone := open(t)
	if got := s.Zone().String(); got != "Asia/Kathmandu" {
		t.Errorf("zone = %s", got)
	}
	first, second := waiting(t.Context(), t, s), waiting(t.Context(), t, s)
	// What else happens in the folder wakes nobody.
	if err := os.WriteFile(filepath.Join(filepath.Dir(zone), "hosts"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	link(t, zone, "America/New_York")
	expect(t, first, nil)
	expect(t, second, nil)
	if got := s.Zone(); got.String() != "America/New_York" {
		t.Errorf("zone = %s", got)
	}
}

// scripted answers each Read with the next error.
type scripted []error

func (s *scripted) Read(b []byte) (int, error) {
	err := (*s)[0]
	*s = (*s)[1:]
	return len(b), err
}

// The clock of a computer can't be set by a test, so the kernel's answer is
// scripted here, and the alarm that asks for it is a real one below.
func TestClock_that_is_set_is_told_each_time(t *testing.T) {
	set := &os.PathError{Op: "read", Path: "alarm", Err: unix.ECANCELED}
	told := 0
	followClock(&scripted{set, nil, set, os.ErrClosed}, func() { told++ })
	if told != 2 {
		t.Errorf("told %d times", told)
	}
}

func TestAlarm_for_a_set_clock_is_accepted_by_the_kernel(t *testing.T) {
	alarm, err := newAlarm(never, unix.TFD_TIMER_CANCEL_ON_SET)
	if err != nil {
		t.Fatal(err)
	}
	defer alarm.Close() //nolint:errcheck // nothing was written
	raw, err := alarm.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var rest unix.ItimerSpec
	if err := raw.Control(func(fd uintptr) { err = unix.TimerfdGettime(int(fd), &rest) }); err != nil {
		t.Fatal(err)
	}
	if err != nil || time.Duration(rest.Value.Nano()) < 100*365*24*time.Hour {
		t.Errorf("rings in %v, %v", time.Duration(rest.Value.Nano()), err)
	}
	wake(alarm)
	if err := ring(alarm); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("ring = %v", err)
	}
}
