package tray

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/systray"
	"github.com/godbus/dbus/v5"
	gokeyring "github.com/zalando/go-keyring"

	"github.com/kiteaccounts/kite-accounts/backend/dbustest"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

func sample() Menu {
	accounts, latest := people(cutoff, ten.Add(80*time.Minute), never)
	return MenuOf(accounts, latest, nil, ten, kite.IST)
}

func TestTray_that_comes_late_or_restarts_gets_the_icon_once(t *testing.T) {
	b := dbustest.Start(t)
	s, stop := running(t, b)
	s.listening()
	for range 2 {
		w := startWatcher(t, b, true)
		w.askedOnce(s)
		s.waitFor(true)
		w.end()
		s.waitFor(false)
	}
	w := startWatcher(t, b, true)
	w.askedOnce(s)
	s.waitFor(true)
	shared := strings.Split(w.items[0], "/")[0]
	stop()
	if s.Present() {
		t.Error("present after its end")
	}
	dbustest.Eventually(t, "the icon leaves", func() bool {
		var there bool
		_ = b.Conn().BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, shared).Store(&there)
		return !there
	})
}

func TestTray_that_was_there_before_gets_the_icon_once(t *testing.T) {
	b := dbustest.Start(t)
	w := startWatcher(t, b, true)
	s, _ := running(t, b)
	w.askedOnce(s)
	s.waitFor(true)
}

// The library's loop ends on any signal with fewer than three values, such as
// the answer to a keyring's prompt.
func TestTray_that_comes_after_an_odd_signal_gets_the_icon_once(t *testing.T) {
	b := dbustest.Start(t)
	s, _ := running(t, b)
	s.listening()
	odd := dbus.Message{Type: dbus.TypeSignal, Headers: map[dbus.HeaderField]dbus.Variant{
		dbus.FieldDestination: dbus.MakeVariant(b.WaitForName(name())), dbus.FieldPath: dbus.MakeVariant(dbus.ObjectPath("/x")),
		dbus.FieldInterface: dbus.MakeVariant("org.freedesktop.Secret.Prompt"), dbus.FieldMember: dbus.MakeVariant("Completed"),
	}}
	b.Conn().Send(&odd, nil)
	w := startWatcher(t, b, true)
	s.endMoment()
	w.askedOnce(s)
	s.waitFor(true)
}

func TestServiceOf_reads_every_watchers_words(t *testing.T) {
	for _, item := range []string{":1.5/StatusNotifierItem", ":1.5@/StatusNotifierItem", ":1.5"} {
		if got := serviceOf(item); got != ":1.5" {
			t.Errorf("%s: %s", item, got)
		}
	}
}

func TestPresent_needs_a_host_that_shows_icons(t *testing.T) {
	b := dbustest.Start(t)
	w := startWatcher(t, b, false)
	s, _ := running(t, b)
	w.askedOnce(s)
	if s.Present() {
		t.Error("present without a host")
	}
	w.props.SetMust(watcherName, "IsStatusNotifierHostRegistered", true)
	w.emit("StatusNotifierHostRegistered")
	s.waitFor(true)
}

func TestPresent_again_after_a_tray_that_took_long_to_answer(t *testing.T) {
	b := dbustest.Start(t)
	startWatcher(t, b, true)
	s, _ := running(t, b, func(i *Tray) { i.moment, i.deadline = 50*time.Millisecond, 200*time.Millisecond })
	s.waitFor(true)
	time.Sleep(200 * time.Millisecond) // so that nothing else has it look again
	b.Pause()
	s.over <- struct{}{} // has it look
	s.waitFor(false)
	b.Resume()
	s.waitFor(true)
}

func TestRun_comes_back_after_the_bus_died(t *testing.T) {
	b := dbustest.Start(t)
	startWatcher(t, b, true)
	s, _ := running(t, b, func(i *Tray) { i.link.First, i.link.Longest = time.Hour, time.Hour })
	s.Show(sample())
	s.waitFor(true)
	s.readOnce()
	b.Kill()
	s.waitFor(false)
	s.Show(Menu{State: Soon, Line: "in between"}) // another icon, which the library can't send
	s.Show(sample())
	b.Revive()
	w := startWatcher(t, b, true)
	dbustest.Eventually(t, "a connection", func() bool {
		_, err := s.link.Conn(t.Context()) // tries at once
		return err == nil
	})
	w.askedOnce(s)
	s.waitFor(true)
	if got := s.labels(); len(got) != 10 {
		t.Errorf("menu %q", got)
	}
}

