package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofrs/flock"
	"github.com/pkg/browser"

	"github.com/kiteaccounts/kite-accounts/backend/agent"
	"github.com/kiteaccounts/kite-accounts/backend/autostart"
	"github.com/kiteaccounts/kite-accounts/backend/clipboard"
	"github.com/kiteaccounts/kite-accounts/backend/clock"
	"github.com/kiteaccounts/kite-accounts/backend/datadir"
	"github.com/kiteaccounts/kite-accounts/backend/keyring"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/logging"
	"github.com/kiteaccounts/kite-accounts/backend/loginwindow"
	"github.com/kiteaccounts/kite-accounts/backend/mainwindow"
	"github.com/kiteaccounts/kite-accounts/backend/notify"
	"github.com/kiteaccounts/kite-accounts/backend/program"
	"github.com/kiteaccounts/kite-accounts/backend/sandboxhost"
	"github.com/kiteaccounts/kite-accounts/backend/view"
)

// app is the window's process: the program and what only a window has.
type app struct {
	dir        datadir.Dir
	log        *slog.Logger
	closeLog   func() error
	clock      kite.Clock
	lock       *flock.Flock
	handedOver bool // another window has the data folder: raise it and go
	sandbox    *sandboxhost.Host
	clipboard  *clipboard.Keeper
	program    *program.Program
	desktop    *program.Desktop
	autostart  *autostart.Autostart
	newToken   newToken

	started  chan struct{}
	ctx      context.Context
	shown    sync.Once
	request  atomic.Pointer[kite.Request] // what the desktop asked last
	closing  atomic.Bool                  // the user was asked what closing does
	leaving  atomic.Bool
	offered  atomic.Bool // the page was told that autostart may be offered
	quitting atomic.Bool // the agent is to end too
}

// newApp prepares the window's process. It opens neither database nor
// keyring: that is done once the window starts.
func newApp(args []string) (*app, error) {
	a := &app{started: make(chan struct{}), log: slog.New(slog.DiscardHandler)}
	if generatingBindings {
		return a, nil
	}
	command, err := parseCommandLine(args, os.Stderr)
	if err != nil {
		return nil, err
	}
	mainwindow.ForgetDebuggers()
	a.request.Store(command.request)
	if a.dir, err = datadir.Open(command.dataDir); err != nil {
		return nil, err
	}
	if err := a.keepTogether(); err != nil {
		return nil, err
	}
	if !hasDisplay() {
		return nil, errors.New("there is no display to open a window on; kitectl works without one") //nolint:staticcheck // shown as a sentence
	}
	if err := a.takeLock(); err != nil {
		return nil, err
	}
	if a.log, a.closeLog, err = logging.Open(a.dir.Log("kite-accounts")); err != nil {
		return nil, err
	}
	return a, a.assemble()
}

// keepTogether sends what WebKit writes into a data folder of the user's own
// choice. The desktop's settings are still read from their place.
func (a *app) keepTogether() error {
	if !a.dir.Custom() {
		return nil
	}
	for variable, name := range map[string]string{"XDG_DATA_HOME": "webkit-data", "XDG_CACHE_HOME": "webkit-cache"} {
		path, err := a.dir.Sub(name)
		if err != nil {
			return err
		}
		if err := os.Setenv(variable, path); err != nil {
			return fmt.Errorf("set %s: %w", variable, err)
		}
	}
	return nil
}

// takeLock makes this the one window of the data folder. On Linux, Wails' own
// lock needs a session bus, and goes on silently without one.
func (a *app) takeLock() error {
	a.lock = flock.New(a.dir.Lock("window"), flock.SetPermissions(0o600))
	got, err := a.lock.TryLock()
	if err != nil {
		return fmt.Errorf("lock data folder: %w", err)
	}
	if got {
		return nil
	}
	if !canHandOver() {
		return errors.New("Kite Accounts is already open for this data folder") //nolint:staticcheck // shown as a sentence
	}
	a.handedOver = true
	return nil
}

