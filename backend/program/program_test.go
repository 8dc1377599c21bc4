package program_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/datadir"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/program"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox/sandboxtest"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

// bench is a whole program without a window: real database, real vault over a
// keyring in memory, simulated Kite.
type bench struct {
	t     *testing.T
	dir   datadir.Dir
	clock *kitetest.Clock
	ring  *kitetest.Keyring
	kite  *sandboxtest.Kite
	who   *sandboxtest.Person
	calls kitetest.Events
}

func newBench(t *testing.T) *bench {
	t.Helper()
	dir, err := datadir.Open(filepath.Join(t.TempDir(), "data"))
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, dir: dir, clock: kitetest.ISTClock(2026, 11, 23, 10, 0), ring: &kitetest.Keyring{Name: "fake"}}
	b.kite = sandboxtest.Start(t, sandbox.Config{Clock: b.clock})
	b.who = b.kite.Person(1)
	return b
}

// Open plays the login window.
func (b *bench) Open(_ context.Context, job kite.LoginJob) (kite.Landing, error) {
	redirect, err := b.who.LogIn(job.LoginURL)
	return kite.Landing{RedirectURL: kite.NewSecret(redirect)}, err
}

// Focus has no window to raise.
func (b *bench) Focus(string) bool { return false }

// Endpoints are the sandbox's.
func (b *bench) Endpoints(context.Context, kite.Account) (kite.Endpoints, error) {
	return b.kite.Endpoints(), nil
}

// NewAccount is the first user's, for as many accounts as there are users.
func (b *bench) NewAccount(_ context.Context, taken []kite.Account) (kite.Account, kite.Secrets, error) {
	u := sandbox.UserNumber(len(taken) + 1)
	a := kite.Account{
		Name: "Sandbox", ClientID: u.UserID, APIKey: sandbox.SharedApp, Type: kite.Sandbox,
		CallbackURL: sandbox.DefaultCallback, TTL: kite.DefaultTTL,
	}
	return a, kite.Secrets{Password: kite.NewSecret(u.Password), APISecret: kite.NewSecret(sandbox.APISecret(a.APIKey))}, nil
}

func (b *bench) start() (*program.Program, *program.Services) {
	b.t.Helper()
	p := program.New(program.Config{
		Dir: b.dir, Log: slog.New(slog.DiscardHandler), Clock: b.clock, Window: b, Endpoints: b, Keyring: b.ring,
		Browse: func(string) error { return nil },
	})
	p.Events.Follow(b.calls.Publish)
	p.Start(b.t.Context())
	b.t.Cleanup(p.Close)
	services, err := p.Services(b.t.Context())
	if err != nil {
		return p, nil
	}
	services.Vault.Settle(b.t.Context())
	return p, services
}