func TestRun_sends_what_the_library_missed_while_it_began(t *testing.T) {
	b := dbustest.Start(t)
	s, _ := running(t, b)
	s.Show(sample())
	b.WaitForName(name())
	b.Kill()
	systray.SetTooltip("older") // as if it had taken this for the bus before the menu was shown
	b.Revive()
	item := b.Connect().Object(name(), itemPath)
	dbustest.Eventually(t, "the words of now", func() bool {
		var tip dbus.Variant
		err := item.Call("org.freedesktop.DBus.Properties.Get", 0, "org.kde.StatusNotifierItem", "ToolTip").Store(&tip)
		return err == nil && strings.Contains(fmt.Sprint(tip.Value()), sample().Line)
	})
}

func TestRun_without_a_bus_waits_and_launches_none(t *testing.T) {
	b := dbustest.NoBus(t)
	s, stop := running(t, b)
	s.Show(sample())
	stop()
	if s.Present() || os.Getenv("DBUS_SESSION_BUS_ADDRESS") != "" {
		t.Error("something was launched")
	}
}

func TestRun_ends_while_the_bus_hangs(t *testing.T) {
	b := dbustest.Start(t)
	_, stop := running(t, b)
	b.WaitForName(name())
	b.Pause()
	defer b.Resume()
	stop()
}

func TestMenu_is_read_and_clicked_over_the_bus(t *testing.T) {
	b := dbustest.Start(t)
	startWatcher(t, b, true)
	s, _ := running(t, b)
	s.Show(sample())
	s.waitFor(true)
	s.readOnce()
	want := []string{
		"(2 of 3 ready, until 11:20)", "HUF account · log in", "Family · ends in 1 h 20 min", "Personal · ready, until 06:00 tomorrow",
		"-", "Log in all", "Open", "Preferences", "-", "Quit",
	}
	if got := s.labels(); !slices.Equal(got, want) {
		t.Errorf("menu %q", got)
	}
	for label, want := range map[string]Choice{
		"HUF account · log in":                   {Do: kite.Request{Login: "id2"}},
		"Family · ends in 1 h 20 min":            {Do: kite.Request{Show: "id1"}},
		"Personal · ready, until 06:00 tomorrow": {Do: kite.Request{Show: "id0"}},
		"Log in all":  {Do: kite.Request{LoginAll: true}},
		"Open":        {},
		"Preferences": {Do: kite.Request{Preferences: true}},
		"Quit":        {Quit: true},
	} {
		if got := s.click(label); got != want {
			t.Errorf("%s: %+v", label, got)
		}
	}
	if err := b.Conn().Object(name(), itemPath).Call("org.kde.StatusNotifierItem.Activate", 0, int32(1), int32(1)).Err; err != nil {
		t.Fatal(err)
	}
	if got := next(t, s.chosen); got != (Choice{}) {
		t.Errorf("a click on the icon: %+v", got)
	}
	if err := s.menu().Call("com.canonical.dbusmenu.Event", 0, int32(0), "opened", dbus.MakeVariant(""), uint32(0)).Err; err != nil {
		t.Fatal(err)
	}
	next(t, s.opened)
}

func TestMenu_without_work_offers_none(t *testing.T) {
	b := dbustest.Start(t)
	startWatcher(t, b, true)
	s, _ := running(t, b)
	s.waitFor(true)
	s.readOnce()
	s.Show(sample())
	s.Show(MenuOf(nil, nil, nil, ten, kite.IST))
	want := []string{"(No accounts yet)", "-", "(Log in all)", "Open", "Preferences", "-", "Quit"}
	if got := s.labels(); !slices.Equal(got, want) {
		t.Errorf("menu %q", got)
	}
}

