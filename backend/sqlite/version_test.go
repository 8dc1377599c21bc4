package sqlite_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

func openVersions(t testing.TB) (*sqlite.DB, *sqlite.Versions, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a name with %3f and spaces.db")
	db, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	versions, err := db.Versions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = versions.Close() })
	return db, versions, path
}

func mustVersion(t testing.TB, v *sqlite.Versions) int64 {
	t.Helper()
	n, err := v.Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestVersion_is_another_after_each_commit_of_anybody(t *testing.T) {
	db, versions, path := openVersions(t)
	before := mustVersion(t, versions)
	if again := mustVersion(t, versions); again != before {
		t.Errorf("%d, then %d with nothing written", before, again)
	}
	if err := db.Settings().SetSetting(t.Context(), "a", "b"); err != nil {
		t.Fatal(err)
	}
	own := mustVersion(t, versions)
	if own == before {
		t.Error("the same after this program's write")
	}
	other, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close() //nolint:errcheck // its writes are committed
	if _, err := other.ExecContext(t.Context(), "DELETE FROM settings"); err != nil {
		t.Fatal(err)
	}
	if mustVersion(t, versions) == own {
		t.Error("the same after another connection's write")
	}
}

func TestVersion_waits_for_no_writer(t *testing.T) {
	db, versions, _ := openVersions(t)
	before := mustVersion(t, versions)
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.ExecContext(t.Context(), "INSERT INTO settings (key, value) VALUES ('a', 'b')"); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if mustVersion(t, versions) != before {
		t.Error("told of what isn't committed")
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("took %v beside a transaction", took)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	if mustVersion(t, versions) == before {
		t.Error("the same after the commit")
	}
}

func TestVersion_after_a_cancelled_call_and_after_closing(t *testing.T) {
	db, versions, _ := openVersions(t)
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := versions.Version(canceled); err == nil {
		t.Error("a cancelled call was answered")
	}
	mustVersion(t, versions)
	if err := versions.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := versions.Version(t.Context()); err == nil {
		t.Error("answered after closing")
	}
	if err := db.Accounts(&kitetest.Sealer{}).DeleteAccount(t.Context(), "nobody"); err == nil {
		t.Error("the database is closed as well")
	}
	if _, err := db.Versions(t.Context()); err != nil {
		t.Errorf("not opened again: %v", err)
	}
}

func BenchmarkVersion(b *testing.B) {
	_, versions, _ := openVersions(b)
	for b.Loop() {
		if _, err := versions.Version(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
