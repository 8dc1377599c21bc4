package cli_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/alecthomas/kong"
	"github.com/google/uuid"

	"github.com/kiteaccounts/kite-accounts/backend/clock"
	"github.com/kiteaccounts/kite-accounts/backend/datadir"
	"github.com/kiteaccounts/kite-accounts/backend/envelope"
	"github.com/kiteaccounts/kite-accounts/backend/keyring"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/program"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

// fixtures are the commands of the scripts' program "fixture", which fills the
// data folder that KITE_ACCOUNTS_DATA_DIR names.
type fixtures struct {
	Passphrase string `help:"What opens, or makes, the vault. Without it the keyring does."`

	Vault    fixtureVault    `cmd:"" help:"Make the vault."`
	Account  fixtureAccount  `cmd:"" help:"Add an account."`
	Accounts fixtureAccounts `cmd:"" help:"Add many accounts with a session each that nobody can unseal."`
	Session  fixtureSession  `cmd:"" help:"Give an account a session."`
	End      fixtureEnd      `cmd:"" help:"End the account's session as Kite would."`
	History  fixtureHistory  `cmd:"" help:"Print the history, oldest first."`
}

// fixtureMain is the program.
func fixtureMain() {
	f := fixtures{}
	ctx := kong.Parse(&f)
	ctx.FatalIfErrorf(ctx.Run(&f))
}

// cheap is a key derivation for tests: the real one takes half a second.
var cheap = envelope.KDF{Name: envelope.DefaultKDF.Name, Time: 1, Memory: 64 << 10, Threads: 1}

// open opens the services; the vault too, if it is needed.
func (f *fixtures) open(ctx context.Context, vault bool) (*program.Services, error) {
	dir, err := datadir.Open("")
	if err != nil {
		return nil, err
	}
	s, err := program.OpenServices(ctx, program.Config{
		Dir: dir, Log: slog.New(slog.DiscardHandler), Clock: clock.ForDataDir(dir.Path()), Keyring: keyring.New(),
	}, nil)
	if err != nil || !vault {
		return s, err
	}
	s.Vault.KDF = cheap
	s.Vault.Start(ctx)
	switch state, _ := s.Vault.State(); {
	case state == kite.VaultOpen:
		return s, nil
	case f.Passphrase == "":
		return nil, fmt.Errorf("the vault is %s", state)
	case s.Vault.MayCreate():
		return s, s.Vault.CreateWithPassphrase(ctx, kite.NewSecret(f.Passphrase))
	}
	return s, s.Vault.OpenWithPassphrase(ctx, kite.NewSecret(f.Passphrase))
}

type fixtureVault struct{}

func (fixtureVault) Run(f *fixtures) error {
	s, err := f.open(context.Background(), true)
	if err != nil {
		return err
	}
	s.Close()
	return nil
}

type fixtureAccount struct {
	Name     string        `arg:""`
	Slug     string        `help:"Short name (default: from the name)."`
	Client   string        `default:"AB1234"`
	Key      string        `default:"key1234567890abc" help:"API key."`
	Secret   string        `help:"API secret; needs the vault."`
	Password string        `help:"Needs the vault."`
	Type     string        `default:"live"`
	Callback string        `default:"http://127.0.0.1:51730/kite/callback"`
	LoginURL string        `name:"login-url"`
	APIRoot  string        `name:"api-root"`
	TTL      time.Duration `default:"24h"`
	Way      string        `default:"window"`
}

func (c fixtureAccount) Run(f *fixtures) error {
	ctx := context.Background()
	s, err := f.open(ctx, c.Secret+c.Password != "")
	if err != nil {
		return err
	}
	defer s.Close()
	if c.Slug == "" {
		c.Slug = kite.SlugOf(c.Name, c.Client)
	}
	at := now()
	a := kite.Account{
		ID: uuid.NewString(), Name: c.Name, Slug: c.Slug, ClientID: c.Client, APIKey: c.Key, Type: kite.AccountType(c.Type),
		CallbackURL: c.Callback, Endpoints: kite.Endpoints{LoginURL: c.LoginURL, APIRoot: c.APIRoot}, TTL: c.TTL,
		LoginWay: kite.LoginWay(c.Way), CreatedAt: at, UpdatedAt: at,
	}
	return s.Accounts.Store.CreateAccount(ctx, a, kite.SecretChanges{
		Password:  kite.SecretChange{Set: kite.NewSecret(c.Password)},
		APISecret: kite.SecretChange{Set: kite.NewSecret(c.Secret)},
	})
}