func TestMenu_shows_names_as_they_are(t *testing.T) {
	b := dbustest.Start(t)
	startWatcher(t, b, true)
	s, _ := running(t, b)
	s.waitFor(true)
	s.readOnce()
	ends := make([]time.Time, 200)
	accounts, _ := people(ends...)
	names := []string{"_Snake_case_", "two\nlines", "חשבון", "<b>bold</b> & more", "खाता 👨‍👩‍👧"}
	for i, name := range names {
		accounts[i].Name = name
	}
	s.Show(MenuOf(accounts, nil, nil, ten, kite.IST))
	got := s.labels()
	want := []string{"__Snake__case__ · log in", "two lines · log in", "\u2068חשבון\u2069 · log in", "<b>bold</b> & more · log in", "खाता 👨‍👩‍👧 · log in"}
	if !slices.Equal(got[1:6], want) || got[13] != "… and 188 more" || len(got) != 20 {
		t.Errorf("menu of %d: %q", len(got), got)
	}
	if got := s.click("… and 188 more"); got != (Choice{}) {
		t.Errorf("%+v", got)
	}
}

func TestShow_of_the_same_menu_says_nothing_on_the_bus(t *testing.T) {
	b := dbustest.Start(t)
	w := startWatcher(t, b, true)
	s, _ := running(t, b)
	s.waitFor(true)
	w.askedOnce(s)
	s.Show(sample())
	s.readOnce()
	signals := make(chan *dbus.Signal, 1000)
	b.Conn().Signal(signals)
	if err := b.Conn().AddMatchSignal(dbus.WithMatchSender(name())); err != nil {
		t.Fatal(err)
	}
	s.fence()
	for len(signals) > 0 {
		<-signals
	}
	for range 100 {
		s.Show(sample())
	}
	s.fence()
	if n := len(signals); n > 0 {
		t.Errorf("%d signals for nothing", n)
	}
	changed := sample()
	changed.Entries[1].Text = "Family · ends in 1 h 15 min"
	s.Show(changed)
	s.fence()
	said := map[string]int{}
	for len(signals) > 0 {
		said[(<-signals).Name]++
	}
	if said["com.canonical.dbusmenu.ItemsPropertiesUpdated"] != 1 || len(said) > 3 || said["org.kde.StatusNotifierItem.NewIcon"] > 0 {
		t.Errorf("one text changed: %v", said)
	}
}

// waitForLogin asks the keyring's service alone: GNOME's aborts when it is asked
// for a collection while it starts, which is after it has its name.
func waitForLogin(t *testing.T, b *dbustest.Bus) {
	t.Helper()
	service := b.Conn().Object("org.freedesktop.secrets", "/org/freedesktop/secrets")
	dbustest.Eventually(t, "the login keyring", func() bool {
		var v dbus.Variant
		err := service.Call("org.freedesktop.DBus.Properties.Get", 0, "org.freedesktop.Secret.Service", "Collections").Store(&v)
		collections, _ := v.Value().([]dbus.ObjectPath)
		return err == nil && slices.Contains(collections, "/org/freedesktop/secrets/collection/login")
	})
}

// The keyring shares the library's connection. It must send it no signals, or
// the library's loop ends.
func TestKeyring_on_the_same_connection_disturbs_nothing(t *testing.T) {
	b := dbustest.Start(t)
	b.Run("sh", "-c", "echo | gnome-keyring-daemon --foreground --unlock --components=secrets")
	waitForLogin(t, b)
	s, _ := running(t, b)
	s.listening()
	shared, err := dbus.SessionBus()
	if err != nil {
		t.Fatal(err)
	}
	if err := shared.BusObject().Call("org.freedesktop.DBus.GetId", 0).Err; err != nil { // after what was said before
		t.Fatal(err)
	}
	signals := make(chan *dbus.Signal, 100)
	shared.Signal(signals)
	for i := range 3 {
		entry := fmt.Sprint("entry", i)
		if err := gokeyring.Set("test", entry, "value"); err != nil {
			t.Fatal(err)
		}
		if got, err := gokeyring.Get("test", entry); err != nil || got != "value" {
			t.Fatalf("%q, %v", got, err)
		}
	}
	for len(signals) > 0 {
		if got := <-signals; got.Name != "org.freedesktop.DBus.NameAcquired" { // the library's own, before its loop
			t.Errorf("signal %+v", got)
		}
	}
	shared.RemoveSignal(signals)
	startWatcher(t, b, true).askedOnce(s)
	s.waitFor(true)
}
