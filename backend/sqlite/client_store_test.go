package sqlite_test

import (
	"path/filepath"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
)

func TestClientStore(t *testing.T) {
	kitetest.ClientStoreSuite(t, func(t *testing.T) kite.ClientStore {
		t.Helper()
		return mustOpen(t, filepath.Join(t.TempDir(), "test.db")).Clients()
	})
}
