package cli

import (
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/kiteaccounts/kite-accounts/backend/clock"
	"github.com/kiteaccounts/kite-accounts/backend/datadir"
	"github.com/kiteaccounts/kite-accounts/backend/hardening"
	"github.com/kiteaccounts/kite-accounts/backend/keyring"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/sandboxhost"
	"github.com/kiteaccounts/kite-accounts/backend/sessions"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
	"github.com/kiteaccounts/kite-accounts/backend/vault"
)

// counter is where sessions are handed out: the part of the services that it
// takes.
type counter struct {
	vault    *vault.Vault
	sessions *sessions.Service
	// logIn gets an account a session; nil where that isn't wanted.
	logIn func(context.Context, kite.Account) error
	leave func()
}

// openCounter opens only what it takes, since scripts hand out sessions all
// day: no login, no broker, no migration.
func (g *commands) openCounter(ctx context.Context) (*counter, error) {
	dir, err := datadir.Open(g.DataDir)
	if err != nil {
		return nil, err
	}
	folder, err := ownFolder()
	if err != nil {
		return nil, err
	}
	db, err := sqlite.OpenPrompt(ctx, dir.Database())
	if err != nil {
		return nil, noAccountIn(err)
	}
	log := slog.New(warnings{dir.Log("kitectl")})
	told := &teller{folder: dir.Path(), log: log}
	told.ahead()
	clk := clock.ForDataDir(dir.Path())
	c := &counter{leave: func() { told.close(); leaveDatabase(db, dir.Database()) }}
	c.vault = vault.New(vault.Config{
		Store: db.Vault(), Keyring: keyring.New(), Clock: clk, Events: publisher(func(kite.Event) {}), Log: log, Folder: dir.Path(),
	})
	c.sessions = &sessions.Service{
		Accounts: db.Accounts(c.vault), Sessions: db.Sessions(c.vault), History: db.History(),
		Endpoints: sandboxhost.New(dir, filepath.Join(folder, lightName)), Clock: clk, Events: publisher(told.tell), Log: log,
	}
	return c, nil
}

// noAccountIn gives a data folder without a database the exit code of an
// account that isn't there.
func noAccountIn(err error) error {
	if kite.ErrorCode(err) == kite.ENOTFOUND {
		return withExit(exitNoAccount, err)
	}
	return err
}

// openLoginCounter is a counter that can log in; confirmed, without a question.
func (g *commands) openLoginCounter(ctx context.Context, confirmed bool) (*counter, error) {
	w, err := g.openWorkbench(ctx)
	if err != nil {
		return nil, err
	}
	return g.loginCounter(w, confirmed), nil
}

func (g *commands) loginCounter(w *workbench, confirmed bool) *counter {
	logIn := func(ctx context.Context, a kite.Account) error {
		return g.logIn(ctx, w, a, loginHow{confirmed: confirmed})
	}
	return &counter{vault: w.Vault, sessions: w.Sessions, logIn: logIn, leave: w.Close}
}

// publisher is a kite.Publisher that is one function.
type publisher func(kite.Event)

// Publish calls it.
func (p publisher) Publish(e kite.Event) { p(e) }

// handout finds the account's session and says in the history who gets it.
// Where there is none the error says how to get one.
func (g *commands) handout(ctx context.Context, open func(context.Context) (*counter, error), name, to string) (kite.Handout, error) {
	if err := hardening.ApplyUntilExec(); err != nil {
		return kite.Handout{}, err
	}
	c, err := open(ctx)
	if err != nil {
		return kite.Handout{}, err
	}
	defer c.leave()
	a, err := findAccount(ctx, c.sessions.Accounts, name)
	if err != nil {
		return kite.Handout{}, err
	}
	latest, err := c.sessions.Sessions.LatestSession(ctx, a.ID)
	if err != nil {
		return kite.Handout{}, err
	}
	// Before anybody is asked for a passphrase in vain.
	missing := missingSession(a, latest, c.sessions.Clock.Now())
	if missing != nil && c.logIn == nil {
		return kite.Handout{}, missing
	}
	if err := g.openVault(ctx, c.vault); err != nil {
		return kite.Handout{}, err
	}
	if missing != nil {
		if err := c.logIn(ctx, a); err != nil {
			return kite.Handout{}, err
		}
	}
	h, err := c.sessions.Handout(ctx, a.ID)
	if err != nil {
		return h, saysHow(a, err)
	}
	c.sessions.RecordExport(ctx, a.ID, to)
	return h, nil
}

// missingSession says that, and why, the account has no living session; nil if
// it has one.
func missingSession(a kite.Account, latest *kite.Session, now time.Time) error {
	switch {
	case latest == nil:
		return saysHow(a, kite.Errorf(kite.ENOSESSION, "%s has no session yet.", a.Name))
	case !latest.LiveAt(now):
		return saysHow(a, kite.Errorf(kite.EENDED, "The session of %s has ended (%s).", a.Name, latest.ReasonAt(now)))
	}
	return nil
}

// saysHow gives an error about a missing session the way to one.
func saysHow(a kite.Account, err error) error {
	switch e := kite.AsError(err); e.Code {
	case kite.ENOSESSION, kite.EENDED:
		return e.WithHint("Log in with kitectl login " + argument(a) + ", or let exec do it: kitectl exec --login " + argument(a) + " -- COMMAND.")
	default:
		return err
	}
}

// argument is the account as a word for a command line.
func argument(a kite.Account) string {
	if a.Slug != "" {
		return a.Slug
	}
	return shQuote(a.Name)
}

// findAccount finds the account that a command's NAME means. A name typed with
// combining accents is the same name.
func findAccount(ctx context.Context, store kite.AccountStore, name string) (kite.Account, error) {
	name = norm.NFC.String(strings.TrimSpace(name))
	candidates, err := accountsNamed(ctx, store, name)
	if err != nil {
		return kite.Account{}, err
	}
	a, err := kite.FindAccount(candidates, name)
	if err != nil {
		return a, withExit(exitNoAccount, err)
	}
	return a, nil
}

// accountsNamed leaves the search to the store if it can: there may be
// thousands of accounts.
func accountsNamed(ctx context.Context, store kite.AccountStore, name string) ([]kite.Account, error) {
	if s, ok := store.(interface {
		AccountsNamed(ctx context.Context, nameOrSlug string) ([]kite.Account, error)
	}); ok {
		return s.AccountsNamed(ctx, name)
	}
	return store.Accounts(ctx)
}
