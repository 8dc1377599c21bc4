package sqlite_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
)

// Programs ask with each call: among many accounts it must take no longer.
func TestAccountsNamed_looks_at_no_other_accounts(t *testing.T) {
	db := mustOpen(t, filepath.Join(t.TempDir(), "test.db"))
	store := db.Accounts(&kitetest.Sealer{})
	quickest := func() time.Duration {
		best := time.Hour
		for range 50 {
			began := time.Now()
			if found, err := store.AccountsNamed(t.Context(), "account-one"); err != nil || len(found) != 1 {
				t.Fatalf("%v, %v", found, err)
			}
			best = min(best, time.Since(began))
		}
		return best
	}
	if err := store.CreateAccount(t.Context(), kitetest.Account("one"), kite.SecretChanges{}); err != nil {
		t.Fatal(err)
	}
	alone := quickest()
	_, err := db.ExecContext(t.Context(), `WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
		INSERT INTO kite_accounts SELECT 'n' || i, 'n' || i, 'n' || i, 'n' || i, phone_number, NULL, api_key, NULL, account_type, callback_url, postback_url,
		login_url, api_root, ttl, allowed_hosts, NULL, created_at, updated_at, 's' || i, login_way FROM kite_accounts, n`)
	if err != nil {
		t.Fatal(err)
	}
	if among := quickest(); among > 4*alone+time.Millisecond/2 {
		t.Errorf("%v alone, %v among ten thousand", alone, among)
	}
}
