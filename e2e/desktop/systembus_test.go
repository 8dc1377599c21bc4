//go:build e2e

package desktop_test

import (
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
)

func TestSuspendAndResumeAreTold(t *testing.T) {
	d := start(t, desktop.Options{SystemBus: true})
	conn, err := d.SystemBus()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // only read
	if err := conn.AddMatchSignal(dbus.WithMatchInterface("org.freedesktop.login1.Manager"),
		dbus.WithMatchMember("PrepareForSleep"), dbus.WithMatchSender("org.freedesktop.login1")); err != nil {
		t.Fatal(err)
	}
	signals := make(chan *dbus.Signal, 2)
	conn.Signal(signals)
	for _, step := range []struct {
		do     func() error
		begins bool
	}{{d.Sleep, true}, {d.Resume, false}} {
		if err := step.do(); err != nil {
			t.Fatal(err)
		}
		select {
		case signal := <-signals:
			if signal.Body[0] != step.begins {
				t.Errorf("told %v, want %t", signal.Body, step.begins)
			}
		case <-time.After(limit):
			t.Fatal("nothing was told")
		}
	}
}

func TestDesktopHasNoSystemBusOfTheComputer(t *testing.T) {
	d := start(t, desktop.Options{})
	if _, err := d.Command("", "dbus-send", "--system", "--print-reply", "--dest=org.freedesktop.DBus", "/", "org.freedesktop.DBus.ListNames"); err == nil {
		t.Error("a program of the desktop reached the computer's system bus")
	}
	if err := d.Sleep(); err == nil {
		t.Error("a desktop without a system bus told of suspend")
	}
}
