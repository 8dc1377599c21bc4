package sqlite_test

import (
	"path/filepath"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

// mustOpen opens a new database that the test's end closes.
func mustOpen(t testing.TB, path string) *sqlite.DB {
	t.Helper()
	db, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func stores(t *testing.T) kitetest.Stores {
	t.Helper()
	db, sealer := mustOpen(t, filepath.Join(t.TempDir(), "test.db")), &kitetest.Sealer{}
	return kitetest.Stores{
		Accounts: db.Accounts(sealer), Sessions: db.Sessions(sealer), Vault: db.Vault(), Settings: db.Settings(), Sealer: sealer,
		History: db.History(), Notices: db.Notices(),
	}
}

func TestAccountStore(t *testing.T) { kitetest.AccountStoreSuite(t, stores) }

func TestSessionStore(t *testing.T) { kitetest.SessionStoreSuite(t, stores) }

func TestVaultStore(t *testing.T) { kitetest.VaultStoreSuite(t, stores) }

func TestSettings(t *testing.T) { kitetest.SettingsSuite(t, stores) }

func TestHistoryStore(t *testing.T) { kitetest.HistorySuite(t, stores) }

func TestSessionStore_history(t *testing.T) { kitetest.SessionHistorySuite(t, stores) }

func TestNoticeStore(t *testing.T) { kitetest.NoticeSuite(t, stores) }