func (a *app) assemble() error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find own program: %w", err)
	}
	a.clock = clock.ForDataDir(a.dir.Path())
	a.sandbox = sandboxhost.New(a.dir, kitectlBeside(self))
	a.clipboard = clipboard.New(board)
	a.clipboard.Now = a.clock.Now // the page counts down by it
	browser.Stdout, browser.Stderr = io.Discard, io.Discard
	window := loginwindow.New(self, a.dir.LoginWindows(), a.log)
	go window.Sweep()
	a.program = program.New(program.Config{
		Dir: a.dir, Log: a.log, Clock: a.clock,
		Window:    window,
		Endpoints: a.sandbox,
		Keyring:   keyring.New(),
		Browse:    a.browse,
		Updates:   a.updates(self),
	})
	a.attachDesktop(agentProgram(self))
	return nil
}

// attachDesktop prepares what links the window to the agent, which takes its
// place in the tray.
func (a *app) attachDesktop(agentProgram string) {
	start := agent.Starter{Program: agentProgram, DataDir: a.dir.Path(), Custom: a.dir.Custom()}
	a.autostart = &autostart.Autostart{Program: agentProgram, Args: start.Args()}
	answers := &program.NoticeRouter{}
	a.program.WithDatabaseReleased = func(ctx context.Context, f func() error) error {
		return a.desktop.Link.WithDatabaseReleased(ctx, f)
	}
	a.desktop = &program.Desktop{
		Dir: a.dir, Log: a.log, Program: a.program, Open: a.ask,
		Answers: answers, Notices: notifier(a.log, answers),
		Link: &agent.Link{
			Folder: a.dir.Path(), Version: version, Desktop: agent.DesktopID(), Start: start.Start, Log: a.log,
			Patience: agentPatience, Retries: agentRetries, QuickDeath: agentQuickDeath,
		},
	}
}

// A started agent answers within a moment; on a busy computer it may take
// longer. One that dies again and again isn't started for ever.
const (
	agentPatience = 10 * time.Second
	agentRetries  = 2

	agentQuickDeath = 10 * time.Second
)

func notifier(log *slog.Logger, answers *program.NoticeRouter) *notify.Notifier {
	n := notify.New(log)
	n.Answers, n.Closed, n.Changed = answers.Answered, answers.Dismissed, answers.ServiceChanged
	return n
}

func (a *app) browse(url string) error {
	if err := browser.OpenURL(url); err != nil {
		return kite.Errorf(kite.EINTERNAL, "The system browser couldn't be opened.").
			WithHint("Set a default browser in your desktop's settings and try again.").Because(err)
	}
	return nil
}

// copy puts a value on the clipboard; a secret is cleared again.
func (a *app) copy(value kite.Secret, secret bool) (view.Copied, error) {
	clearsAt, err := a.clipboard.Copy(value, secret)
	if err != nil {
		return view.Copied{}, err
	}
	return view.Copied{Secret: secret, ClearsAt: view.Millis(clearsAt)}, nil
}

// context is the window's, once it has started.
func (a *app) context() context.Context {
	<-a.started
	return a.ctx
}

// instanceID names this data folder's window on the session bus.
func (a *app) instanceID() string {
	sum := sha256.Sum256([]byte(a.dir.Path()))
	return "io.github.kiteaccounts.KiteAccounts." + hex.EncodeToString(sum[:8])
}

// closeDesktop leaves the agent running or ends it, as the user wants.
func (a *app) closeDesktop() {
	if !a.quitting.Load() {
		a.desktop.Close()
		return
	}
	if err := a.desktop.StopAgent(context.Background()); err != nil && !errors.Is(err, agent.ErrNone) {
		a.log.Warn("agent not ended", "error", err)
	}
}

func (a *app) close() {
	if a.program != nil && !a.handedOver {
		a.closeDesktop()
		a.program.Close()
	}
	if a.closeLog != nil {
		_ = a.closeLog()
	}
	if a.lock != nil {
		_ = a.lock.Unlock()
	}
}
