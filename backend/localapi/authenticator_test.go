package localapi_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/localapi"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

// counting counts what is really read.
type counting struct {
	*sqlite.ClientStore
	*sqlite.AccountStore
	clients, accounts int
}

func (c *counting) ClientsByToken(ctx context.Context) (map[kite.TokenHash]kite.APIClient, error) {
	c.clients++
	return c.ClientStore.ClientsByToken(ctx)
}

func (c *counting) AccountsNamed(ctx context.Context, name string) ([]kite.Account, error) {
	c.accounts++
	return c.AccountStore.AccountsNamed(ctx, name)
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

func TestAuthenticator_asks_the_database_for_no_wrong_token(t *testing.T) {
	a, read, _ := newAuthenticator(t)
	for i := range 100 {
		if _, err := a.Client(t.Context(), sha256.Sum256([]byte{byte(i)})); kite.ErrorCode(err) != kite.ENOTFOUND || read.clients > 1 {
			t.Fatalf("%v, read %d times", err, read.clients)
		}
	}
	c, h := kitetest.Client("two")
	if err := read.CreateClient(t.Context(), c, h); err != nil {
		t.Fatal(err)
	}
	if got, err := a.Client(t.Context(), h); err != nil || got.ID != c.ID {
		t.Errorf("one that is added: %v, %v", got, err)
	}
}

func TestAuthenticator_reads_nothing_again_for_what_the_history_is_told(t *testing.T) {
	a, read, db := newAuthenticator(t)
	c, h := kitetest.Client("one")
	for range 20 {
		if _, err := a.Client(t.Context(), h); err != nil {
			t.Fatal(err)
		}
		if _, err := a.AccountOf(t.Context(), c, "account-a"); err != nil {
			t.Fatal(err)
		}
		if err := db.History().Record(t.Context(), kite.HistoryEntry{At: kitetest.Morning, Kind: kite.HistoryExport, OK: true}); err != nil {
			t.Fatal(err)
		}
		if err := read.ClientUsed(t.Context(), c.ID, kitetest.Morning); err != nil {
			t.Fatal(err)
		}
	}
	if read.clients != 1 || read.accounts != 1 {
		t.Errorf("read %d and %d times", read.clients, read.accounts)
	}
}

// A name means the same to all programs: what one may not use may still make it
// mean two.
func TestAuthenticator_lets_no_allow_list_choose_between_two(t *testing.T) {
	a, read, _ := newAuthenticator(t)
	named, slugged := kitetest.Account("named"), kitetest.Account("slugged")
	named.Name, slugged.Slug = "main", "main"
	for _, account := range []kite.Account{named, slugged} {
		if err := read.CreateAccount(t.Context(), account, kite.SecretChanges{}); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		client kite.APIClient
		asks   string
		want   string // error code
		finds  string
	}{
		"all accounts":        {kite.APIClient{AllAccounts: true}, "main", kite.ECONFLICT, ""},
		"the one with a name": {kite.APIClient{AccountIDs: []string{"named"}}, "main", kite.ECONFLICT, ""},
		"the one with a slug": {kite.APIClient{AccountIDs: []string{"slugged"}}, "main", kite.ECONFLICT, ""},
		"neither":             {kite.APIClient{AccountIDs: []string{"a"}}, "main", kite.ENOTFOUND, ""},
		"by the other way":    {kite.APIClient{AccountIDs: []string{"slugged"}}, slugged.Name, "", "slugged"},
		"not by another's":    {kite.APIClient{AccountIDs: []string{"slugged"}}, named.Slug, kite.ENOTFOUND, ""},
	} {
		for range 2 { // also of what is remembered
			if got, err := a.AccountOf(t.Context(), c.client, c.asks); kite.ErrorCode(err) != c.want || got.ID != c.finds {
				t.Errorf("%s: %q, %v", name, got.ID, err)
			}
		}
	}
}

// Each handout and order writes to the history, in which time others ask.
func TestAuthenticator_is_quick_among_ten_thousand_accounts_beside_writing(t *testing.T) {
	a, _, db := newAuthenticator(t)
	_, err := db.ExecContext(t.Context(), `WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
		INSERT INTO kite_accounts SELECT 'n' || i, 'n' || i, 'n' || i, 'n' || i, phone_number, NULL, api_key, NULL, account_type, callback_url, postback_url,
		login_url, api_root, ttl, allowed_hosts, NULL, created_at, updated_at, 's' || i, login_way FROM kite_accounts, n WHERE account_id = 'a'`)
	if err != nil {
		t.Fatal(err)
	}
	_, h := kitetest.Client("one")
	var asking, reading []time.Duration
	for i := range 200 {
		if err := db.History().Record(t.Context(), kite.HistoryEntry{At: kitetest.Morning, Kind: kite.HistoryExport, OK: true}); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		c, err := a.Client(t.Context(), h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.AccountOf(t.Context(), c, "account-a"); err != nil {
			t.Fatal(err)
		}
		asking = append(asking, time.Since(began))
		if i%70 != 0 {
			continue
		}
		began = time.Now()
		if all, err := db.Accounts(&kitetest.Sealer{}).Accounts(t.Context()); err != nil || len(all) < 10000 {
			t.Fatalf("%d accounts, %v", len(all), err)
		}
		reading = append(reading, time.Since(began))
	}
	// Side by side, so that a busy computer slows down both; the middle ones.
	slices.Sort(asking)
	slices.Sort(reading)
	one, all := asking[len(asking)/2], reading[len(reading)/2]
	t.Logf("it takes %v, reading all %v", one, all)
	if one > all/20 {
		t.Errorf("it takes %v, where reading all accounts takes %v", one, all)
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
	_, h := kitetest.Client("one")
	if _, err := a.Client(t.Context(), h); err != nil {
		t.Fatal(err)
	}
	a.Versions = broken{}
	if _, err := a.Client(t.Context(), h); err == nil || kite.ErrorCode(err) == kite.ENOTFOUND {
		t.Errorf("Client = %v", err)
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
