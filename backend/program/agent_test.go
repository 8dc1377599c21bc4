package program_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/agent"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/program"
	"github.com/kiteaccounts/kite-accounts/backend/tray"
)

// icon is a tray that writes down its menus.
type icon struct {
	mu    sync.Mutex
	lines []string
	shown chan struct{}
}

func (i *icon) Run(ctx context.Context) { <-ctx.Done() }
func (i *icon) Present() bool           { return true }

func (i *icon) Show(m tray.Menu) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.lines = append(i.lines, m.Line)
	if i.shown != nil {
		close(i.shown)
		i.shown = nil
	}
}

// count is how often a menu was shown.
func (i *icon) count() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return len(i.lines)
}

// waitFor returns once the menu's newest first line is that.
func (i *icon) waitFor(t *testing.T, line string) {
	t.Helper()
	timeout := time.After(30 * time.Second)
	for {
		i.mu.Lock()
		if n := len(i.lines); n > 0 && i.lines[n-1] == line {
			i.mu.Unlock()
			return
		}
		if i.shown == nil {
			i.shown = make(chan struct{})
		}
		shown, lines := i.shown, slices.Clone(i.lines)
		i.mu.Unlock()
		select {
		case <-shown:
		case <-timeout:
			t.Fatalf("no %q in %q", line, lines)
		}
	}
}

// screen is a notifier of the tests' desktop.
type screen struct{ *kitetest.Notifier }

func (screen) Problem() *kite.Error                  { return nil }
func (screen) Run(ctx context.Context)               { <-ctx.Done() }
func (screen) Adopt(kite.NoticeHandle, kite.Request) {}

// allDay is an agent over the bench's data folder.
type allDay struct {
	*program.Agent
	b      *bench
	icon   *icon
	screen screen
	opened chan kite.Request // windows that were started
	end    func() error
}

func (b *bench) agent(desktop *kitetest.Notifier, change ...func(*program.Agent)) *allDay {
	b.t.Helper()
	a := &allDay{b: b, icon: &icon{}, screen: screen{desktop}, opened: make(chan kite.Request, 8)}
	a.Agent = &program.Agent{
		Dir: b.dir, Log: slog.New(slog.DiscardHandler), Clock: b.clock, Keyring: b.ring, Endpoints: b,
		Notices: a.screen, Answers: &program.NoticeRouter{}, Tray: a.icon, Version: "v1",
		OpenWindow:  func(r kite.Request) error { a.opened <- r; return nil },
		LoginWindow: b, Browse: func(string) error { return errors.New("no browser") },
	}
	for _, f := range change {
		f(a.Agent)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx) }()
	var once sync.Once
	var err error
	a.end = func() error { once.Do(func() { cancel(); err = <-done }); return err }
	b.t.Cleanup(func() { _ = a.end() })
	return a
}

// window is a connected window that writes down what it hears.
type window struct {
	events   kitetest.Events
	requests chan kite.Request
	status   chan agent.Status
}

func (w *window) Changed(e kite.Event) { w.events.Publish(e) }
func (w *window) Asked(r kite.Request) { w.requests <- r }
func (w *window) StatusChanged(s agent.Status) {
	select {
	case w.status <- s:
	default:
	}
}

func (a *allDay) connect() (*window, *agent.Client) {
	a.b.t.Helper()
	client := a.dial(agent.RoleWindow)
	w := &window{requests: make(chan kite.Request, 8), status: make(chan agent.Status, 64)}
	go func() { _ = client.Follow(a.b.t.Context(), w) }()
	return w, client
}

func (a *allDay) dial(role string) *agent.Client {
	a.b.t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) { // until it listens
		client, err := agent.Dial(a.b.t.Context(), a.b.dir.Path(), role)
		if err == nil {
			a.b.t.Cleanup(client.Close)
			return client
		}
		if time.Now().After(deadline) {
			a.b.t.Fatal(err)
		}
	}
}

func TestAgent_tells_of_what_the_window_made_and_says_nothing_twice(t *testing.T) {
	b := newBench(t)
	p, s := b.start()
	account := b.loggedIn(s)
	_, err := s.SetPreferences(t.Context(), loudPreferences())
	if err != nil {
		t.Fatal(err)
	}
	p.Close() // the window is closed for the night
	desktop := &kitetest.Notifier{}
	a := b.agent(desktop)
	a.icon.waitFor(t, "Ready, until 06:00 tomorrow")
	b.clock.BlockUntilWaiting(2)
	b.clock.Set(time.Date(2026, 11, 24, 4, 0, 0, 0, kite.IST))
	shown := desktop.WaitForShown(t, 1)
	if want := account.Name + ": session ends at 06:00"; shown[0].Title != want {
		t.Errorf("said %q, want %q", shown[0].Title, want)
	}
	if err := a.end(); err != nil {
		t.Fatal(err)
	}
	again := b.agent(desktop)
	again.icon.waitFor(t, "Ready, until 06:00")
	w, _ := again.connect()
	b.clock.BlockUntilWaiting(2)
	b.clock.Set(time.Date(2026, 11, 24, 6, 0, 0, 0, kite.IST))
	desktop.WaitForShown(t, 2)
	w.events.WaitFor(t, kite.Event{Type: kite.SessionChanged, AccountID: account.ID})
	again.icon.waitFor(t, "No account is ready")
	if n := len(desktop.Shown()); n != 2 {
		t.Errorf("%d notices: %+v", n, desktop.Shown())
	}
}

