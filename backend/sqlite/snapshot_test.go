package sqlite_test

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

// beside are the endings of what lies beside a closed database.
func beside(t *testing.T, path string) (endings []string) {
	t.Helper()
	files, err := filepath.Glob(path + ".*")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		endings = append(endings, strings.TrimPrefix(f, path))
	}
	return endings
}

// expectSnapshot looks at a copy of the database's first version.
func expectSnapshot(t *testing.T, snapshot string, rows map[string][]string) {
	t.Helper()
	info, err := os.Lstat(snapshot)
	if err != nil || !info.Mode().IsRegular() || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Fatalf("snapshot: %v, %v", info, err)
	}
	if version := schemaVersion(t, snapshot); version != 1 {
		t.Errorf("the snapshot's version is %d", version)
	}
	if got := rowsOf(t, snapshot); !reflect.DeepEqual(got, rows) {
		t.Errorf("snapshot %v\nbefore   %v", got, rows)
	}
}

func schemaVersion(t *testing.T, path string) (version int64) {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+path+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // only read
	var header, id int
	if err := db.QueryRowContext(t.Context(), "SELECT (SELECT max(version_id) FROM goose_db_version), user_version, application_id "+
		"FROM pragma_user_version, pragma_application_id").Scan(&version, &header, &id); err != nil || int64(header) != version || id == 0 {
		t.Errorf("version %d, in the header %d, of application %x, %v", version, header, id, err)
	}
	return version
}

func upgrade(t *testing.T, path string) {
	t.Helper()
	if err := mustOpen(t, path).Close(); err != nil {
		t.Fatal(err)
	}
}

func TestUpgrade_keeps_a_copy_from_before(t *testing.T) {
	path := versionOne(t)
	before := rowsOf(t, path)
	upgrade(t, path)
	upgrade(t, path) // there is nothing to do any more
	if got, want := beside(t, path), []string{".before-2"}; !slices.Equal(got, want) {
		t.Errorf("beside it: %q, want %q", got, want)
	}
	expectSnapshot(t, path+".before-2", before)
	if err := os.Rename(path+".before-2", path); err != nil {
		t.Fatal(err)
	}
	upgrade(t, path)
	expectSnapshot(t, path+".before-2", before)
}

func TestFirstStart_makes_no_copy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	upgrade(t, path)
	if got := beside(t, path); len(got) != 0 {
		t.Errorf("beside it: %q", got)
	}
}

func TestUpgrade_copies_what_a_killed_program_had_committed(t *testing.T) {
	original := versionOne(t)
	db, err := sql.Open("sqlite3", "file:"+original+"?_journal_mode=WAL")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // only holds the -wal
	if _, err := db.ExecContext(t.Context(), "INSERT INTO settings VALUES ('last', 'commit')"); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "test.db")
	for _, ending := range []string{"", "-wal"} {
		if err := os.WriteFile(path+ending, read(t, original+ending), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	upgrade(t, path)
	if settings := strings.Join(rowsOf(t, path+".before-2")["settings"], " "); !strings.Contains(settings, "commit") {
		t.Errorf("settings in the copy: %s", settings)
	}
}

// further is the ending of the copy from before OpenWith's migration.
func further() string { return fmt.Sprintf(".before-%d", sqlite.Newest+1) }

func TestMigration_that_fails_names_the_copy_from_before(t *testing.T) {
	path := versionOne(t)
	upgrade(t, path)
	before := rowsOf(t, path)
	_, err := sqlite.OpenWith(t.Context(), path, "CREATE TABLE half (a);\nUPDATE settings SET value = 'half';\nINSERT INTO nowhere VALUES (1);")
	e := kite.AsError(err)
	if err == nil || e.Code != kite.EDATA || !strings.Contains(e.Message, "couldn't be brought up to date") || !strings.Contains(e.Hint, path+further()+".") {
		t.Fatalf("open = %v, hint %q", err, e.Hint)
	}
	if got := rowsOf(t, path); !reflect.DeepEqual(got, before) || schemaVersion(t, path) != sqlite.Newest {
		t.Errorf("after  %v\nbefore %v", got, before)
	}
	if got := rowsOf(t, path+further()); !reflect.DeepEqual(got, before) || schemaVersion(t, path+further()) != sqlite.Newest {
		t.Errorf("copy   %v\nbefore %v", got, before)
	}
	upgrade(t, path)
}

func TestUpgrade_that_stops_between_two_steps_keeps_the_copy_from_before_the_first(t *testing.T) {
	path := versionOne(t)
	before := rowsOf(t, path)
	for range 2 {
		if _, err := sqlite.OpenWith(t.Context(), path, "INSERT INTO nowhere VALUES (1);"); err == nil {
			t.Fatal("it was opened")
		}
	}
	if got, want := beside(t, path), []string{".before-2", further()}; !slices.Equal(got, want) {
		t.Errorf("beside it: %q, want %q", got, want)
	}
	expectSnapshot(t, path+".before-2", before)
}

func TestUpgrade_keeps_two_copies_and_clears_up_after_killed_programs(t *testing.T) {
	path := versionOne(t)
	// By their time, not their number: 7 is of a database that was put away.
	for i, ending := range []string{".before-7", ".before-1", ".before-0", ".before-2.1234.part", ".before-x", ".old-20260101"} {
		if err := os.WriteFile(path+ending, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		made := time.Date(2026, 1, 1, i, 0, 0, 0, time.UTC)
		if err := os.Chtimes(path+ending, made, made); err != nil {
			t.Fatal(err)
		}
	}
	upgrade(t, path)
	if got, want := beside(t, path), []string{".before-0", ".before-2", ".before-x", ".old-20260101"}; !slices.Equal(got, want) {
		t.Errorf("beside it: %q, want %q", got, want)
	}
}

func TestSnapshot_does_not_follow_a_link(t *testing.T) {
	path, elsewhere := versionOne(t), filepath.Join(t.TempDir(), "elsewhere")
	before := rowsOf(t, path)
	if err := os.WriteFile(elsewhere, []byte("another's"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(elsewhere, path+".before-2"); err != nil {
		t.Fatal(err)
	}
	upgrade(t, path)
	expectSnapshot(t, path+".before-2", before)
	if got := string(read(t, elsewhere)); got != "another's" {
		t.Errorf("elsewhere: %q", got)
	}
}

func TestUpgrade_without_a_copy_does_not_begin(t *testing.T) {
	path := versionOne(t)
	before := read(t, path)
	if err := os.MkdirAll(path+".before-2/something", 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := sqlite.Open(t.Context(), path)
	var problem *sqlite.Problem
	e := kite.AsError(err)
	if !errors.As(err, &problem) || e.Code != kite.EDATA || !strings.Contains(e.Message, "couldn't be copied") || !strings.Contains(e.Hint, path+".before-2") {
		t.Errorf("Open = %v", err)
	}
	if string(read(t, path)) != string(before) {
		t.Error("the database was changed")
	}
	if got, want := beside(t, path), []string{".before-2"}; !slices.Equal(got, want) {
		t.Errorf("beside it: %q, want %q", got, want)
	}
}
