package notify_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/kiteaccounts/kite-accounts/backend/dbustest"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// A stand-in for services that behave in ways real ones can't be made to.
type standIn struct {
	conn         *dbus.Conn
	capabilities []string
	got          chan sent
}

type sent struct {
	replaces      uint32
	summary, body string
	actions       []string
	hints         map[string]dbus.Variant
	timeout       int32
}

func (s *standIn) GetCapabilities() ([]string, *dbus.Error) { return s.capabilities, nil }

func (s *standIn) CloseNotification(uint32) *dbus.Error {
	return dbus.MakeFailedError(errors.New("no such notice"))
}

// startStandIn takes the service's name. It answers with an ID, or with a text.
func startStandIn(t *testing.T, b *dbustest.Bus, capabilities []string, answer any) *standIn {
	t.Helper()
	s := &standIn{conn: b.Connect(), capabilities: capabilities, got: make(chan sent, 10)}
	took := func(_ string, replaces uint32, _, summary, body string, actions []string, hints map[string]dbus.Variant, timeout int32) {
		s.got <- sent{replaces, summary, body, actions, hints, timeout}
	}
	table := map[string]any{"GetCapabilities": s.GetCapabilities, "CloseNotification": s.CloseNotification}
	switch answer := answer.(type) {
	case uint32:
		table["Notify"] = func(a string, r uint32, i, s, b string, l []string, h map[string]dbus.Variant, t int32) (uint32, *dbus.Error) {
			took(a, r, i, s, b, l, h, t)
			return answer, nil
		}
	case string:
		table["Notify"] = func(a string, r uint32, i, s, b string, l []string, h map[string]dbus.Variant, t int32) (string, *dbus.Error) {
			took(a, r, i, s, b, l, h, t)
			return answer, nil
		}
	}
	if err := s.conn.ExportMethodTable(table, "/org/freedesktop/Notifications", service); err != nil {
		t.Fatal(err)
	}
	if _, err := s.conn.RequestName(service, dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *standIn) emit(t *testing.T, member string, body ...any) {
	t.Helper()
	if err := s.conn.Emit("/org/freedesktop/Notifications", service+"."+member, body...); err != nil {
		t.Fatal(err)
	}
}

func TestShow_without_actions_and_markup_sends_plain_words_only(t *testing.T) {
	b := dbustest.Start(t)
	s := startStandIn(t, b, []string{"body"}, uint32(7))
	n, _ := running(t)
	plain := ending
	plain.Body = "Rao & Sons <b>"
	n.show(plain, ":0.0/12")
	if got := next(t, s.got); len(got.actions) != 0 || got.body != plain.Body || got.replaces != 0 || got.timeout != -1 ||
		got.hints["desktop-entry"].Value() != "io.github.kiteaccounts.KiteAccounts" || got.hints["urgency"].Value() != byte(1) {
		t.Errorf("sent %+v", got)
	}
	plain.Urgent = true
	n.show(plain, "")
	if got := next(t, s.got); got.timeout != 0 || got.hints["urgency"].Value() != byte(2) {
		t.Errorf("sent %+v", got)
	}
}

func TestShow_with_actions_offers_them_after_the_click(t *testing.T) {
	b := dbustest.Start(t)
	s := startStandIn(t, b, []string{"actions", "body-markup"}, uint32(7))
	n, _ := running(t)
	n.show(ending, "")
	want := "default Open kite-accounts:login:11111111-2222-4333-8444-555555555555 Log in again kite-accounts:later Later"
	if got := strings.Join(next(t, s.got).actions, " "); got != want {
		t.Errorf("actions %s", got)
	}
}

func TestShow_says_what_a_wrong_answer_means(t *testing.T) {
	for name, answer := range map[string]any{"text": "seven", "no ID": uint32(0)} {
		t.Run(name, func(t *testing.T) {
			b := dbustest.Start(t)
			startStandIn(t, b, nil, answer)
			n, _ := running(t)
			handle, err := n.Show(t.Context(), ending, "")
			if handle != "" || kite.ErrorCode(err) != kite.EINTERNAL || kite.AsError(err).Message != fails {
				t.Errorf("%q, %v", handle, err)
			}
			n.problem(fails)
		})
	}
}

func TestAnswers_are_believed_from_the_service_alone(t *testing.T) {
	b := dbustest.Start(t)
	s := startStandIn(t, b, []string{"actions"}, uint32(7))
	n, _ := running(t)
	n.show(ending, "")
	if err := b.Conn().Emit("/org/freedesktop/Notifications", service+".ActionInvoked", uint32(7), "default"); err != nil {
		t.Fatal(err)
	}
	s.emit(t, "ActionInvoked") // a library's loop would end here, or panic
	s.emit(t, "ActionInvoked", "7", "default")
	s.emit(t, "ActionInvoked", uint32(7), int32(1))
	s.emit(t, "ActionInvoked", uint32(8), "default") // another program's notice
	s.emit(t, "ActionInvoked", uint32(9), "login:a1")
	s.emit(t, "ActionInvoked", uint32(9), "kite-accounts:login:../a1")
	s.emit(t, "NotificationClosed", uint32(7))
	s.emit(t, "NotificationClosed", uint32(8), uint32(2))
	s.emit(t, "NotificationClosed", uint32(7), uint32(1)) // its time was up
	s.emit(t, "ActionInvoked", uint32(7), "default")      // after it was closed
	if got := next(t, n.answers); !strings.HasSuffix(string(got.Handle), "/7") || got.Do != ending.Open {
		t.Errorf("%+v", got)
	}
	if got := next(t, n.closed); !strings.HasSuffix(string(got), "/7") || len(n.answers)+len(n.closed) > 0 {
		t.Error("more was believed")
	}
}

// answering is a service that tells of a click before it gives the ID.
type answering struct{ standIn }

func (s *answering) Notify(string, uint32, string, string, string, []string, map[string]dbus.Variant, int32) (uint32, *dbus.Error) {
	if err := s.conn.Emit("/org/freedesktop/Notifications", service+".ActionInvoked", uint32(7), "default"); err != nil {
		return 0, dbus.MakeFailedError(err)
	}
	return 7, nil
}

func TestAnswer_that_comes_before_the_ID_is_heard(t *testing.T) {
	b := dbustest.Start(t)
	s := &answering{standIn{conn: b.Connect(), capabilities: []string{"actions"}}}
	if err := s.conn.Export(s, "/org/freedesktop/Notifications", service); err != nil {
		t.Fatal(err)
	}
	if _, err := s.conn.RequestName(service, dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	n, _ := running(t)
	handle := n.show(ending, "")
	if got := next(t, n.answers); got != (kite.NoticeAnswer{Handle: handle, Do: ending.Open}) {
		t.Errorf("%+v", got)
	}
}

func TestShow_without_a_service_fails_soon_and_says_so_once(t *testing.T) {
	b := dbustest.Start(t)
	n, _ := running(t)
	n.problem(absent)
	for range 2 {
		began := time.Now()
		_, err := n.Show(t.Context(), ending, "")
		took := time.Since(began)
		if kite.ErrorCode(err) != kite.EINTERNAL || kite.AsError(err).Message != absent || kite.AsError(err).Hint == "" {
			t.Errorf("%v", err)
		}
		if took >= n.Deadline {
			t.Errorf("took %v", took)
		}
	}
	if err := n.Withdraw(t.Context(), ":1.1/1"); err != nil {
		t.Error(err)
	}
	if log := n.log.String(); strings.Count(log, absent) != 1 {
		t.Errorf("log:\n%s", log)
	}
	startStandIn(t, b, nil, uint32(1))
	n.problem("")
}

func TestShow_without_a_bus_fails_at_once_and_launches_none(t *testing.T) {
	b := dbustest.NoBus(t)
	n, stop := running(t)
	n.problem(absent)
	if _, err := n.Show(t.Context(), ending, ""); kite.AsError(err).Message != absent {
		t.Errorf("%v", err)
	}
	if err := n.Withdraw(t.Context(), ":1.1/1"); err != nil {
		t.Error(err)
	}
	stop()
	if os.Getenv("DBUS_SESSION_BUS_ADDRESS") != "" {
		t.Error("a bus was launched")
	}
	if left, err := filepath.Glob(filepath.Join(b.Home, ".dbus", "*")); err != nil || len(left) > 0 {
		t.Errorf("%v, %v", left, err)
	}
}

func TestShow_falls_back_to_a_program_that_needs_no_service(t *testing.T) {
	b := dbustest.Start(t)
	args := filepath.Join(b.Home, "args")
	program := "#!/bin/sh\nprintf '%s\\n' \"$@\" >" + args + "\n"
	if err := os.WriteFile(filepath.Join(b.Home, "kdialog"), []byte(program), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", b.Home+string(os.PathListSeparator)+os.Getenv("PATH"))
	n, _ := running(t)
	n.problem(absent)
	handle, err := n.Show(t.Context(), kite.Notice{Title: "--help <b>", Body: "Rao & Sons"}, "")
	if err != nil || handle != "" {
		t.Errorf("%q, %v", handle, err)
	}
	n.problem("")
	if got, err := os.ReadFile(args); err != nil || !strings.Contains(string(got), "\n–-help ‹b›\n--passivepopup\nRao ＆ Sons\n") {
		t.Errorf("%s, %v", got, err)
	}
}

func TestShow_ends_with_its_caller(t *testing.T) {
	b := dbustest.Start(t)
	n, _ := running(t)
	n.problem(absent)
	startStandIn(t, b, nil, uint32(1))
	n.problem("")
	b.Pause()
	defer b.Resume()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := n.Show(ctx, ending, ""); !errors.Is(err, ctx.Err()) || n.Problem() != nil {
		t.Errorf("%v, problem %v", err, n.Problem())
	}
}
