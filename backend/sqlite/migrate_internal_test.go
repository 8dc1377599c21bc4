package sqlite

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

func TestMigration_that_fails_half_way_changes_nothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	db, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Settings().SetSetting(t.Context(), "kept", "yes"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	first, err := migrationFiles.ReadFile("migration/0001_accounts_sessions_vault.sql")
	if err != nil {
		t.Fatal(err)
	}
	broken := migrationSource{folder: "m", files: fstest.MapFS{
		"m/0001_accounts_sessions_vault.sql": {Data: first},
		"m/0002_broken.sql":                  {Data: []byte("-- +goose Up\nCREATE TABLE half (a);\nINSERT INTO nowhere VALUES (1);\n")},
	}}
	if _, err := open(t.Context(), path, broken); err == nil || !strings.Contains(err.Error(), "migrate database") {
		t.Fatalf("open = %v", err)
	}
	again, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close() //nolint:errcheck // only read
	var half int
	if err := again.QueryRowContext(t.Context(), "SELECT count(*) FROM sqlite_schema WHERE name = 'half'").Scan(&half); err != nil || half != 0 {
		t.Errorf("half a migration stayed: %d, %v", half, err)
	}
	if v, err := again.Settings().Setting(t.Context(), "kept"); v != "yes" || err != nil {
		t.Errorf("setting = %q, %v", v, err)
	}
}

func TestWriter_waits_for_another_program_and_then_says_so(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	first, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close() //nolint:errcheck // only holds a lock
	tx, err := first.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback() //nolint:errcheck // only holds a lock
	second, err := OpenReadOnly(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close() //nolint:errcheck // only read
	if _, err := second.Settings().Setting(t.Context(), "a"); err != nil {
		t.Errorf("reading beside a writer: %v", err)
	}
	pool, err := sql.Open(driver, dsn(path, "_busy_timeout", "50"))
	if err != nil {
		t.Fatal(err)
	}
	writer := &DB{DB: pool}
	defer writer.Close() //nolint:errcheck // nothing was written
	if err := writer.Settings().SetSetting(t.Context(), "a", "b"); kite.ErrorCode(err) != kite.ECONFLICT {
		t.Errorf("SetSetting = %v, want ECONFLICT", err)
	}
}
