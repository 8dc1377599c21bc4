package program

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/agent"
	"github.com/kiteaccounts/kite-accounts/backend/datadir"
	"github.com/kiteaccounts/kite-accounts/backend/foreground"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/lean"
	"github.com/kiteaccounts/kite-accounts/backend/tray"
)

// Tray shows the icon and its menu.
type Tray interface {
	Run(ctx context.Context)
	Show(m tray.Menu)
	Present() bool
}

// Agent is the process that stays all day: it watches sessions, tells of them
// by notices and in the tray, opens the window, and serves programs if the user
// wants that. It needs no key; for the one check that needs tokens, and for
// programs, it asks the keyring then.
type Agent struct {
	Dir        datadir.Dir
	Log        *slog.Logger
	Clock      kite.Clock
	Keyring    kite.Keyring
	Endpoints  SandboxHost
	Notices    Notifier
	Answers    *NoticeRouter
	Tray       Tray
	OpenWindow func(kite.Request) error // starts a window
	// LoginWindow and Browse are for logins that programs ask for.
	LoginWindow kite.LoginWindow
	Browse      func(url string) error
	Serving     func(bool) // told when programs are served and when they no longer are; may be nil
	Version     string

	events  Bus
	ctx     context.Context
	stop    context.CancelFunc
	menu    chan struct{} // the menu may have changed
	work    sync.WaitGroup
	opening sync.Mutex // one change of day at a time

	mu         sync.Mutex
	server     *agent.Server // nil until it listens
	day        *day          // nil while the database is closed
	releasedAt time.Time     // when another process asked for that; zero if none did
	windows    int
}

// Run is the agent's life; it ends with ctx or when told to. ErrWatched if
// another process watches already.
func (a *Agent) Run(ctx context.Context) error {
	release, err := lockAgent(a.Dir)
	if err != nil {
		return err
	}
	defer release()
	a.ctx, a.stop = context.WithCancel(ctx)
	defer a.stop()
	a.menu = make(chan struct{}, 1)
	a.events.Follow(a.heard)
	server, err := a.listen()
	if err != nil {
		return err
	}
	a.Log.Info("agent begins", "version", a.Version)
	a.events.FollowOwn(server.Publish)
	a.open()
	a.work.Go(func() { a.Notices.Run(a.ctx) })
	a.work.Go(func() { a.Tray.Run(a.ctx) })
	a.work.Go(a.keepMenu)
	<-a.ctx.Done()
	a.close()
	a.work.Wait()
	release()
	server.Close() // last: whoever sees the connection end may take this one's place
	a.Log.Info("agent ends")
	return nil
}

// listen holds the lock until the server is known, since it may be asked
// something at once.
func (a *Agent) listen() (server *agent.Server, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.server, err = agent.Listen(a.Dir.Path(), agent.Status{PID: os.Getpid(), Version: a.Version, Desktop: agent.DesktopID()}, a, a.Log)
	return a.server, err
}

// setStatus tells the windows what has changed about this process.
func (a *Agent) setStatus(change func(*agent.Status)) {
	a.mu.Lock()
	server := a.server
	a.mu.Unlock()
	if server != nil {
		server.SetStatus(change)
	}
}

// heard lets the watch look again, and programs and the menu follow.
func (a *Agent) heard(e kite.Event) {
	a.mu.Lock()
	d := a.day
	a.mu.Unlock()
	if d != nil {
		d.heard(e)
	}
	a.menuChanged()
}

// setUntold passes on what the desktop couldn't be told.
func (a *Agent) setUntold(titles []string) {
	a.setStatus(func(s *agent.Status) { s.Untold = titles })
}

// MenuOpens takes that the user looks at the menu: its words are to be those
// of now.
func (a *Agent) MenuOpens() { a.menuChanged() }

func (a *Agent) menuChanged() {
	select {
	case a.menu <- struct{}{}:
	default:
	}
}

// DesktopChanged takes that the tray or the notification service came or went.
func (a *Agent) DesktopChanged() {
	a.setStatus(func(s *agent.Status) {
		s.Tray, s.Notifications = a.Tray.Present(), agent.ReasonOf(problemOf(a.Notices))
	})
}

