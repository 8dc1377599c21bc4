package clock

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/kiteaccounts/kite-accounts/backend/dbustest"
)

// logind is a bus on which the test itself announces suspends and their ends.
func logind(t *testing.T) *dbustest.Bus {
	t.Helper()
	bus := dbustest.Start(t)
	t.Setenv("DBUS_SYSTEM_BUS_ADDRESS", os.Getenv("DBUS_SESSION_BUS_ADDRESS"))
	if reply, err := bus.Conn().RequestName(login1, 0); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatalf("own %s: %v, %v", login1, reply, err)
	}
	return bus
}

// emit returns when the bus has passed the signal on.
func emit(t *testing.T, conn *dbus.Conn, name string, value any) {
	t.Helper()
	if err := conn.Emit(login1Path, name, value); err != nil {
		t.Fatal(err)
	}
	if err := conn.BusObject().Call("org.freedesktop.DBus.GetId", 0).Err; err != nil {
		t.Fatal(err)
	}
}

func TestResume_wakes_a_Wait(t *testing.T) {
	s, _ := open(t)
	bus := logind(t)
	done := waiting(t.Context(), t, s)
	dbustest.Eventually(t, "a resume to be heard", func() bool { // the connection may still be on its way
		emit(t, bus.Conn(), manager+"."+sleeping, false)
		return len(done) == 1
	})
	expect(t, done, nil)
}

func TestLogind_alone_is_heard_and_nothing_else_of_it(t *testing.T) {
	bus := logind(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	signals, err := hearLogind(ctx)
	if err != nil {
		t.Fatal(err)
	}
	emit(t, bus.Connect(), manager+"."+sleeping, false) // a stranger
	emit(t, bus.Conn(), manager+".SessionNew", false)
	emit(t, bus.Conn(), login1+".Session.PrepareForSleep", false)
	emit(t, bus.Conn(), manager+"."+sleeping, true)
	emit(t, bus.Conn(), manager+"."+sleeping, false)
	for _, want := range []bool{true, false} {
		s := next(t, signals)
		if s.Name != manager+"."+sleeping || s.Body[0] != want || resumed(s) == want {
			t.Errorf("heard %+v, want %t", s, want)
		}
	}
	cancel()
	for range signals { // ends with the connection
	}
}

// next is the next signal that isn't the bus's own greeting.
func next(t *testing.T, signals <-chan *dbus.Signal) *dbus.Signal {
	t.Helper()
	for {
		select {
		case s := <-signals:
			if s.Sender != "org.freedesktop.DBus" {
				return s
			}
		case <-time.After(patience):
			t.Fatal("no signal")
		}
	}
}

func TestResumed_is_the_signal_after_the_suspend(t *testing.T) {
	for name, c := range map[string]struct {
		signal dbus.Signal
		want   bool
	}{
		"resumed":        {dbus.Signal{Name: manager + "." + sleeping, Body: []any{false}}, true},
		"going to sleep": {dbus.Signal{Name: manager + "." + sleeping, Body: []any{true}}, false},
		"of no meaning":  {dbus.Signal{Name: manager + "." + sleeping}, false},
		"of another":     {dbus.Signal{Name: manager + ".PrepareForShutdown", Body: []any{false}}, false},
		"a text":         {dbus.Signal{Name: manager + "." + sleeping, Body: []any{"false"}}, false},
	} {
		if got := resumed(&c.signal); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

func TestSystemBus_that_dies_leaves_the_rest_working(t *testing.T) {
	s, zone := open(t)
	bus := logind(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	signals, err := hearLogind(ctx)
	if err != nil {
		t.Fatal(err)
	}
	done := waiting(t.Context(), t, s)
	bus.Kill()
	for range signals { // ends with the bus
	}
	link(t, zone, "Europe/Berlin")
	expect(t, done, nil)
	if err := s.Wait(t.Context(), s.Now().Add(time.Millisecond)); err != nil {
		t.Errorf("Wait = %v", err)
	}
}

func TestSystemBus_that_does_not_answer_holds_nothing_up(t *testing.T) {
	s, zone := open(t)
	bus := logind(t)
	bus.Pause()
	defer bus.Resume()
	done := waiting(t.Context(), t, s)
	link(t, zone, "Europe/Berlin")
	expect(t, done, nil)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
