package program_test

import (
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/agent"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/program"
)

// aWindow is the window's side of the desktop, with agents that start so.
func (b *bench) aWindow(p *program.Program, notices *kitetest.Notifier, start func() error) *program.Desktop {
	b.t.Helper()
	d := &program.Desktop{
		Dir: b.dir, Log: slog.New(slog.DiscardHandler), Program: p, Notices: screen{notices}, Answers: &program.NoticeRouter{},
		Open: func(kite.Request) {},
		Link: &agent.Link{
			Folder: b.dir.Path(), Version: "v1", Log: slog.New(slog.DiscardHandler), Patience: time.Minute, Retries: 2,
			QuickDeath: 10 * time.Second, Start: start,
		},
	}
	d.Start(b.t.Context())
	b.t.Cleanup(d.Close)
	return d
}

// watcher waits until it is that one.
func (b *bench) watcher(d *program.Desktop, want program.Watcher) {
	b.t.Helper()
	for {
		b.calls.Forget()
		if d.State().Watcher == want {
			return
		}
		b.calls.WaitFor(b.t, kite.Event{Type: kite.DesktopChanged})
	}
}

func TestWindow_takes_the_place_of_an_agent_that_was_ended(t *testing.T) {
	b := newBench(t)
	p, s := b.start()
	account := b.loggedIn(s)
	if _, err := s.SetPreferences(t.Context(), loudPreferences()); err != nil {
		t.Fatal(err)
	}
	notices := &kitetest.Notifier{}
	a := b.agent(notices)
	a.icon.waitFor(t, "Ready, until 06:00 tomorrow")
	d := b.aWindow(p, notices, func() error { return errors.New("not needed") })
	b.watcher(d, program.WatcherAgent)
	if err := agent.StopRunning(t.Context(), b.dir.Path()); err != nil {
		t.Fatal(err)
	}
	b.watcher(d, program.WatcherWindow)
	b.clock.BlockUntilWaiting(2)
	b.clock.Set(time.Date(2026, 11, 24, 4, 0, 0, 0, kite.IST))
	if shown := notices.WaitForShown(t, 1); shown[0].Accounts[0] != account.ID {
		t.Errorf("shown %+v", shown)
	}
}

func TestWindow_that_watches_alone_goes_on_after_starting_over(t *testing.T) {
	b := newBench(t)
	p, s := b.start()
	b.loggedIn(s)
	notices := &kitetest.Notifier{}
	d := b.aWindow(p, notices, func() error { return errors.New("no such program") })
	b.watcher(d, program.WatcherWindow)
	if err := p.StartOver(t.Context(), "start over"); err != nil {
		t.Fatal(err)
	}
	s, err := p.Services(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.SetPreferences(t.Context(), loudPreferences()); err != nil {
		t.Fatal(err)
	}
	s.Vault.Settle(t.Context())
	account := b.loggedIn(s)
	b.clock.BlockUntilWaiting(2)
	b.clock.Set(time.Date(2026, 11, 24, 4, 0, 0, 0, kite.IST))
	if shown := notices.WaitForShown(t, 1); shown[0].Accounts[0] != account.ID {
		t.Errorf("shown %+v", shown)
	}
}

func TestWindow_hears_what_the_desktop_was_not_told(t *testing.T) {
	b := newBench(t)
	p, s := b.start()
	account := b.loggedIn(s)
	if _, err := s.SetPreferences(t.Context(), loudPreferences()); err != nil {
		t.Fatal(err)
	}
	notices := &kitetest.Notifier{}
	notices.Fail(errors.New("nobody is there"))
	a := b.agent(notices)
	a.icon.waitFor(t, "Ready, until 06:00 tomorrow")
	d := b.aWindow(p, &kitetest.Notifier{}, func() error { return errors.New("not needed") })
	b.watcher(d, program.WatcherAgent)
	b.clock.BlockUntilWaiting(3)
	b.clock.Set(time.Date(2026, 11, 24, 4, 0, 0, 0, kite.IST))
	for len(d.State().Untold) == 0 {
		b.calls.WaitFor(t, kite.Event{Type: kite.DesktopChanged})
	}
	if got := d.State().Untold; len(got) != 1 || got[0] != account.Name+": session ends at 06:00" {
		t.Errorf("untold: %q", got)
	}
}

func TestWindow_watches_alone_where_no_agent_can_be_had(t *testing.T) {
	b := newBench(t)
	p, s := b.start()
	account := b.loggedIn(s)
	if _, err := s.SetPreferences(t.Context(), loudPreferences()); err != nil {
		t.Fatal(err)
	}
	desktop := &kitetest.Notifier{}
	d := b.aWindow(p, desktop, func() error { return errors.New("no such program") })
	b.watcher(d, program.WatcherWindow)
	if state := d.State(); state.Watcher != program.WatcherWindow || state.AgentFailure == nil || state.AgentFailure.Hint == "" {
		t.Errorf("state = %+v", state)
	}
	b.clock.BlockUntilWaiting(2) // the window's own watch, and the one that tells
	b.clock.Set(time.Date(2026, 11, 24, 4, 0, 0, 0, kite.IST))
	if shown := desktop.WaitForShown(t, 1); shown[0].Accounts[0] != account.ID {
		t.Errorf("shown %+v", shown)
	}
	if err := b.agent(&kitetest.Notifier{}).end(); !errors.Is(err, program.ErrWatched) {
		t.Errorf("an agent beside it: %v", err)
	}
}
