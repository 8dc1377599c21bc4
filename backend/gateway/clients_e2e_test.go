//go:build e2e

package gateway_test

import (
	"bufio"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/clock"
	"github.com/kiteaccounts/kite-accounts/backend/datadir"
	"github.com/kiteaccounts/kite-accounts/backend/envelope"
	"github.com/kiteaccounts/kite-accounts/backend/keyring"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/program"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox/sandboxtest"
)

const passphrase = "correct horse battery staple"

// Kite's own clients, written by others, make all their calls through kitectl
// serve with nothing changed but base URL and token.
func TestOfficial_clients_by_base_URL_alone(t *testing.T) {
	kitectl := filepath.Join(t.TempDir(), "kitectl")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-o", kitectl, "../../cmd/kitectl").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	folder, err := filepath.Abs("../../e2e")
	if err != nil {
		t.Fatal(err)
	}
	for name, command := range map[string][]string{
		"gokite":        {"go", "test", "-buildvcs=false", "-count=1", "-v", "-run", "TestCalls_through_the_root_that_was_given", "."},
		"kiteconnectjs": {"node", "--test", "--test-reporter=spec", "client.test.mjs"},
	} {
		t.Run(name, func(t *testing.T) {
			// At 06:00 IST Kite ends all sessions, whenever the tests run.
			box := sandboxtest.Start(t, sandbox.Config{Clock: kitetest.NewClock(kitetest.Morning.Add(time.Hour)), PerSecond: 1000})
			data := filepath.Join(t.TempDir(), "data")
			token := exchangeAt(t, box).Tokens.Access.Reveal()
			bearer := fillFolder(t, data, box, token)
			base := serveFolder(t, kitectl, data)
			client := exec.CommandContext(t.Context(), command[0], command[1:]...)
			client.Dir = filepath.Join(folder, name)
			client.Env = append(os.Environ(), "KITE_CLIENT_ROOT="+base+"/kite/trader", "KITE_CLIENT_KEY=any", "KITE_CLIENT_TOKEN="+bearer)
			out, err := client.CombinedOutput()
			passed := strings.Contains(string(out), "--- PASS: TestCalls_through") || strings.Contains(string(out), "✔ all calls through")
			if err != nil || !passed {
				t.Fatalf("%v\n%s", err, out)
			}
			noSecretIn(t, data, bearer, token)
		})
	}
}

// fillFolder makes a data folder with an account "trader", a session of the
// sandbox's first user, and a program that may trade.
func fillFolder(t *testing.T, folder string, box *sandboxtest.Kite, token string) (bearer string) {
	t.Helper()
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "") // no keyring: the vault opens by passphrase
	dir, err := datadir.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	s, err := program.OpenServices(t.Context(), program.Config{
		Dir: dir, Log: slog.New(slog.DiscardHandler), Clock: clock.ForDataDir(folder), Keyring: keyring.New(),
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	s.Vault.KDF = envelope.KDF{Name: envelope.DefaultKDF.Name, Time: 1, Memory: 64 << 10, Threads: 1}
	s.Vault.Start(t.Context())
	must(t, s.Vault.CreateWithPassphrase(t.Context(), kite.NewSecret(passphrase)))
	a := kitetest.SandboxAccount("trader")
	a.Slug, a.APIKey, a.Endpoints = "trader", sandbox.SharedApp, box.Endpoints()
	must(t, s.Accounts.Store.CreateAccount(t.Context(), a, kite.SecretChanges{}))
	session := kitetest.Session("session", a, time.Now())
	session.ExpiresAt = time.Now().UTC().Add(time.Hour)
	must(t, s.Sessions.Sessions.SaveSession(t.Context(), session, kite.Tokens{Access: kite.NewSecret(token)}))
	_, secret, err := s.Clients().Add(t.Context(), kite.APIClient{Name: "official client", AllAccounts: true, MayTrade: true})
	must(t, err)
	return secret.Reveal()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// serveFolder runs kitectl serve until the test ends and returns its address.
func serveFolder(t *testing.T, kitectl, folder string) string {
	t.Helper()
	port := strconv.Itoa(kitetest.FreePort(t))
	address := net.JoinHostPort("127.0.0.1", port)
	reads, writes, err := os.Pipe()
	must(t, err)
	serve := exec.Command(kitectl, "--data-dir", folder, "serve", "--port="+port, "--passphrase-fd=3")
	serve.Env = []string{"HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH")}
	serve.ExtraFiles = []*os.File{reads}
	stderr, err := serve.StderrPipe()
	must(t, err)
	must(t, serve.Start())
	_, err = writes.WriteString(passphrase + "\n")
	must(t, err)
	must(t, writes.Close())
	t.Cleanup(func() { _ = serve.Process.Signal(syscall.SIGTERM); _ = serve.Wait() })
	line, err := bufio.NewReader(stderr).ReadString('\n')
	if err != nil || !strings.Contains(line, "serving programs at http://"+address) {
		t.Fatalf("kitectl serve said %q, %v", line, err)
	}
	return "http://" + address
}

// noSecretIn looks through the data folder's files, the log among them.
func noSecretIn(t *testing.T, folder string, secrets ...string) {
	t.Helper()
	must(t, filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		for _, secret := range secrets {
			if strings.Contains(string(text), secret) {
				t.Errorf("%s has a token", path)
			}
		}
		return err
	}))
}
