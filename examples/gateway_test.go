package examples

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
)

// serve runs kitectl serve until the test ends and returns where it is.
func (d *desk) serve() (url string) {
	d.t.Helper()
	port := kitetest.FreePort(d.t)
	prepared := d.kitectl("serve", fmt.Sprintf("--port=%d", port))
	cmd := exec.Command(prepared.Path, prepared.Args[1:]...) // it outlives the test's context, and is told to end below
	cmd.Env = prepared.Env
	says, err := cmd.StderrPipe()
	if err != nil {
		d.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil {
			d.t.Errorf("kitectl serve: %v", err)
		}
	})
	line, err := bufio.NewReader(says).ReadString('\n')
	if err != nil || !strings.Contains(line, "serving programs at") {
		d.t.Fatalf("%q, %v", line, err)
	}
	return fmt.Sprintf("http://127.0.0.1:%d", port)
}

func TestGateway_samples_show_holdings_without_a_token_of_Kite(t *testing.T) {
	d := newDesk(t)
	code, token, errs := d.ran(d.kitectl("client", "add", "samples", "--account", accountName))
	if code != 0 {
		t.Fatal(code, errs)
	}
	url := d.serve()
	samples := map[string][]string{
		"Python":     {"python3", "python/gateway.py"},
		"Go":         {filepath.Join(d.built, "gateway")},
		"JavaScript": {"node", "javascript/gateway.mjs"},
	}
	show := func(program []string, token string) (int, string, string) {
		cmd := exec.CommandContext(t.Context(), program[0], append(program[1:], "personal-trading")...)
		cmd.Env = append(os.Environ(), "KITE_ACCOUNTS_URL="+url)
		cmd.Stdin = strings.NewReader(token)
		return d.ran(cmd)
	}
	for name, program := range samples {
		code, out, errs := show(program, token)
		if code != 0 || !strings.Contains(out, "personal-trading ending ") || strings.Count(out, "\n") < 2 {
			t.Errorf("%s: %d\n%s%s", name, code, out, errs)
		}
		if code, out, errs := show(program, "ka_wrong"); code != 1 || !strings.HasPrefix(errs, "stopped: ") {
			t.Errorf("%s with a wrong token: %d\n%s%s", name, code, out, errs)
		}
	}
	d.kite.EndTokensOf(d.kite.Person(1).User.UserID)
	for name, program := range samples {
		if code, out, errs := show(program, token); code != 11 || !strings.Contains(errs, "stopped: ") {
			t.Errorf("%s after the session's end: %d\n%s%s", name, code, out, errs)
		}
	}
}
