// Package program puts Kite Accounts together: the only place that knows all
// adapters. A Program is a value that the window, and tests, start and close.
//
//	program.go   life: Start, Services, StartOver, Close
//	services.go  wiring: which adapter serves which use case
//	bus.go       events
package program

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/datadir"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

// Config is what a Program is given from outside.
type Config struct {
	Dir       datadir.Dir
	Log       *slog.Logger
	Clock     kite.Clock
	Window    kite.LoginWindow
	Endpoints SandboxHost
	Keyring   kite.Keyring
	Browse    func(url string) error // opens the system browser
	Updates   *Updates               // the check for newer versions; nil for none
	// WithDatabaseReleased runs f while no other process has the database open;
	// nil where there is none.
	WithDatabaseReleased func(ctx context.Context, f func() error) error
}

// Program is Kite Accounts without its window.
type Program struct {
	Config
	Events Bus

	started  atomic.Bool
	ready    chan struct{}
	mu       sync.Mutex
	services *Services
	problem  error
	teller   *Teller
	retrying sync.Mutex
}

// Teller is what it takes to tell of sessions outside of the window.
type Teller struct {
	Notices  Notifier
	Answers  *NoticeRouter
	Asked    func(kite.Request)
	OnUntold func(titles []string)
}

// Tell lets this process tell of sessions from now on, also after the database
// was opened anew. The caller holds the agent's lock.
func (p *Program) Tell(t Teller) {
	p.mu.Lock()
	p.teller = &t
	services := p.services
	p.mu.Unlock()
	if services != nil {
		services.tell(t)
	}
}

// New makes a Program that Start brings to life.
func New(c Config) *Program {
	p := &Program{Config: c, ready: make(chan struct{})}
	p.Events.Follow(p.wakeWatch)
	return p
}

// wakeWatch lets the watches see what changes their plans.
func (p *Program) wakeWatch(e kite.Event) {
	p.mu.Lock()
	services := p.services
	p.mu.Unlock()
	if services != nil && changesPlans(e.Type) {
		services.wake()
	}
}

// changesPlans says whether what is to be told may be different after the
// event. An opened vault lets tokens be read.
func changesPlans(t kite.EventType) bool {
	switch t {
	case kite.SessionChanged, kite.AccountChanged, kite.PreferencesChanged, kite.VaultChanged:
		return true
	default:
		return false
	}
}

// Start opens the database and the services. A database that can't be used is
// no error of Start's: Services then returns it, and the window shows it.
func (p *Program) Start(ctx context.Context) {
	p.started.Store(true)
	defer close(p.ready)
	p.open(ctx, false)
}

func (p *Program) open(ctx context.Context, startOver bool) {
	services, err := p.newServices(ctx, startOver)
	p.mu.Lock()
	p.services, p.problem = services, err
	teller := p.teller
	p.mu.Unlock()
	if err != nil {
		p.Log.Error("database not opened", "error", err)
		return
	}
	services.run()
	if teller != nil {
		services.tell(*teller)
	}
}

// Retry opens the database once more if it couldn't be used: what kept it from
// opening may be gone by now.
func (p *Program) Retry(ctx context.Context) {
	<-p.ready
	p.retrying.Lock()
	defer p.retrying.Unlock()
	_, err := p.Services(ctx)
	var problem *sqlite.Problem
	if errors.As(err, &problem) {
		p.open(ctx, false)
	}
}

// Services waits until Start is done and returns the services, or the error
// that kept the database from opening: EDATA or ECONFLICT, with a
// *sqlite.Problem in its chain.
func (p *Program) Services(ctx context.Context) (*Services, error) {
	select {
	case <-p.ready:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.services, p.problem
}

// startOverPhrase is what the user types to begin an empty database.
const startOverPhrase = "start over"

// StartOver renames the database, whatever state it is in, and begins an empty
// one. It deletes nothing.
func (p *Program) StartOver(ctx context.Context, phrase string) error {
	if phrase != startOverPhrase {
		return kite.Errorf(kite.EINVALID, "Type %q to begin with an empty database.", startOverPhrase)
	}
	<-p.ready
	p.close()
	if err := p.released(ctx, p.setAside); err != nil {
		p.open(ctx, false)
		return kite.Errorf(kite.EDATA, "The old database couldn't be renamed, so nothing was changed.").
			WithHint("Check that you may write to " + p.Dir.Path() + ".").Because(err)
	}
	p.open(ctx, true)
	p.Events.Publish(kite.Event{Type: kite.VaultChanged})
	p.Events.Publish(kite.Event{Type: kite.AccountChanged})
	_, err := p.Services(ctx)
	return err
}

func (p *Program) released(ctx context.Context, f func() error) error {
	if p.WithDatabaseReleased == nil {
		return f()
	}
	return p.WithDatabaseReleased(ctx, f)
}

// setAside renames the database and what SQLite keeps beside it.
func (p *Program) setAside() error {
	suffix := ".old-" + p.Clock.Now().Format("20060102-150405.000")
	for _, part := range []string{"-wal", "-shm", ""} {
		from := p.Dir.Database() + part
		err := datadir.Rename(from, p.Dir.Database()+suffix+part)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("set database aside: %w", err)
		}
	}
	p.Log.Warn("database set aside", "suffix", suffix)
	return nil
}

// closeTimeout bounds waiting for logins and other work on the way out.
const closeTimeout = 4 * time.Second

// Close ends logins and background work and closes the database. It does
// nothing for a Program that was never started.
func (p *Program) Close() {
	if !p.started.Load() {
		return
	}
	<-p.ready
	done := make(chan struct{})
	go func() { p.close(); close(done) }()
	select {
	case <-done:
	case <-time.After(closeTimeout):
		p.Log.Warn("left before all work had ended")
	}
}

func (p *Program) close() {
	p.mu.Lock()
	services := p.services
	p.services = nil
	p.problem = kite.Errorf(kite.EINTERNAL, "Kite Accounts is closing.")
	p.mu.Unlock()
	if services != nil {
		services.close()
	}
}
