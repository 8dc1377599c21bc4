package vault_test

import (
	"log/slog"
	"path/filepath"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
	"github.com/kiteaccounts/kite-accounts/backend/vault"
)

// asked counts who asks for the provider's name, which costs a connection.
type asked struct {
	kitetest.Keyring
	times int
}

func (k *asked) Provider() string { k.times++; return k.Keyring.Provider() }

func TestStart_asks_for_the_keyrings_name_only_if_it_is_needed(t *testing.T) {
	ring := &asked{Keyring: kitetest.Keyring{Name: "fake keyring"}}
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "kite-accounts.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // the test is over
	start := func() *vault.Vault {
		v := vault.New(vault.Config{Store: db.Vault(), Keyring: ring, Clock: kite.SystemClock{}, Events: &kitetest.Events{}, Log: slog.New(slog.DiscardHandler), Folder: "/data"})
		v.Start(t.Context())
		return v
	}
	start() // makes the vault, whose slot has the name
	for _, c := range []struct {
		fail  error
		state kite.VaultState
		times int
	}{
		{nil, kite.VaultOpen, 0}, {kite.ErrKeyringLocked, kite.VaultKeyringLocked, 1}, {kite.ErrKeyringAbsent, kite.VaultKeyringAbsent, 1},
	} {
		ring.times, ring.Fail = 0, c.fail
		if state, provider := start().State(); state != c.state || provider != "fake keyring" || ring.times != c.times {
			t.Errorf("%v: %s, %q, asked %d times", c.fail, state, provider, ring.times)
		}
	}
}
