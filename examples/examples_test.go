// Package examples proves that the sample programs work: each is run as its
// README says, by the real kitectl, against the sandbox and a real keyring.
package examples

import (
	"bytes"
	"errors"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/cli"
	"github.com/kiteaccounts/kite-accounts/backend/datadir"
	"github.com/kiteaccounts/kite-accounts/backend/keyring"
	"github.com/kiteaccounts/kite-accounts/backend/keyring/keyringtest"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/kiteconnect"
	"github.com/kiteaccounts/kite-accounts/backend/program"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox/sandboxtest"
	"github.com/kiteaccounts/kite-accounts/backend/sandboxhost"
)

// The test binary runs itself as kitectl.
func TestMain(m *testing.M) {
	if os.Getenv("EXAMPLES_KITECTL") == "1" {
		_ = os.Unsetenv("EXAMPLES_KITECTL")
		os.Exit(cli.Run("test", os.Args[1:], os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// desk is a data folder with one account that is logged in.
type desk struct {
	t     *testing.T
	dir   datadir.Dir
	kite  *sandboxtest.Kite
	built string // folder with the Go samples
}

const accountName = "Personal trading"

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, built: t.TempDir()}
	// Before the environment is another one, in which Go has nothing cached.
	build := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-o", d.built, "./go/...")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	keyringtest.StartBus(t).StartKeyring(true)
	// The samples go by the computer's clock; here no token ends at 06:00 IST.
	d.kite = sandboxtest.Start(t, sandbox.Config{Clock: kitetest.NewClock(time.Now())})
	var err error
	if d.dir, err = datadir.Open(filepath.Join(t.TempDir(), "data")); err != nil {
		t.Fatal(err)
	}
	d.logIn()
	return d
}

// logIn stores an account and a session of the sandbox's first person.
func (d *desk) logIn() {
	d.t.Helper()
	ctx := d.t.Context()
	services, err := program.OpenServices(ctx, program.Config{
		Dir: d.dir, Log: slog.New(slog.DiscardHandler), Clock: kite.SystemClock{}, Keyring: keyring.New(),
		Endpoints: sandboxhost.New(d.dir, "/nonexistent"),
	}, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	defer services.Close()
	services.Vault.Start(ctx)
	person := d.kite.Person(1)
	account, err := services.Accounts.Create(ctx, kite.Account{
		Name: accountName, ClientID: person.User.UserID, APIKey: sandbox.SharedApp, Type: kite.Sandbox,
		CallbackURL: sandbox.DefaultCallback, Endpoints: d.kite.Endpoints(), TTL: kite.DefaultTTL,
	}, kite.SecretChanges{APISecret: kite.SecretChange{Set: kite.NewSecret(sandbox.APISecret(sandbox.SharedApp))}})
	if err != nil {
		d.t.Fatal(err)
	}
	broker, app := kiteconnect.New(), kite.App{Endpoints: d.kite.Endpoints(), APIKey: account.APIKey}
	page, err := broker.LoginURL(app, "state")
	if err != nil {
		d.t.Fatal(err)
	}
	redirect, err := person.LogIn(page)
	landed, parseErr := url.Parse(redirect)
	if err := errors.Join(err, parseErr); err != nil {
		d.t.Fatal(err)
	}
	grant, err := broker.Exchange(ctx, app, kite.NewSecret(landed.Query().Get("request_token")), kite.NewSecret(sandbox.APISecret(sandbox.SharedApp)))
	if err != nil {
		d.t.Fatal(err)
	}
	err = services.Sessions.Sessions.SaveSession(ctx, kite.Session{
		ID: "session-" + account.ID, AccountID: account.ID, UserID: grant.UserID, LoginTime: grant.LoginTime, TTL: account.TTL,
		ExpiresAt: time.Now().Add(time.Hour), CreatedAt: time.Now(), Status: kite.Active,
	}, grant.Tokens)
	if err != nil {
		d.t.Fatal(err)
	}
}

// kitectl is a command line of it.
func (d *desk) kitectl(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(d.t.Context(), os.Args[0], append([]string{"--data-dir", d.dir.Path()}, args...)...)
	cmd.Env = append(os.Environ(), "EXAMPLES_KITECTL=1")
	return cmd
}

// ran runs a command to its end.
func (d *desk) ran(cmd *exec.Cmd) (code int, stdout, stderr string) {
	d.t.Helper()
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		d.t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String(), errs.String()
}

func (d *desk) strategies() map[string][]string {
	return map[string][]string{
		"Python":     {"python3", "python/strategy.py"},
		"Go":         {filepath.Join(d.built, "strategy")},
		"JavaScript": {"node", "javascript/strategy.mjs"},
	}
}

func TestStrategies_trade_with_the_session_and_stop_when_it_has_ended(t *testing.T) {
	d := newDesk(t)
	exec := func(program []string) (int, string, string) {
		return d.ran(d.kitectl(append(append([]string{"exec", accountName, "--"}, program...), "1")...))
	}
	for name, program := range d.strategies() {
		code, out, errs := exec(program)
		if code != 0 || !strings.Contains(out, "trading for "+d.kite.Person(1).User.UserID) || !strings.Contains(out, "positions, profit") {
			t.Errorf("%s: %d\n%s%s", name, code, out, errs)
		}
	}
	d.kite.EndTokensOf(d.kite.Person(1).User.UserID)
	for name, program := range d.strategies() {
		if code, out, errs := exec(program); code != 11 || !strings.Contains(errs, "stopped: ") {
			t.Errorf("%s after the session's end: %d\n%s%s", name, code, out, errs)
		}
	}
}
