package localapi_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"path/filepath"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/localapi"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

// counting counts what is really read.
type counting struct {
	kite.ClientStore
	kite.AccountStore
	clients, accounts int
}

func (c *counting) ClientByToken(ctx context.Context, h kite.TokenHash) (kite.APIClient, error) {
	c.clients++
	return c.ClientStore.ClientByToken(ctx, h)
}

func (c *counting) Accounts(ctx context.Context) ([]kite.Account, error) {
	c.accounts++
	return c.AccountStore.Accounts(ctx)
}

func newAuthenticator(t testing.TB) (*localapi.Authenticator, *counting, *sqlite.DB) {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	versions, err := db.Versions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = versions.Close(), db.Close() })
	read := &counting{ClientStore: db.Clients(), AccountStore: db.Accounts(&kitetest.Sealer{})}
	for _, id := range []string{"a", "b"} {
		if err := read.CreateAccount(t.Context(), kitetest.Account(id), kite.SecretChanges{}); err != nil {
			t.Fatal(err)
		}
	}
	c, h := kitetest.Client("one")
	c.AllAccounts, c.AccountIDs = false, []string{"a"}
	if err := read.CreateClient(t.Context(), c, h); err != nil {
		t.Fatal(err)
	}
	return &localapi.Authenticator{Clients: read, Accounts: read, Versions: versions}, read, db
}

func TestAuthenticator_reads_again_only_after_a_change(t *testing.T) {
	a, read, db := newAuthenticator(t)
	_, h := kitetest.Client("one")
	ask := func() (string, string) {
		t.Helper()
		c, err := a.Client(t.Context(), h)
		if err != nil {
			t.Fatal(err)
		}
		account, err := a.AccountOf(t.Context(), c, "account-a")
		if err != nil {
			t.Fatal(err)
		}
		return c.Name, account.Name
	}
	for range 5 {
		ask()
	}
	if read.clients != 1 || read.accounts != 1 {
		t.Errorf("read %d and %d times", read.clients, read.accounts)
	}
	renamed := kitetest.Account("a")
	renamed.Name = "Renamed"
	if err := db.Accounts(&kitetest.Sealer{}).UpdateAccount(t.Context(), renamed, kite.SecretChanges{}); err != nil {
		t.Fatal(err)
	}
	if _, name := ask(); name != "Renamed" || read.clients != 2 || read.accounts != 2 {
		t.Errorf("%s, read %d and %d times", name, read.clients, read.accounts)
	}
	a.Forget()
	if ask(); read.clients != 3 {
		t.Errorf("read %d times", read.clients)
	}
}

func TestAuthenticator_keeps_nothing_of_unknown_tokens(t *testing.T) {
	a, read, _ := newAuthenticator(t)
	for i := range 3 {
		if _, err := a.Client(t.Context(), sha256.Sum256([]byte("unknown"))); kite.ErrorCode(err) != kite.ENOTFOUND || read.clients != i+1 {
			t.Errorf("%v, read %d times", err, read.clients)
		}
	}
}

// Rights that were narrowed hold for a client value read before, too.
func TestAuthenticator_asks_whether_the_client_may(t *testing.T) {
	a, _, _ := newAuthenticator(t)
	c, _ := kitetest.Client("one")
	for range 2 {
		if _, err := a.AccountOf(t.Context(), c, "account-a"); err != nil {
			t.Error(err)
		}
		c.AllAccounts = false
		if _, err := a.AccountOf(t.Context(), c, "account-a"); kite.ErrorCode(err) != kite.ENOTFOUND {
			t.Errorf("narrowed: %v", err)
		}
		c.AllAccounts = true
	}
}

type broken struct{}

func (broken) Version(context.Context) (int64, error) { return 0, errors.New("disk") }

func TestAuthenticator_lets_nobody_in_when_it_cant_compare(t *testing.T) {
	a, _, _ := newAuthenticator(t)
	c, h := kitetest.Client("one")
	if _, err := a.Client(t.Context(), h); err != nil {
		t.Fatal(err)
	}
	a.Versions = broken{}
	if _, err := a.Client(t.Context(), h); err == nil || kite.ErrorCode(err) == kite.ENOTFOUND {
		t.Errorf("Client = %v", err)
	}
	if _, err := a.AccountsOf(t.Context(), c); err == nil {
		t.Error("AccountsOf answers")
	}
}

func BenchmarkAuthenticator(b *testing.B) {
	a, _, _ := newAuthenticator(b)
	_, h := kitetest.Client("one")
	for b.Loop() {
		c, err := a.Client(b.Context(), h)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := a.AccountOf(b.Context(), c, "account-a"); err != nil {
			b.Fatal(err)
		}
	}
}
