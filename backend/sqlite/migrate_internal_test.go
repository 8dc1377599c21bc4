package sqlite

import (
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"

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
	if _, err := OpenWith(t.Context(), path, "CREATE TABLE half (a);\nINSERT INTO nowhere VALUES (1);"); err == nil || !strings.Contains(err.Error(), "migrate database") {
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

func TestOpenReadOnly_of_a_schema_it_must_not_migrate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	pool, err := connect(path)
	if err != nil {
		t.Fatal(err)
	}
	// As after a kill between the file's first page and its first migration.
	if err := errors.Join(pool.PingContext(t.Context()), pool.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenReadOnly(t.Context(), path); kite.ErrorCode(err) != kite.ENOTFOUND {
		t.Errorf("before the first migration: %v", err)
	}
	db, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = openReadOnly(t.Context(), path, migrations.newest()+1)
	if e := kite.AsError(problemOf(path, err)); err == nil || e.Code != kite.EDATA || !strings.Contains(e.Message, "older version") {
		t.Errorf("by a newer program: %v", err)
	}
}

func TestMirror_of_the_version_is_made_up_for(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	db, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.ExecContext(t.Context(), "PRAGMA user_version = 0; PRAGMA application_id = 0")
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	again, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close() //nolint:errcheck // only read
	if version, err := userVersion(t.Context(), again.DB); err != nil || version != migrations.newest() {
		t.Errorf("user_version = %d, %v", version, err)
	}
}
