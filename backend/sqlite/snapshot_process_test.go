//go:build linux

package sqlite_test

import (
	"context"
	"database/sql"
	"os"
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

// room is more than SQLite needs beside a database, and less than a copy.
const room = 256 << 10

func openWithoutRoomForACopy(ctx context.Context, path string) error {
	if err := limitFiles(room); err != nil {
		return err
	}
	return openAndClose(ctx, path)
}

// upgradeForEver is in the middle of a migration until killed.
func upgradeForEver(ctx context.Context, path string) error {
	_, err := sqlite.OpenWith(ctx, path, `UPDATE settings SET value = 'half';
		CREATE TABLE half AS WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n) SELECT i, randomblob(1000) FROM n;`)
	return err
}

// bigVersionOne is versionOne with more data than there is room for.
func bigVersionOne(t *testing.T) string {
	t.Helper()
	path := versionOne(t)
	db, err := sql.Open("sqlite3", "file:"+path+"?_journal_mode=WAL")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), "INSERT INTO settings VALUES ('big', ?)", strings.Repeat("x", 2*room)); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFullDisk_keeps_the_upgrade_from_beginning(t *testing.T) {
	path := bigVersionOne(t)
	before := read(t, path)
	out, err := child(t, "no room", path).CombinedOutput()
	if err == nil || !strings.Contains(string(out), kite.EDATA+": The disk has no room for a copy") {
		t.Fatalf("%v\n%s", err, out)
	}
	if string(read(t, path)) != string(before) {
		t.Error("the database was changed")
	}
	if got := beside(t, path); len(got) != 0 {
		t.Errorf("beside it: %q", got)
	}
	rows := rowsOf(t, path)
	upgrade(t, path)
	expectSnapshot(t, path+".before-2", rows)
}

func TestFullDisk_keeps_the_copy_that_is_there(t *testing.T) {
	path := bigVersionOne(t)
	if err := os.WriteFile(path+".before-2", []byte("older"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := child(t, "no room", path).CombinedOutput(); err == nil {
		t.Fatalf("it was opened\n%s", out)
	}
	if got := string(read(t, path+".before-2")); got != "older" {
		t.Errorf("the older copy: %.20q", got)
	}
}

func TestUpgrade_by_several_programs_at_once_keeps_a_copy_from_before(t *testing.T) {
	for range 5 {
		path := versionOne(t)
		rows := rowsOf(t, path)
		var programs [4]*exec.Cmd
		var out [4]strings.Builder
		for i := range programs {
			programs[i] = child(t, "open", path)
			programs[i].Stdout = &out[i]
			if err := programs[i].Start(); err != nil {
				t.Fatal(err)
			}
		}
		for i, p := range programs {
			if err := p.Wait(); err != nil && !strings.Contains(out[i].String(), "error: "+kite.ECONFLICT) { // "try again" is honest
				t.Errorf("%v: %s", err, out[i].String())
			}
		}
		upgrade(t, path)
		expectSnapshot(t, path+".before-2", rows)
		// Who came between two steps of another has made a copy of that state.
		if got := beside(t, path); !slices.Equal(got, []string{".before-2"}) && !slices.Equal(got, []string{".before-2", ".before-3"}) {
			t.Errorf("beside it: %q", got)
		}
	}
}

func TestKill_inside_a_migration_leaves_the_database_as_it_was_and_the_copy(t *testing.T) {
	path := versionOne(t)
	upgrade(t, path)
	before := rowsOf(t, path)
	cmd := child(t, "upgrade", path)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	// What doesn't fit into SQLite's cache goes to the -wal, uncommitted.
	for deadline := time.Now().Add(time.Minute); size(path+"-wal") < 1<<20; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the migration didn't begin")
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // killed
	upgrade(t, path)
	for name, p := range map[string]string{"database": path, "copy": path + further()} {
		if got := rowsOf(t, p); !reflect.DeepEqual(got, before) || schemaVersion(t, p) != sqlite.Newest {
			t.Errorf("%s %v\nbefore %v", name, got, before)
		}
	}
}

func size(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}
