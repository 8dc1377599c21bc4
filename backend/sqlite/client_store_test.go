package sqlite_test

import (
	"path/filepath"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

func TestClientStore(t *testing.T) {
	kitetest.ClientStoreSuite(t, func(t *testing.T) kite.ClientStore {
		t.Helper()
		return mustOpen(t, filepath.Join(t.TempDir(), "test.db")).Clients()
	})
}

// What one connection commits, the other sees, whoever made it.
func TestChanges(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	own := mustOpen(t, path)
	changes, err := sqlite.OpenChanges(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = changes.Close() })
	other := mustOpen(t, path)
	version := func() int64 {
		t.Helper()
		v, err := changes.DataVersion()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	before := version()
	if version() != before {
		t.Error("it changed by being looked at")
	}
	for i, db := range []*sqlite.DB{own, other, own} {
		if err := db.Settings().SetSetting(t.Context(), "key", string(rune('a'+i))); err != nil {
			t.Fatal(err)
		}
		if after := version(); after == before {
			t.Errorf("commit %d wasn't seen", i)
		} else {
			before = after
		}
	}
}

func TestChanges_needs_a_database(t *testing.T) {
	if _, err := sqlite.OpenChanges(t.Context(), filepath.Join(t.TempDir(), "none.db")); kite.ErrorCode(err) != kite.ENOTFOUND {
		t.Errorf("OpenChanges = %v", err)
	}
}

func BenchmarkChanges(b *testing.B) {
	path := filepath.Join(b.TempDir(), "test.db")
	mustOpen(b, path)
	changes, err := sqlite.OpenChanges(b.Context(), path)
	if err != nil {
		b.Fatal(err)
	}
	defer changes.Close() //nolint:errcheck // the benchmark ends
	for b.Loop() {
		if _, err := changes.DataVersion(); err != nil {
			b.Fatal(err)
		}
	}
}