// open opens the database and watches; what keeps it from that is said to the
// window and tried again when something changes.
func (a *Agent) open() {
	a.opening.Lock()
	defer a.opening.Unlock()
	a.mu.Lock()
	running := a.day != nil
	a.releasedAt = time.Time{}
	a.mu.Unlock()
	if running || a.ctx.Err() != nil {
		return
	}
	d, err := a.newDay(a.ctx)
	a.mu.Lock()
	a.day = d
	a.mu.Unlock()
	a.setStatus(func(s *agent.Status) { s.Problem = agent.ReasonOf(err) })
	if err != nil {
		a.Log.Error("sessions can't be watched", "error", err)
		return // the menu tries again, and isn't told of its own failure
	}
	adopt(a.ctx, d.watch, a.Notices)
	d.run()
	a.menuChanged()
}

func (a *Agent) close() {
	a.opening.Lock()
	defer a.opening.Unlock()
	a.mu.Lock()
	d := a.day
	a.day = nil
	a.mu.Unlock()
	if d != nil {
		d.close()
	}
}

// longestRelease is how long the database is left to a process that asked for
// it and may have died since.
const longestRelease = time.Minute

// Changed takes what another process did.
func (a *Agent) Changed(e kite.Event) {
	a.openDay()
	a.events.Relay(e)
}

// Asked opens the window with a request, or hands it to the open one.
func (a *Agent) Asked(r kite.Request) {
	if a.askWindow(r) {
		return
	}
	if err := a.OpenWindow(r); err != nil {
		a.Log.Error("window not opened", "error", err)
	}
}

func (a *Agent) askWindow(r kite.Request) bool {
	a.mu.Lock()
	server := a.server
	a.mu.Unlock()
	foreground.PassOn() // the user has just clicked on what is ours
	return server != nil && server.Ask(r)
}

// Chosen takes what was clicked in the tray.
func (a *Agent) Chosen(c tray.Choice) {
	if c.Quit {
		a.askWindow(kite.Request{Quit: true})
		a.quit()
		return
	}
	a.Asked(c.Do)
}

// quit ends the agent at the user's wish, so no window starts another.
func (a *Agent) quit() {
	a.setStatus(func(s *agent.Status) { s.Ending = true })
	a.stop()
}

// Stop ends the agent: another process was told to end it.
func (a *Agent) Stop() { a.quit() }

// Release closes the database: another process is about to rename it.
func (a *Agent) Release() {
	a.mu.Lock()
	a.releasedAt = a.Clock.Now()
	a.mu.Unlock()
	a.close()
}

// Reopen opens it again.
func (a *Agent) Reopen() {
	a.open()
	a.menuChanged()
}

// Windows counts the windows that are connected.
func (a *Agent) Windows(n int) {
	a.mu.Lock()
	came := n > a.windows
	a.windows = n
	a.mu.Unlock()
	if came { // what it changed before it was connected, nobody has told
		a.heard(kite.Event{Type: kite.SessionChanged})
		a.heard(kite.Event{Type: kite.PreferencesChanged})
		return
	}
	a.menuChanged() // what the connection took is given back once it is quiet
}

// quietAfter is how long nothing must have happened before the agent makes
// itself small: each time costs a little, and events come in groups.
const quietAfter = 15 * time.Second

// keepMenu shows the tray's menu as it is now, until the agent ends. Every
// event comes by here, so it is also where the agent tidies up.
func (a *Agent) keepMenu() {
	for {
		next, err := a.showMenu()
		if err != nil && a.ctx.Err() == nil {
			a.Log.Error("tray not brought up to date", "error", fmt.Errorf("show menu: %w", err))
		}
		quiet := a.Clock.Now().Add(quietAfter)
		if next.After(quiet) {
			if kite.WaitOrWake(a.ctx, a.Clock, quiet, a.menu) != nil {
				return
			}
			if a.Clock.Now().Before(quiet) {
				continue // something happened
			}
			a.tidy()
		}
		if kite.WaitOrWake(a.ctx, a.Clock, next, a.menu) != nil {
			return
		}
	}
}

func (a *Agent) tidy() {
	if err := lean.GiveBack(); err != nil {
		a.Log.Debug("memory not given back", "error", err)
	}
}
