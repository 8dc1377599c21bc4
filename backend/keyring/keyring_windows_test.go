package keyring_test

import (
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/keyring"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
)

func TestKeyring_real_credential_manager(t *testing.T) {
	k := keyring.New()
	kitetest.KeyringSuite(t, k)
	if got := k.Provider(); got != "Credential Manager" {
		t.Errorf("provider = %q", got)
	}
	if err := k.Unlock(t.Context()); err != nil {
		t.Errorf("Unlock = %v", err)
	}
}
