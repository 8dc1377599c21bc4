//go:build e2e

package gateway_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
)

// Kite's own clients, written by others, make all their calls through the
// local API with nothing changed but base URL and token.
func TestOfficial_clients_by_base_URL_alone(t *testing.T) {
	folder, err := filepath.Abs("../../e2e")
	if err != nil {
		t.Fatal(err)
	}
	for name, command := range map[string][]string{
		"gokite":        {"go", "test", "-buildvcs=false", "-count=1", "-v", "-run", "TestCalls_through_the_root_that_was_given", "."},
		"kiteconnectjs": {"node", "--test", "--test-reporter=spec", "client.test.mjs"},
	} {
		t.Run(name, func(t *testing.T) {
			w := startWhole(t, sandbox.Config{}, kite.APIClient{Name: name, AllAccounts: true, MayTrade: true})
			client := exec.CommandContext(t.Context(), command[0], command[1:]...)
			client.Dir = filepath.Join(folder, name)
			client.Env = append(os.Environ(), "KITE_CLIENT_ROOT="+w.URL, "KITE_CLIENT_KEY=any", "KITE_CLIENT_TOKEN="+w.bearer)
			out, err := client.CombinedOutput()
			passed := strings.Contains(string(out), "--- PASS: TestCalls_through") || strings.Contains(string(out), "✔ all calls through")
			if err != nil || !passed {
				t.Fatalf("%v\n%s", err, out)
			}
			if log := w.log.String(); !strings.Contains(log, "/orders/regular") || strings.Contains(log, w.bearer) {
				t.Errorf("log: %s", log)
			}
		})
	}
}