type fixtureSession struct {
	Name  string        `arg:""`
	Token string        `default:"access-token-1" help:"Its access_token."`
	Ends  time.Duration `default:"5h" help:"From now; negative: it has ended, and nobody has noticed yet."`
	User  string        `help:"Who logged in (default: the account's client ID)."`
}

func (c fixtureSession) Run(f *fixtures) error {
	ctx := context.Background()
	s, err := f.open(ctx, true)
	if err != nil {
		return err
	}
	defer s.Close()
	a, err := named(ctx, s, c.Name)
	if err != nil {
		return err
	}
	return s.Sessions.Sessions.SaveSession(ctx, livingSession(a, c.User, c.Ends), kite.Tokens{Access: kite.NewSecret(c.Token)})
}

func named(ctx context.Context, s *program.Services, name string) (kite.Account, error) {
	all, err := s.Accounts.Store.Accounts(ctx)
	if err != nil {
		return kite.Account{}, err
	}
	return kite.FindAccount(all, name)
}

// now is by the clock of the programs that are tested.
func now() time.Time { return clock.ForDataDir("").Now() }

// livingSession is a session that ends then, seen from now.
func livingSession(a kite.Account, user string, ends time.Duration) kite.Session {
	at := now().Add(-time.Minute)
	if ends < 0 {
		at = at.Add(ends)
	}
	if user == "" {
		user = a.ClientID
	}
	return kite.Session{
		ID: uuid.NewString(), AccountID: a.ID, UserID: user, UserName: "Asha Rao", LoginTime: at, TTL: a.TTL,
		ExpiresAt: now().Add(ends), CreatedAt: at, VerifiedAt: at, Status: kite.Active,
	}
}

type fixtureEnd struct {
	Name   string `arg:""`
	Reason string `default:"ended elsewhere"`
}

func (c fixtureEnd) Run(f *fixtures) error {
	ctx := context.Background()
	s, err := f.open(ctx, false)
	if err != nil {
		return err
	}
	defer s.Close()
	a, err := named(ctx, s, c.Name)
	if err != nil {
		return err
	}
	latest, err := s.Sessions.Sessions.LatestSession(ctx, a.ID)
	if err != nil || latest == nil {
		return errors.Join(err, errors.New("no session"))
	}
	return s.Sessions.Sessions.EndSession(ctx, latest.ID, kite.EndedReason(c.Reason), now())
}

type fixtureHistory struct{}

func (fixtureHistory) Run(f *fixtures) error {
	ctx := context.Background()
	s, err := f.open(ctx, false)
	if err != nil {
		return err
	}
	defer s.Close()
	entries, err := s.History.History(ctx, kite.HistoryFilter{})
	for i := len(entries) - 1; i >= 0; i-- {
		e := entries[i]
		_, _ = fmt.Fprintf(os.Stdout, "%s: %s: %s\n", e.AccountName, e.Kind, e.Detail)
	}
	return err
}

type fixtureAccounts struct {
	Count int `arg:""`
}

func (c fixtureAccounts) Run() error {
	dir, err := datadir.Open("")
	if err != nil {
		return err
	}
	return manyAccounts(dir, c.Count)
}

// manyAccounts fills a data folder in one transaction's time.
func manyAccounts(dir datadir.Dir, count int) error {
	ctx := context.Background()
	db, err := sqlite.Open(ctx, dir.Database())
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(ctx, "PRAGMA synchronous = OFF"); err != nil {
		return err
	}
	for i := range count {
		at := now()
		a := kite.Account{
			ID: uuid.NewString(), Name: fmt.Sprintf("Family %d", i), Slug: fmt.Sprintf("family-%d", i), ClientID: fmt.Sprintf("AB%04d", i),
			APIKey: "key1234567890abc", Type: kite.Live, CallbackURL: "http://127.0.0.1:51730/kite/callback",
			TTL: kite.DefaultTTL, LoginWay: kite.LoginInWindow, CreatedAt: at, UpdatedAt: at,
		}
		if err := db.Accounts(nil).CreateAccount(ctx, a, kite.SecretChanges{}); err != nil {
			return err
		}
		if err := db.Sessions(nil).SaveSession(ctx, livingSession(a, "", 5*time.Hour), kite.Tokens{}); err != nil {
			return err
		}
	}
	return nil
}
