package sqlite_test

import (
	"path/filepath"
	"reflect"
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

func TestClientsByToken_are_those_that_ClientByToken_finds(t *testing.T) {
	store := mustOpen(t, filepath.Join(t.TempDir(), "test.db")).Clients()
	for _, id := range []string{"one", "two"} {
		c, h := kitetest.Client(id)
		c.AllAccounts, c.AccountIDs = false, []string{"of " + id}
		if err := store.CreateClient(t.Context(), c, h); err != nil {
			t.Fatal(err)
		}
	}
	all, err := store.ClientsByToken(t.Context())
	if err != nil || len(all) != 2 {
		t.Fatalf("%v, %v", all, err)
	}
	for h, c := range all {
		if found, err := store.ClientByToken(t.Context(), h); err != nil || !reflect.DeepEqual(found, c) {
			t.Errorf("%+v, found %+v, %v", c, found, err)
		}
	}
}
