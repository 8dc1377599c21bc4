package program

import (
	"context"
	"log/slog"
	"sync"

	"github.com/kiteaccounts/kite-accounts/backend/accounts"
	"github.com/kiteaccounts/kite-accounts/backend/expiry"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kiteconnect"
	"github.com/kiteaccounts/kite-accounts/backend/login"
	"github.com/kiteaccounts/kite-accounts/backend/loopback"
	"github.com/kiteaccounts/kite-accounts/backend/sessions"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
	"github.com/kiteaccounts/kite-accounts/backend/update"
	"github.com/kiteaccounts/kite-accounts/backend/vault"
	"github.com/kiteaccounts/kite-accounts/backend/view"
)

// SandboxHost finds endpoints and makes sandbox accounts.
type SandboxHost interface {
	kite.EndpointResolver
	accounts.SandboxAccounts
}

// Services are the use cases over one open database.
type Services struct {
	Vault    *vault.Vault
	Accounts *accounts.Service
	Sessions *sessions.Service
	Login    *login.Service
	Settings kite.Settings
	History  kite.HistoryStore
	Updates  *update.Service // nil where nobody checks

	db     *sqlite.DB
	clock  kite.Clock
	events *Bus
	log    *slog.Logger
	stop   context.CancelFunc
	ctx    context.Context
	work   sync.WaitGroup

	mu      sync.Mutex
	watches []*expiry.Watch
	closed  bool
}

func (p *Program) newServices(ctx context.Context, startOver bool) (*Services, error) {
	db, err := sqlite.Open(ctx, p.Dir.Database())
	if err != nil {
		return nil, err
	}
	for _, file := range db.Repaired {
		p.Log.Warn("other users could read a file of the database; now they can't", "file", file)
	}
	s := &Services{db: db, clock: p.Clock, events: &p.Events, log: p.Log, Settings: db.Settings(), History: db.History()}
	s.ctx, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	s.Vault = vault.New(vault.Config{
		Store: db.Vault(), Keyring: p.Keyring, Clock: p.Clock, Events: &p.Events, Log: p.Log,
		Folder: p.Dir.Path(), IgnoreMarker: startOver,
	})
	accountStore, sessionStore := db.Accounts(s.Vault), db.Sessions(s.Vault)
	broker := kiteconnect.New()
	s.Sessions = &sessions.Service{
		Accounts: accountStore, Sessions: sessionStore, History: s.History, Endpoints: p.Endpoints, Broker: broker,
		Clock: p.Clock, Events: &p.Events, Log: p.Log,
	}
	s.Login = &login.Service{
		Accounts: accountStore, Sessions: sessionStore, History: s.History, Endpoints: p.Endpoints, Broker: broker,
		Window: p.Window, Redirects: loopback.New(), Verifier: s.Sessions, Sealer: s.Vault, Browse: p.Browse,
		Clock: p.Clock, Events: &p.Events, Log: p.Log,
	}
	s.Accounts = &accounts.Service{
		Store: accountStore, Sessions: sessionStore, Ender: s.Sessions, Logins: s.Login, Sandbox: p.Endpoints,
		Clock: p.Clock, Events: &p.Events, Log: p.Log,
	}
	s.Updates = p.newUpdates(s.Settings)
	return s, nil
}

// run starts what goes on by itself: opening the vault and watching sessions.
// The window ends sessions at their time too, whoever else watches: what it
// shows must not depend on another process.
func (s *Services) run() {
	watch := s.newWatch(nil)
	s.follow(watch)
	s.start(func() { s.Vault.Start(s.ctx) })
	s.start(func() { watch.Run(s.ctx) })
	if s.Updates != nil {
		s.start(func() { s.Updates.Run(s.ctx) })
	}
}

// start lets something go on by itself until the services are closed.
func (s *Services) start(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.work.Go(f)
	}
}

// tell watches once more, with notices.
func (s *Services) tell(t Teller) {
	watch := s.newWatch(t.Notices)
	watch.OnUntold = t.OnUntold
	adopt(s.ctx, watch, t.Notices)
	s.follow(watch)
	s.start(func() { t.Answers.Serve(s.ctx, watch, t.Asked) })
	s.start(func() { watch.Run(s.ctx) })
}

// newWatch makes a watch over the services; without a notifier it tells
// nothing.
func (s *Services) newWatch(notifier kite.Notifier) *expiry.Watch {
	w := &expiry.Watch{
		Accounts: s.Accounts.Store, Sessions: s.Sessions.Sessions, History: s.History, Settings: s.Settings,
		Verifier: s.Sessions, Clock: s.clock, Events: s.events, Log: s.log,
	}
	if notifier != nil {
		w.Notices, w.Notifier = s.db.Notices(), notifier
	}
	return w
}

// follow lets the watch look again when something changed.
func (s *Services) follow(w *expiry.Watch) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watches = append(s.watches, w)
}

func (s *Services) wake() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, w := range s.watches {
		w.Wake()
	}
	if s.Updates != nil {
		s.Updates.Wake()
	}
}

func (s *Services) close() {
	s.Login.Close()
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.stop()
	s.work.Wait()
	_ = s.db.Close()
}

// LiveAccounts are all accounts as their cards show them.
func (s *Services) LiveAccounts(ctx context.Context) ([]view.LiveAccount, error) {
	all, err := s.Accounts.Store.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	latest, err := s.Sessions.Sessions.LatestSessions(ctx)
	if err != nil {
		return nil, err
	}
	views := make([]view.LiveAccount, 0, len(all))
	for _, a := range all {
		var session *kite.Session
		if l, ok := latest[a.ID]; ok {
			session = &l
		}
		views = append(views, s.live(a, session))
	}
	return views, nil
}

// LiveAccount is one account as its card shows it.
func (s *Services) LiveAccount(ctx context.Context, accountID string) (view.LiveAccount, error) {
	a, err := s.Accounts.Store.Account(ctx, accountID)
	if err != nil {
		return view.LiveAccount{}, err
	}
	session, err := s.Sessions.Sessions.LatestSession(ctx, accountID)
	if err != nil {
		return view.LiveAccount{}, err
	}
	return s.live(a, session), nil
}

func (s *Services) live(a kite.Account, session *kite.Session) view.LiveAccount {
	var check *sessions.Check
	if session != nil {
		if c, ok := s.Sessions.LastCheck(a.ID, session.ID); ok {
			check = &c
		}
	}
	return view.Live(view.AccountAt(a, session, s.clock.Now()), s.Login.Attempt(a.ID), check)
}
