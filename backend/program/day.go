package program

import (
	"context"
	"sync"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/expiry"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kiteconnect"
	"github.com/kiteaccounts/kite-accounts/backend/sessions"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
	"github.com/kiteaccounts/kite-accounts/backend/tray"
	"github.com/kiteaccounts/kite-accounts/backend/vault"
)

// day is the agent's open database with the watch over it.
type day struct {
	agent    *Agent
	db       *sqlite.DB
	watch    *expiry.Watch
	programs *access
	// broker is one for all checks: it knows how often each API key was used.
	broker kite.Broker
	ctx    context.Context
	stop   context.CancelFunc
	work   sync.WaitGroup
}

func (a *Agent) newDay(ctx context.Context) (*day, error) {
	db, err := sqlite.Open(ctx, a.Dir.Database())
	if err != nil {
		return nil, err
	}
	d := &day{agent: a, db: db, broker: kiteconnect.New(), programs: newAccess(a, db.Settings())}
	d.ctx, d.stop = context.WithCancel(ctx)
	d.watch = &expiry.Watch{
		Accounts: db.Accounts(nil), Sessions: db.Sessions(nil), History: db.History(), Settings: db.Settings(),
		Notices: db.Notices(), Notifier: a.Notices, Verifier: d,
		Clock: a.Clock, Events: &a.events, Log: a.Log, OnUntold: a.setUntold,
	}
	return d, nil
}

func (d *day) run() {
	d.work.Go(func() { d.watch.Run(d.ctx) })
	d.work.Go(func() { d.programs.run(d.ctx) })
	d.work.Go(func() { d.agent.Answers.Serve(d.ctx, d.watch, d.agent.Asked) })
}

func (d *day) heard(e kite.Event) {
	if changesPlans(e.Type) {
		d.watch.Wake()
	}
	d.programs.heard(e)
}

func (d *day) close() {
	d.stop()
	d.work.Wait()
	_ = d.db.Close()
}

// VerifyAll asks Kite whether the accounts' sessions live. The key is asked of
// the keyring for this and forgotten; ELOCKED where that would ask the user,
// who opens the window then.
func (d *day) VerifyAll(ctx context.Context, accountIDs []string, answered func(accountID string, err error)) {
	a := d.agent
	v := vault.New(vault.Config{
		Store: d.db.Vault(), Keyring: a.Keyring, Clock: a.Clock,
		Events: kite.PublisherFunc(func(kite.Event) {}), Log: a.Log, Folder: a.Dir.Path(),
	})
	v.Start(ctx)
	defer v.Forget()
	if state, _ := v.State(); state != kite.VaultOpen {
		for _, id := range accountIDs {
			answered(id, kite.Errorf(kite.ELOCKED, "The session can't be checked while the keyring is locked.").
				WithHint("Open Kite Accounts: it checks then."))
		}
		return
	}
	service := &sessions.Service{
		Accounts: d.db.Accounts(v), Sessions: d.db.Sessions(v), History: d.db.History(),
		Endpoints: a.Endpoints, Broker: d.broker, Clock: a.Clock, Events: &a.events, Log: a.Log,
	}
	service.VerifyAll(ctx, accountIDs, answered)
}

// menuRetry is when a menu is made anew whose words don't change by time;
// openRetry is when a database is tried again that couldn't be opened.
const (
	menuRetry = 6 * time.Hour
	openRetry = time.Minute
)

// showMenu returns when the menu's words change by time alone.
func (a *Agent) showMenu() (time.Time, error) {
	d := a.openDay()
	now := a.Clock.Now()
	if d == nil {
		a.Tray.Show(tray.Problem("Sessions can't be watched: open Kite Accounts"))
		return now.Add(openRetry), nil
	}
	m, err := d.menu(now)
	if err != nil {
		a.Tray.Show(tray.Problem("Sessions can't be read: open Kite Accounts"))
		return now.Add(openRetry), err
	}
	a.Tray.Show(m)
	if m.Next.IsZero() {
		return now.Add(menuRetry), nil
	}
	return m.Next, nil
}

// openDay is the open database, after one more try if it is closed for no
// reason of another process; nil if it stays closed.
func (a *Agent) openDay() *day {
	a.mu.Lock()
	retry := a.day == nil && a.Clock.Now().Sub(a.releasedAt).Abs() > longestRelease
	a.mu.Unlock()
	if retry {
		a.open()
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.day
}

func (d *day) menu(now time.Time) (tray.Menu, error) {
	accounts, err := d.db.Accounts(nil).Accounts(d.ctx)
	if err != nil {
		return tray.Menu{}, err
	}
	latest, err := d.db.Sessions(nil).LatestSessions(d.ctx)
	if err != nil {
		return tray.Menu{}, err
	}
	preferences, err := kite.LoadPreferences(d.ctx, d.db.Settings())
	if err != nil {
		d.agent.Log.Warn("preferences not read, the defaults hold", "error", err)
	}
	return tray.MenuOf(preferences.InOrder(accounts), latest, preferences.LeftOut, now, d.agent.Clock.Zone()), nil
}
