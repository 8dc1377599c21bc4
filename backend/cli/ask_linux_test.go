package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// screen is what a person at kitectl's terminal sees.
type screen struct {
	t        *testing.T
	us, them *os.File
	seen     strings.Builder
}

// atTerminal starts kitectl with a terminal of its own.
func atTerminal(t *testing.T, dir string, args ...string) (*screen, *exec.Cmd) {
	t.Helper()
	us, them := terminal(t)
	cmd := exec.Command(os.Args[0], append(args, "--data-dir", dir)...)
	cmd.Env = append(os.Environ(), "CLI_TEST_RUN=1", "DBUS_SESSION_BUS_ADDRESS=", "XDG_RUNTIME_DIR="+t.TempDir())
	cmd.Stdin, cmd.Stdout, cmd.Stderr = them, them, them
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return &screen{t: t, us: us, them: them}, cmd
}

// waitFor reads until that is on the screen.
func (s *screen) waitFor(want string) {
	s.t.Helper()
	timer := time.AfterFunc(30*time.Second, func() { _ = s.us.Close() })
	defer timer.Stop()
	buffer := make([]byte, 1024)
	for !strings.Contains(s.seen.String(), want) {
		n, err := s.us.Read(buffer)
		if err != nil {
			s.t.Fatalf("no %q on the screen but %q: %v", want, s.seen.String(), err)
		}
		s.seen.Write(buffer[:n])
	}
}

// types waits for a prompt and for the echo to be off, and types a line.
func (s *screen) types(prompt, line string) {
	s.t.Helper()
	s.waitFor(prompt)
	waitUntilHidden(s.t, s.them)
	if _, err := s.us.WriteString(line + "\n"); err != nil {
		s.t.Fatal(err)
	}
}

func TestSecrets_are_asked_for_without_echo(t *testing.T) {
	seen, cmd := atTerminal(t, filepath.Join(t.TempDir(), "data"), "account", "add", "Family", "--client-id=AB1234", "--api-key=key12345")
	seen.types("API secret (empty for none): ", "canary-api-secret")
	seen.types("Zerodha password (empty for none): ", "canary-password")
	seen.types("Choose a passphrase for the vault of Kite Accounts: ", "canary horse battery")
	seen.types("The same again: ", "canary horse battery")
	seen.waitFor("Added Family (short name family).")
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	if strings.Contains(seen.seen.String(), "canary") {
		t.Errorf("the screen shows %q", seen.seen.String())
	}
}

func TestNewPassphrase_must_be_entered_twice_the_same(t *testing.T) {
	seen, cmd := atTerminal(t, filepath.Join(t.TempDir(), "data"), "account", "add", "Family", "--client-id=AB1234", "--api-key=key12345")
	seen.types("API secret (empty for none): ", "canary-api-secret")
	seen.types("Zerodha password (empty for none): ", "")
	seen.types("Choose a passphrase for the vault of Kite Accounts: ", "canary horse battery")
	seen.types("The same again: ", "canary horse batterie")
	seen.waitFor("That wasn't twice the same.")
	if err := cmd.Wait(); cmd.ProcessState.ExitCode() != 2 {
		t.Error(err)
	}
}