func (b *bench) loggedIn(s *program.Services) kite.Account {
	b.t.Helper()
	a, err := s.Accounts.CreateSandbox(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	if err := s.Login.LogIn(b.t.Context(), a.ID, "", false); err != nil {
		b.t.Fatal(err)
	}
	return a
}

func TestProgram_keeps_everything_over_a_restart(t *testing.T) {
	b := newBench(t)
	p, s := b.start()
	a := b.loggedIn(s)
	token, err := s.Secret(t.Context(), a.ID, "accessToken")
	if err != nil {
		t.Fatal(err)
	}
	p.Close()
	_, s = b.start()
	v, err := s.LiveAccount(t.Context(), a.ID)
	if err != nil || !v.HasActiveSession || v.Badge != "active" || v.Session.UserID != "SB0001" {
		t.Errorf("account = %+v, %v", v, err)
	}
	if again, err := s.Secret(t.Context(), a.ID, "accessToken"); err != nil || !again.Equal(token) {
		t.Errorf("the token after a restart: %v", err)
	}
}

func TestProgram_lists_while_the_keyring_is_locked(t *testing.T) {
	b := newBench(t)
	p, s := b.start()
	a := b.loggedIn(s)
	p.Close()
	b.ring.Fail = kite.ErrKeyringLocked
	_, s = b.start()
	list, err := s.LiveAccounts(t.Context())
	if err != nil || len(list) != 1 || !list[0].HasActiveSession {
		t.Fatalf("list = %+v, %v", list, err)
	}
	if _, err := s.Secret(t.Context(), a.ID, "apiSecret"); kite.ErrorCode(err) != kite.ELOCKED {
		t.Errorf("Secret = %v", err)
	}
	if err := s.Accounts.Delete(t.Context(), a.ID, false); kite.ErrorCode(err) != kite.ELOCKED {
		t.Errorf("Delete = %v", err)
	}
	if err := s.Accounts.Delete(t.Context(), a.ID, true); err != nil {
		t.Errorf("Delete anyway = %v", err)
	}
}

func TestCopyItem(t *testing.T) {
	b := newBench(t)
	_, s := b.start()
	a := b.loggedIn(s)
	token, err := s.Secret(t.Context(), a.ID, "accessToken")
	if err != nil {
		t.Fatal(err)
	}
	for item, want := range map[string]struct {
		has    string
		secret bool
	}{
		"apiKey": {a.APIKey, false}, "clientId": {a.ClientID, false}, "callbackUrl": {a.CallbackURL, false},
		"apiSecret": {sandbox.APISecret(a.APIKey), true}, "password": {sandbox.UserNumber(1).Password, true},
		"accessToken": {token.Reveal(), true}, "authorizationHeader": {"Authorization: token " + a.APIKey + ":" + token.Reveal(), true},
		"example:curl": {token.Reveal(), true},
	} {
		got, secret, err := s.Copy(t.Context(), a.ID, item)
		if err != nil || !strings.Contains(got.Reveal(), want.has) || secret != want.secret {
			t.Errorf("%s: secret %t, %v", item, secret, err)
		}
	}
	if entries, err := s.History.History(t.Context(), kite.HistoryFilter{Kind: kite.HistoryExport}); err != nil || len(entries) != 5 {
		t.Errorf("history = %+v, %v", entries, err)
	}
	if _, _, err := s.Copy(t.Context(), a.ID, "dataKey"); kite.ErrorCode(err) != kite.EINVALID {
		t.Errorf("an unknown item: %v", err)
	}
}

func TestStartOver_renames_and_begins_anew(t *testing.T) {
	b := newBench(t)
	p, s := b.start()
	b.loggedIn(s)
	if err := p.StartOver(t.Context(), "yes"); kite.ErrorCode(err) != kite.EINVALID {
		t.Errorf("another phrase: %v", err)
	}
	if err := p.StartOver(t.Context(), "start over"); err != nil {
		t.Fatal(err)
	}
	s, err := p.Services(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if list, err := s.LiveAccounts(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("list = %+v, %v", list, err)
	}
	if old, _ := filepath.Glob(b.dir.Database() + ".old-*"); len(old) == 0 {
		t.Error("the old database is gone")
	}
	b.calls.WaitFor(t, kite.Event{Type: kite.AccountChanged})
}

func TestDamagedDatabase_is_reported_and_can_be_set_aside(t *testing.T) {
	b := newBench(t)
	if err := os.WriteFile(b.dir.Database(), []byte(strings.Repeat("damaged ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	p, s := b.start()
	_, err := p.Services(t.Context())
	var problem *sqlite.Problem
	if s != nil || !errors.As(err, &problem) || problem.Kind != sqlite.Damaged {
		t.Fatalf("Services = %v", err)
	}
	if err := p.StartOver(t.Context(), "start over"); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Services(t.Context()); err != nil {
		t.Errorf("after starting over: %v", err)
	}
}

func TestZeroLengthDatabase_is_not_a_first_run(t *testing.T) {
	b := newBench(t)
	p, s := b.start()
	b.loggedIn(s)
	p.Close()
	for _, part := range []string{"-wal", "-shm"} {
		_ = os.Remove(b.dir.Database() + part)
	}
	if err := os.Truncate(b.dir.Database(), 0); err != nil {
		t.Fatal(err)
	}
	_, s = b.start()
	if state, _ := s.Vault.State(); state != kite.VaultDataMissing {
		t.Errorf("state = %s", state)
	}
}

func TestClose_leaves_no_file_of_the_database_open(t *testing.T) {
	b := newBench(t)
	p, s := b.start()
	b.loggedIn(s)
	p.Close()
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, fd := range open {
		if target, err := os.Readlink("/proc/self/fd/" + fd.Name()); err == nil && strings.Contains(target, b.dir.Path()) {
			t.Errorf("still open: %s", target)
		}
	}
}
