//go:build e2e

package desktop_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
)

// sender sends notices as programs do and hears what is answered.
type sender struct {
	conn    *dbus.Conn
	signals chan *dbus.Signal
}

func newSender(t *testing.T, d *desktop.Desktop) sender {
	t.Helper()
	conn, err := d.Bus()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.AddMatchSignal(dbus.WithMatchInterface("org.freedesktop.Notifications")); err != nil {
		t.Fatal(err)
	}
	signals := make(chan *dbus.Signal, 20)
	conn.Signal(signals)
	return sender{conn, signals}
}

func (s sender) object() dbus.BusObject {
	return s.conn.Object("org.freedesktop.Notifications", "/org/freedesktop/Notifications")
}

func (s sender) send(ctx context.Context, replaces uint32, title, body string) (id uint32, err error) {
	actions := []string{"default", "Open", "login", "Log in again", "later", "Later"}
	err = s.object().CallWithContext(ctx, "org.freedesktop.Notifications.Notify", 0, "Trial", replaces, "", title, body,
		actions, map[string]dbus.Variant{"urgency": dbus.MakeVariant(byte(2))}, int32(0)).Store(&id)
	return id, err
}

// hears waits for a signal about the notice with that argument.
func (s sender) hears(t *testing.T, member string, id uint32, argument any) {
	t.Helper()
	for deadline := time.After(limit); ; {
		select {
		case signal := <-s.signals:
			if signal.Name == "org.freedesktop.Notifications."+member && slices.Equal(signal.Body, []any{id, argument}) {
				return
			}
		case <-deadline:
			t.Fatalf("no signal %s of %d with %v", member, id, argument)
		}
	}
}

// awaitTold waits for what the desktop has noted, which may be a moment late.
func awaitTold(t *testing.T, d *desktop.Desktop, as func([]desktop.Told) bool) []desktop.Told {
	t.Helper()
	if err := desktop.Await("what was sent to be noted", limit, func() bool { return as(d.Told()) }); err != nil {
		t.Fatalf("%v: %+v", err, d.Told())
	}
	return d.Told()
}

// The reasons why a notice closes.
const (
	dismissed = uint32(2)
	closed    = uint32(3)
)

func TestNoticesAreReadAndAnswered(t *testing.T) {
	d := start(t, desktop.Options{Notifications: desktop.NotificationsBubble, Panel: true})
	s := newSender(t, d)
	send := func(replaces uint32, title string) uint32 {
		t.Helper()
		id, err := s.send(t.Context(), replaces, title, "Personal &lt;3, <b>HUF</b>")
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	ok := func(errs ...error) {
		t.Helper()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
	}
	id := send(0, "3 sessions end")
	shown, err := d.AwaitNotice("3 sessions end")
	ok(err)
	if shown.Body != "Personal <3, HUF" || !slices.Equal(shown.Buttons, []string{"Log in again", "Later"}) {
		t.Errorf("shown: %+v", shown)
	}
	if again := send(id, "2 sessions end"); again != id {
		t.Errorf("%d was replaced by %d", id, again)
	}
	ok(d.AwaitNoNotice("3 sessions end"))
	ok(d.AnswerNotice("2 sessions end", "Log in again"))
	s.hears(t, "ActionInvoked", id, "login")
	ok(d.AwaitNoNotice("2 sessions"))

	id = send(0, "1 session ends")
	ok(d.ClickNotice("1 session ends"))
	s.hears(t, "ActionInvoked", id, "default")

	id = send(0, "None is left")
	ok(d.DismissNotice("None is left"))
	s.hears(t, "NotificationClosed", id, dismissed)

	told := awaitTold(t, d, func(told []desktop.Told) bool { return len(told) == 4 && told[3].ID == id })
	if told[1].Replaces != told[0].ID || told[1].Title != "2 sessions end" || told[1].Urgency != 2 ||
		!slices.Equal(told[1].Actions, []string{"Log in again", "Later"}) || told[1].App != "Trial" {
		t.Errorf("sent: %+v", told)
	}
}

func TestNotificationsHangAndDieAndComeBack(t *testing.T) {
	d := start(t, desktop.Options{Notifications: desktop.NotificationsBubble})
	s := newSender(t, d)
	if err := d.FreezeNotifications(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if _, err := s.send(ctx, 0, "Into the void", ""); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a frozen service answered: %v", err)
	}
	awaitTold(t, d, func(told []desktop.Told) bool { return len(told) == 1 && told[0].ID == 0 })
	if err := d.ThawNotifications(); err != nil {
		t.Fatal(err)
	}
	if _, err := d.AwaitNotice("Into the void"); err != nil {
		t.Error(err)
	}
	if err := d.StopNotifications(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.send(t.Context(), 0, "To nobody", ""); err == nil {
		t.Error("a dead service answered")
	}
	if err := d.StartNotifications(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.send(t.Context(), 0, "Here again", ""); err != nil {
		t.Error(err)
	}
	if _, err := d.AwaitNotice("Here again"); err != nil {
		t.Error(err)
	}
}

func TestWithdrawnNoticeLeavesTheScreen(t *testing.T) {
	d := start(t, desktop.Options{Notifications: desktop.NotificationsDunst})
	s := newSender(t, d)
	shown := func(want int) {
		t.Helper()
		if err := desktop.Await("what dunst shows", limit, func() bool { n, err := d.DunstShown(); return err == nil && n == want }); err != nil {
			t.Fatal(err)
		}
	}
	id, err := s.send(t.Context(), 0, "3 sessions end", "Personal")
	if err != nil {
		t.Fatal(err)
	}
	shown(1)
	if err := s.object().Call("org.freedesktop.Notifications.CloseNotification", 0, id).Err; err != nil {
		t.Fatal(err)
	}
	s.hears(t, "NotificationClosed", id, closed)
	shown(0)
	awaitTold(t, d, func(told []desktop.Told) bool { return len(told) == 1 && told[0].ID == id && told[0].Withdrawn })
	if history, err := d.Dunst("history"); err != nil || !strings.Contains(history, "3 sessions end") {
		t.Errorf("history: %s, %v", history, err)
	}
	id, err = s.send(t.Context(), 0, "1 session ends", "")
	if err != nil {
		t.Fatal(err)
	}
	shown(1)
	if _, err := d.Dunst("action"); err != nil {
		t.Fatal(err)
	}
	s.hears(t, "ActionInvoked", id, "default")
}

func TestSessionBusDiesAndComesBack(t *testing.T) {
	d := start(t, desktop.Options{Notifications: desktop.NotificationsBubble, Panel: true})
	before := newSender(t, d)
	if err := d.StopBus(); err != nil {
		t.Fatal(err)
	}
	if _, err := before.send(t.Context(), 0, "Nobody is there", ""); err == nil {
		t.Error("a dead bus answered")
	}
	if err := errors.Join(d.StartBusAgain(), d.StartNotifications(), d.StartPanel()); err != nil {
		t.Fatal(err)
	}
	p := startTray(t, d)
	if _, err := d.AwaitPanelIcons(1); err != nil {
		t.Fatal(err, p.Text())
	}
	if _, err := newSender(t, d).send(t.Context(), 0, "Somebody is there", ""); err != nil {
		t.Fatal(err)
	}
	awaitTold(t, d, func(told []desktop.Told) bool { return len(told) == 1 && told[0].Title == "Somebody is there" })
}
