package sqlite

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	sqlite3 "github.com/mattn/go-sqlite3"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// versionOne is a database of the first release, and its copy at .before-2 if
// a program has made one.
func versionOne(t *testing.T, copied bool) string {
	t.Helper()
	data, err := os.ReadFile("testdata/version-1.db")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "test.db")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if !copied {
		return path
	}
	db, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.Close(), os.WriteFile(path, data, 0o600)); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestSnapshot_of_a_program_that_was_faster_stays(t *testing.T) {
	for name, copied := range map[string]bool{"it made one": true, "its copy was moved away": false} {
		t.Run(name, func(t *testing.T) {
			path := versionOne(t, copied)
			db, err := Open(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close() //nolint:errcheck // only read
			if !copied {
				if err := os.Remove(path + ".before-2"); err != nil {
					t.Fatal(err)
				}
			}
			// This program had seen version 1 before the other began.
			got, err := takeSnapshot(t.Context(), db.DB, path, 1)
			if !copied {
				if kite.ErrorCode(err) != kite.EDATA || !strings.Contains(err.Error(), "couldn't be copied") {
					t.Errorf("takeSnapshot = %q, %v", got, err)
				}
				return
			}
			if err != nil || got != path+".before-2" || checkSnapshot(t.Context(), got, 1) != nil {
				t.Errorf("takeSnapshot = %q, %v", got, err)
			}
		})
	}
}

// clearing is SQLite beside a program that clears unfinished copies away as
// soon as this one does the operation.
func clearing(t *testing.T, path string, operation int) *sql.DB {
	t.Helper()
	name := t.Name()
	sql.Register(name, &sqlite3.SQLiteDriver{ConnectHook: func(c *sqlite3.SQLiteConn) error {
		c.RegisterAuthorizer(func(op int, _, _, _ string) int {
			if op == operation {
				pruneSnapshots(path, path+".before-2")
			}
			return sqlite3.SQLITE_OK
		})
		return nil
	}})
	pool, err := sql.Open(name, dsn(path))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pool.Close() })
	return pool
}

func TestSnapshot_that_a_faster_program_clears_away_is_there_all_the_same(t *testing.T) {
	for name, operation := range map[string]int{"before it is opened": sqlite3.SQLITE_ATTACH, "while it is written": sqlite3.SQLITE_INSERT} {
		t.Run(name, func(t *testing.T) {
			path := versionOne(t, true)
			got, err := takeSnapshot(t.Context(), clearing(t, path, operation), path, 1)
			if err != nil || got != path+".before-2" {
				t.Fatalf("takeSnapshot = %q, %v", got, err)
			}
			if err := checkSnapshot(t.Context(), got, 1); err != nil {
				t.Error(err)
			}
			if info, err := os.Stat(got); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
				t.Errorf("mode: %v, %v", info, err)
			}
		})
	}
}