// loudPreferences have no quiet hours and no morning reminder.
func loudPreferences() kite.Preferences {
	p := kite.DefaultPreferences()
	p.QuietHours, p.MorningReminder, p.LeadMinutes = false, false, []int{120}
	return p
}

func TestAgent_is_one_and_opens_one_window(t *testing.T) {
	b := newBench(t)
	a := b.agent(&kitetest.Notifier{})
	command := a.dial(agent.RoleCommand)
	if err := b.agent(&kitetest.Notifier{}).end(); !errors.Is(err, program.ErrWatched) {
		t.Errorf("a second agent: %v", err)
	}
	if err := command.Ask(kite.Request{Show: "a1"}); err != nil {
		t.Fatal(err)
	}
	if r := <-a.opened; r.Show != "a1" {
		t.Errorf("opened with %+v", r)
	}
	w, _ := a.connect()
	<-w.status
	a.Chosen(tray.Choice{Do: kite.Request{LoginAll: true}})
	if r := <-w.requests; !r.LoginAll {
		t.Errorf("asked %+v", r)
	}
	if len(a.opened) != 0 {
		t.Error("a second window was opened")
	}
	a.Chosen(tray.Choice{Quit: true})
	if r := <-w.requests; !r.Quit {
		t.Errorf("asked %+v", r)
	}
	for s := range w.status {
		if s.Ending {
			break
		}
	}
	if err := a.end(); err != nil {
		t.Error(err)
	}
}

func TestAgent_checks_what_was_made_in_the_clearing_without_asking_anybody(t *testing.T) {
	b := newBench(t)
	b.clock.Set(time.Date(2026, 11, 23, 6, 30, 0, 0, kite.IST))
	p, s := b.start()
	account := b.loggedIn(s)
	p.Close()
	b.kite.EndTokensOf(account.ClientID)
	b.ring.Fail = kite.ErrKeyringLocked
	a := b.agent(&kitetest.Notifier{})
	a.icon.waitFor(t, "Ready, until 06:00 tomorrow")
	w, client := a.connect()
	b.clock.BlockUntilWaiting(2)
	b.clock.Set(time.Date(2026, 11, 23, 8, 0, 0, 0, kite.IST))
	b.clock.BlockUntilWaiting(2)
	a.icon.waitFor(t, "Ready, until 06:00 tomorrow")
	if err := b.ring.Unlock(t.Context()); err != nil { // the window was opened
		t.Fatal(err)
	}
	b.clock.Set(time.Date(2026, 11, 23, 8, 10, 0, 0, kite.IST))
	w.events.WaitFor(t, kite.Event{Type: kite.SessionChanged, AccountID: account.ID})
	a.icon.waitFor(t, "No account is ready")
	_ = client.Publish(kite.Event{Type: kite.SessionChanged, AccountID: account.ID})
}

func TestAgent_goes_on_after_the_database_was_replaced(t *testing.T) {
	b := newBench(t)
	p, s := b.start()
	b.loggedIn(s)
	a := b.agent(&kitetest.Notifier{})
	a.icon.waitFor(t, "Ready, until 06:00 tomorrow")
	link := &agent.Link{Folder: b.dir.Path()}
	p.WithDatabaseReleased = link.WithDatabaseReleased
	if err := p.StartOver(t.Context(), "start over"); err != nil {
		t.Fatal(err)
	}
	a.icon.waitFor(t, "No accounts yet")
}

func TestAgent_says_that_the_database_is_damaged_and_tries_again(t *testing.T) {
	b := newBench(t)
	if err := os.WriteFile(b.dir.Database(), []byte("this is no database, and long enough to be looked at"), 0o600); err != nil {
		t.Fatal(err)
	}
	a := b.agent(&kitetest.Notifier{})
	a.icon.waitFor(t, "Sessions can't be watched: open Kite Accounts")
	w, client := a.connect()
	for s := range w.status {
		if s.Problem != nil && s.Problem.Message != "" {
			break
		}
	}
	<-time.After(200 * time.Millisecond)
	if tries := a.icon.count(); tries > 10 {
		t.Errorf("it tried %d times at once", tries)
	}
	if err := os.Remove(b.dir.Database()); err != nil {
		t.Fatal(err)
	}
	if err := client.Publish(kite.Event{Type: kite.AccountChanged}); err != nil {
		t.Fatal(err)
	}
	for s := range w.status {
		if s.Problem == nil {
			break
		}
	}
}

func TestAgent_shows_what_was_made_while_no_window_was_connected(t *testing.T) {
	b := newBench(t)
	p, s := b.start()
	a := b.agent(&kitetest.Notifier{})
	a.icon.waitFor(t, "No accounts yet")
	b.loggedIn(s) // nobody tells the agent
	b.watcher(b.aWindow(p, &kitetest.Notifier{}, func() error { return errors.New("not needed") }), program.WatcherAgent)
	a.icon.waitFor(t, "Ready, until 06:00 tomorrow")
}
