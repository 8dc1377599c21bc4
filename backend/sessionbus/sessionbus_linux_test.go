package sessionbus_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/kiteaccounts/kite-accounts/backend/dbustest"
	"github.com/kiteaccounts/kite-accounts/backend/sessionbus"
)

func TestAddress_without_a_bus_is_empty_and_launches_none(t *testing.T) {
	dbustest.NoBus(t)
	for _, value := range []string{"", "autolaunch:"} {
		t.Setenv("DBUS_SESSION_BUS_ADDRESS", value)
		if got := sessionbus.Address(); got != "" {
			t.Errorf("%q: %q", value, got)
		}
		if _, err := sessionbus.Connect(t.Context()); !errors.Is(err, sessionbus.ErrNone) {
			t.Errorf("%q: %v", value, err)
		}
		if err := sessionbus.Pin(); !errors.Is(err, sessionbus.ErrNone) {
			t.Errorf("%q: %v", value, err)
		}
	}
}

func TestPin_tells_the_socket_in_the_runtime_folder(t *testing.T) {
	b := dbustest.Start(t)
	socket := filepath.Join(os.Getenv("XDG_RUNTIME_DIR"), "bus")
	if err := os.Link(filepath.Join(b.Home, "socket"), socket); err != nil {
		t.Fatal(err)
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	if err := sessionbus.Pin(); err != nil {
		t.Fatal(err)
	}
	if got := os.Getenv("DBUS_SESSION_BUS_ADDRESS"); got != "unix:path="+socket {
		t.Error(got)
	}
	if _, err := sessionbus.Connect(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestConnect_gives_up_on_a_bus_that_hangs(t *testing.T) {
	b := dbustest.Start(t)
	b.Pause()
	defer b.Resume()
	began := time.Now()
	if _, err := sessionbus.Connect(t.Context()); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) > dbustest.Patience {
		t.Errorf("%v after %v", err, time.Since(began))
	}
}

// serving runs a link and tells each connection it gets.
func serving(t *testing.T, l *sessionbus.Link) <-chan *dbus.Conn {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	conns, ended := make(chan *dbus.Conn, 100), make(chan struct{})
	go func() {
		defer close(ended)
		l.Run(ctx, func(_ context.Context, conn *dbus.Conn, ready func()) {
			ready()
			conns <- conn
			<-conn.Context().Done()
		})
	}()
	t.Cleanup(func() { cancel(); <-ended })
	return conns
}

func TestLink_comes_back_with_the_bus(t *testing.T) {
	b := dbustest.Start(t)
	l := sessionbus.NewLink()
	l.First, l.Longest = 20*time.Millisecond, 50*time.Millisecond
	conns := serving(t, l)
	first := <-conns
	b.Kill()
	<-first.Context().Done()
	b.Revive()
	if second := <-conns; second == first || !second.Connected() {
		t.Error("the same connection")
	}
}

func TestLink_tries_at_once_when_it_is_needed(t *testing.T) {
	b := dbustest.Start(t)
	l := sessionbus.NewLink()
	l.First, l.Longest = time.Hour, time.Hour
	conns := serving(t, l)
	first := <-conns
	b.Kill()
	<-first.Context().Done()
	dbustest.Eventually(t, "a failed attempt", func() bool {
		_, err := l.Conn(t.Context())
		return errors.Is(err, sessionbus.ErrNone)
	})
	b.Revive()
	dbustest.Eventually(t, "a connection", func() bool {
		_, err := l.Conn(t.Context())
		return err == nil
	})
}

func TestLink_gives_no_connection_out_before_it_is_ready(t *testing.T) {
	dbustest.Start(t)
	l := sessionbus.NewLink()
	ctx, cancel := context.WithCancel(t.Context())
	begun, goOn, ended := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		l.Run(ctx, func(ctx context.Context, _ *dbus.Conn, ready func()) {
			close(begun)
			<-goOn
			ready()
			<-ctx.Done()
		})
	}()
	t.Cleanup(func() { cancel(); <-ended })
	<-begun
	early, give := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer give()
	if _, err := l.Conn(early); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("before: %v", err)
	}
	close(goOn)
	if _, err := l.Conn(t.Context()); err != nil {
		t.Errorf("after: %v", err)
	}
}

func TestLink_waits_for_an_attempt_once_the_connection_was_lost(t *testing.T) {
	b := dbustest.Start(t)
	l := sessionbus.NewLink()
	l.First, l.Longest = time.Hour, time.Hour
	ctx, cancel := context.WithCancel(t.Context())
	lost, goOn, ended := make(chan struct{}, 10), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		l.Run(ctx, func(_ context.Context, conn *dbus.Conn, ready func()) {
			ready()
			<-conn.Context().Done()
			lost <- struct{}{}
			<-goOn
		})
	}()
	t.Cleanup(func() { cancel(); <-ended })
	if _, err := l.Conn(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.Kill()
	<-lost
	b.Revive()
	asked := make(chan error, 1)
	go func() {
		_, err := l.Conn(t.Context())
		asked <- err
	}()
	dbustest.Eventually(t, "the question", func() bool { return l.Waiting() > 0 })
	close(goOn)
	if err := <-asked; err != nil {
		t.Errorf("Conn = %v", err)
	}
}
