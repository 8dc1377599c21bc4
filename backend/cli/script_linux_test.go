package cli_test

import (
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/keyring/keyringtest"
)

func scripts(t *testing.T) []string { return scriptsIn(t, "script/*.txt") }

// keyrings are the addresses of session buses, by what their keyrings are.
func keyrings(t *testing.T) map[string]string {
	t.Helper()
	locked := keyringtest.StartBus(t)
	locked.StartKeyring(true)
	locked.Lock()
	open := keyringtest.StartBus(t)
	open.StartKeyring(true)
	return map[string]string{"open": open.Address, "locked": locked.Address, "none": ""}
}
