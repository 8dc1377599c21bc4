//go:build linux

package sqlite_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

// expectAsBefore looks at what the tables of an older schema hold, and at the
// secrets.
func expectAsBefore(t *testing.T, path string, before map[string]table, kind kite.SlotKind) {
	t.Helper()
	for name, was := range before {
		if got := contents(t, path)[name].only(was.columns); !reflect.DeepEqual(got, was.rows) {
			t.Errorf("%s\nbefore %v\nafter  %v", name, was.rows, got)
		}
	}
	db := mustOpen(t, path)
	sealer := fixtureVault(t, db, kind, fixtureKeyring(t))
	for _, want := range fixtureAccounts() {
		secrets, err := db.Accounts(sealer).Secrets(t.Context(), want.ID)
		if err != nil || !secrets.Password.Equal(want.secrets.Password) {
			t.Errorf("secrets of %s: %v", want.Name, err)
		}
		expectSessions(t, db.Sessions(sealer), want)
	}
}

// copyOf is the copy from before an upgrade of that version.
func copyOf(path string, version int64) string { return fmt.Sprintf("%s.before-%d", path, version+1) }

func forKeyringReleases(t *testing.T, test func(t *testing.T, version int64)) {
	t.Helper()
	for version := int64(1); version <= sqlite.Newest; version++ {
		t.Run(fmt.Sprintf("version %d", version), func(t *testing.T) { test(t, version) })
	}
}

func TestMigration_that_fails_half_way_leaves_every_release_as_it_was_and_says_where_the_copy_is(t *testing.T) {
	forKeyringReleases(t, func(t *testing.T, version int64) {
		path := released(t, version, kite.KeyringSlot)
		before := contents(t, path)
		_, err := sqlite.OpenWith(t.Context(), path, "CREATE TABLE half (a);\nUPDATE kite_accounts SET password = NULL, account_name = 'half';\nINSERT INTO nowhere VALUES (1);")
		e := kite.AsError(err)
		if err == nil || e.Code != kite.EDATA || !strings.Contains(e.Message, "Nothing in it was lost") ||
			!strings.Contains(e.Hint, "The database is "+path+".") || !strings.Contains(e.Hint, "brought up to date is "+copyOf(path, version)+".") {
			t.Errorf("Open = %v, hint %q", err, e.Hint)
		}
		if got := contents(t, copyOf(path, version)); !reflect.DeepEqual(got, before) || schemaVersion(t, copyOf(path, version)) != version {
			t.Errorf("copy   %v\nbefore %v", got, before)
		}
		if _, half := contents(t, path)["half"]; half {
			t.Error("half a migration stayed")
		}
		expectAsBefore(t, path, before, kite.KeyringSlot)
	})
}

func TestKill_inside_a_migration_of_every_release_loses_nothing(t *testing.T) {
	forKeyringReleases(t, func(t *testing.T, version int64) {
		path := released(t, version, kite.KeyringSlot)
		before := contents(t, path)
		cmd := child(t, "upgrade", path)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		// What doesn't fit into SQLite's cache goes to the -wal, uncommitted.
		for deadline := time.Now().Add(time.Minute); size(path+"-wal") < 4<<20; time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal("the migration didn't begin")
			}
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // killed
		if got := contents(t, copyOf(path, version)); !reflect.DeepEqual(got, before) {
			t.Errorf("copy   %v\nbefore %v", got, before)
		}
		expectAsBefore(t, path, before, kite.KeyringSlot)
	})
}
