package sqlite_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
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
	other, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close() //nolint:errcheck // its writes are committed
	seen := []int64{mustVersion(t, versions)}
	if again := mustVersion(t, versions); again != seen[0] {
		t.Errorf("%d, then %d with nothing written", seen[0], again)
	}
	account, sealer := kitetest.Account("one"), &kitetest.Sealer{}
	client, hash := kitetest.Client("one")
	session := kitetest.Session("s1", account, kitetest.Morning)
	for _, db := range []*sqlite.DB{db, other} {
		accounts, sessions, clients := db.Accounts(sealer), db.Sessions(sealer), db.Clients()
		for _, c := range []struct {
			what string
			do   func() error
		}{
			{"account added", func() error { return accounts.CreateAccount(t.Context(), account, kite.SecretChanges{}) }},
			{"account changed", func() error { return accounts.UpdateAccount(t.Context(), account, kite.SecretChanges{}) }},
			{"session added", func() error { return sessions.SaveSession(t.Context(), session, kitetest.Tokens("1")) }},
			{"session ended", func() error {
				return sessions.EndSession(t.Context(), session.ID, kite.EndedLoggedOut, kitetest.Morning)
			}},
			{"account removed", func() error { return accounts.DeleteAccount(t.Context(), account.ID) }},
			{"client added", func() error { return clients.CreateClient(t.Context(), client, hash) }},
			{"client changed", func() error { return clients.UpdateClient(t.Context(), client) }},
			{"client removed", func() error { return clients.DeleteClient(t.Context(), client.ID) }},
		} {
			if err := c.do(); err != nil {
				t.Fatalf("%s: %v", c.what, err)
			}
			if n := mustVersion(t, versions); slices.Contains(seen, n) {
				t.Errorf("%s: %d once more", c.what, n)
			} else {
				seen = append(seen, n)
			}
		}
	}
}

// Each handout and order writes to the history: that must let nothing be read
// again.
func TestVersion_is_the_same_after_what_changes_nothing(t *testing.T) {
	db, versions, _ := openVersions(t)
	client, hash := kitetest.Client("one")
	if err := db.Clients().CreateClient(t.Context(), client, hash); err != nil {
		t.Fatal(err)
	}
	before := mustVersion(t, versions)
	if err := db.History().Record(t.Context(), kite.HistoryEntry{At: kitetest.Morning, Kind: kite.HistoryExport, OK: true}); err != nil {
		t.Fatal(err)
	}
	if err := db.Clients().ClientUsed(t.Context(), client.ID, kitetest.Morning); err != nil {
		t.Fatal(err)
	}
	if err := db.Settings().SetSetting(t.Context(), "a", "b"); err != nil {
		t.Fatal(err)
	}
	if after := mustVersion(t, versions); after != before {
		t.Errorf("%d, then %d", before, after)
	}
}

func TestVersion_of_a_database_that_was_set_aside_is_refused(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows renames no open file")
	}
	db, versions, path := openVersions(t)
	mustVersion(t, versions)
	for _, part := range []string{"-wal", "-shm", ""} {
		if err := os.Rename(path+part, path+".old"+part); err != nil {
			t.Fatal(err)
		}
	}
	refused := func(when string) {
		t.Helper()
		if _, err := versions.Version(t.Context()); kite.ErrorCode(err) != kite.ECONFLICT || kite.AsError(err).Hint == "" {
			t.Errorf("%s: %v", when, err)
		}
	}
	refused("gone")
	other, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close() //nolint:errcheck // the test ends
	refused("another in its place")
	// Whoever asks for versions of the old one only then is told of no other.
	late, err := db.Versions(t.Context())
	if err != nil {
		return
	}
	defer late.Close() //nolint:errcheck // the test ends
	if _, err := late.Version(t.Context()); kite.ErrorCode(err) != kite.ECONFLICT {
		t.Errorf("asked for late: %v", err)
	}
}

func TestVersion_waits_for_no_writer(t *testing.T) {
	db, versions, _ := openVersions(t)
	before := mustVersion(t, versions)
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.ExecContext(t.Context(), "UPDATE changes SET number = number + 1"); err != nil {
		t.Fatal(err)
	}
	// Who waited for the transaction would wait until told that it goes on.
	if mustVersion(t, versions) != before {
		t.Error("told of what isn't committed")
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
	again, err := db.Versions(t.Context())
	if err != nil {
		t.Fatalf("not opened again: %v", err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
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
