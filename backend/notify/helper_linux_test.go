package notify_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/kiteaccounts/kite-accounts/backend/dbustest"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/notify"
)

const service = "org.freedesktop.Notifications"

// heard is a running notifier and what it tells.
type heard struct {
	*notify.Notifier
	t       *testing.T
	answers chan kite.NoticeAnswer
	closed  chan kite.NoticeHandle
	changed chan struct{}
	log     *kitetest.Log
}

// running starts a notifier; stop ends it, as the end of its process would.
func running(t *testing.T) (h heard, stop func()) {
	t.Helper()
	log := &kitetest.Log{}
	h = heard{
		Notifier: notify.New(slog.New(slog.NewTextHandler(log, nil))), t: t, log: log,
		answers: make(chan kite.NoticeAnswer, 100), closed: make(chan kite.NoticeHandle, 100), changed: make(chan struct{}, 100),
	}
	h.Answers = func(a kite.NoticeAnswer) { h.answers <- a }
	h.Closed = func(c kite.NoticeHandle) { h.closed <- c }
	h.Changed = func() { h.changed <- struct{}{} }
	h.Deadline = dbustest.Patience
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		h.Run(ctx)
	}()
	stop = func() { cancel(); <-ended }
	t.Cleanup(stop)
	return h, stop
}

func (h heard) show(n kite.Notice, replaces kite.NoticeHandle) kite.NoticeHandle {
	h.t.Helper()
	handle, err := h.Show(h.t.Context(), n, replaces)
	if err != nil || handle == "" {
		h.t.Fatalf("handle %q, %v", handle, err)
	}
	return handle
}

func (h heard) withdraw(handle kite.NoticeHandle) {
	h.t.Helper()
	if err := h.Withdraw(h.t.Context(), handle); err != nil {
		h.t.Fatal(err)
	}
}

// problem waits until the notifier tells this problem, "" for none.
func (h heard) problem(message string) {
	h.t.Helper()
	deadline := time.After(dbustest.Patience)
	for {
		if p := h.Problem(); (p == nil && message == "") || (p != nil && p.Message == message) {
			return
		}
		select {
		case <-h.changed:
		case <-deadline:
			h.t.Fatalf("problem %v, not %q", h.Problem(), message)
		}
	}
}

// next is the next thing told, within the patience of a test.
func next[T any](t *testing.T, from <-chan T) (told T) {
	t.Helper()
	select {
	case told = <-from:
	case <-time.After(dbustest.Patience):
		t.Fatal("nothing was told")
	}
	return told
}

const (
	absent = "This desktop has no notification service."
	hangs  = "The desktop's notification service doesn't answer."
	fails  = "The desktop's notification service refused a notice."
)

var ending = kite.Notice{
	Key: "ending", Kind: kite.NoticeEnding, Title: "2 sessions end at 06:00", Body: "Personal, Family",
	Actions: []kite.NoticeAction{
		{Label: "Log in again", Do: kite.Request{Login: "11111111-2222-4333-8444-555555555555"}},
		{Label: "Later", Do: kite.Request{Later: true}},
	},
	Open: kite.Request{Show: "a1"},
}

// onScreen starts bus, screen and dunst, whose context menu always picks Later,
// and which takes nothing away by itself.
func onScreen(t *testing.T) (b *dbustest.Bus, dunst *dbustest.Program) {
	t.Helper()
	b = dbustest.Start(t)
	b.Display()
	return b, startDunst(t, b)
}

func startDunst(t *testing.T, b *dbustest.Bus) *dbustest.Program {
	t.Helper()
	pick := filepath.Join(b.Home, "pick")
	if err := os.WriteFile(pick, []byte("#!/bin/sh\nexec grep -m1 Later\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	dunst := b.Run("dunst", "-config", dunstConfig(t, b, "dmenu = "+pick+"\n"))
	b.WaitForName(service)
	return dunst
}

func dunstConfig(t *testing.T, b *dbustest.Bus, more string) (path string) {
	t.Helper()
	path = filepath.Join(b.Home, "dunstrc")
	text := "[global]\nwidth = 500\nheight = 300\nstack_duplicates = false\nmarkup = full\n" + more +
		"[urgency_low]\ntimeout = 0\n[urgency_normal]\ntimeout = 0\n[urgency_critical]\ntimeout = 0\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// ctl calls one of dunst's own methods.
func ctl(t *testing.T, b *dbustest.Bus, method string, args ...any) *dbus.Call {
	t.Helper()
	call := b.Conn().Object(service, "/org/freedesktop/Notifications").Call("org.dunstproject.cmd0."+method, 0, args...)
	if call.Err != nil {
		t.Fatalf("dunst: %s: %v", method, call.Err)
	}
	return call
}

// displayed waits until dunst shows that many notices.
func displayed(t *testing.T, b *dbustest.Bus, want uint32) {
	t.Helper()
	var last uint32
	dbustest.Eventually(t, "another number of notices on the screen", func() bool {
		var v dbus.Variant
		if err := b.Conn().Object(service, "/org/freedesktop/Notifications").
			Call("org.freedesktop.DBus.Properties.Get", 0, "org.dunstproject.cmd0", "displayedLength").Store(&v); err != nil {
			t.Fatal(err)
		}
		last, _ = v.Value().(uint32)
		return last == want
	})
}

// history are the notices that dunst no longer shows, newest first.
func history(t *testing.T, b *dbustest.Bus) []map[string]dbus.Variant {
	t.Helper()
	var list []map[string]dbus.Variant
	if err := ctl(t, b, "NotificationListHistory").Store(&list); err != nil {
		t.Fatal(err)
	}
	return list
}
