//go:build linux

package cli_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/kiteaccounts/kite-accounts/backend/clock"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox/sandboxtest"
)

const loginPassphrase = "correct horse battery staple"

// loginDesk is a data folder with accounts of a simulated Kite, whose callback
// is a free port here, and a system browser that hands out what it is to open.
type loginDesk struct {
	t        *testing.T
	kite     *sandboxtest.Kite
	callback *url.URL
	data     string
	env      []string
	opened   string // named pipe
}

func newLoginDesk(t *testing.T, accounts int, more ...string) *loginDesk {
	t.Helper()
	t.Parallel()
	folder, host := t.TempDir(), fmt.Sprintf("127.0.0.1:%d", kitetest.FreePort(t))
	d := &loginDesk{t: t, callback: &url.URL{Scheme: "http", Host: host, Path: "/kite/callback"}, opened: filepath.Join(folder, "opened")}
	d.kite = sandboxtest.Start(t, sandbox.Config{Clock: clock.ForDataDir(""), Callback: d.callback.String()})
	bin := filepath.Join(folder, "bin")
	opener := "#!/bin/sh\nprintf '%s\\n' \"$1\" > '" + d.opened + "'\n"
	err := errors.Join(os.Mkdir(bin, 0o700), syscall.Mkfifo(d.opened, 0o600),
		os.WriteFile(filepath.Join(bin, "xdg-open"), []byte(opener), 0o700),
		os.WriteFile(filepath.Join(folder, "pass"), []byte(loginPassphrase+"\n"), 0o600))
	if err != nil {
		t.Fatal(err)
	}
	d.data = filepath.Join(folder, "data")
	d.env = append(os.Environ(), "KITE_ACCOUNTS_DATA_DIR="+d.data, "HOME="+folder, "DBUS_SESSION_BUS_ADDRESS=", "DISPLAY=", "WAYLAND_DISPLAY=",
		"BROWSER=", "PATH="+bin+":"+os.Getenv("PATH"), "LOGIN_TEST_PASS="+filepath.Join(folder, "pass"))
	if accounts == 0 {
		d.fixture("vault") // the first account makes it otherwise
	}
	for n := 1; n <= accounts; n++ {
		d.fixture(append([]string{"account", fmt.Sprintf("User %d", n), "--client=" + sandbox.UserNumber(n).UserID, "--key=" + sandbox.SharedApp,
			"--secret=" + sandbox.APISecret(sandbox.SharedApp), "--type=sandbox", "--callback=" + d.callback.String(),
			"--login-url=" + d.kite.Endpoints().LoginURL, "--api-root=" + d.kite.Endpoints().APIRoot}, more...)...)
	}
	return d
}

func (d *loginDesk) fixture(args ...string) {
	d.t.Helper()
	cmd := exec.CommandContext(d.t.Context(), "fixture", append([]string{"--passphrase=" + loginPassphrase}, args...)...)
	cmd.Env = d.env
	if out, err := cmd.CombinedOutput(); err != nil {
		d.t.Fatalf("fixture %q: %v\n%s", args, err, out)
	}
}

// kitectlRun is a running kitectl. What it says on both streams is in said.
type kitectlRun struct {
	d     *loginDesk
	cmd   *exec.Cmd
	stdin io.WriteCloser
	said  *spoken
}

// spoken is what was said, line by line.
type spoken struct {
	read  *bufio.Reader
	lines []string
}

func (d *loginDesk) start(args ...string) *kitectlRun {
	d.t.Helper()
	cmd := exec.CommandContext(d.t.Context(), "sh", "-c", `exec kitectl "$@" --passphrase-fd=3 3<"$LOGIN_TEST_PASS" 2>&1`, "sh")
	cmd.Args = append(cmd.Args, args...)
	cmd.Env = d.env
	out, err := cmd.StdoutPipe()
	if err != nil {
		d.t.Fatal(err)
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		d.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	return &kitectlRun{d: d, cmd: cmd, stdin: in, said: &spoken{read: bufio.NewReader(out)}}
}

// until reads what it says up to a line with text.
func (r *kitectlRun) until(pattern string) string {
	r.d.t.Helper()
	wanted := regexp.MustCompile(pattern)
	for {
		line, err := r.said.read.ReadString('\n')
		r.said.lines = append(r.said.lines, line)
		if wanted.MatchString(line) {
			return strings.TrimSpace(line)
		}
		if err != nil {
			r.d.t.Fatalf("it never said %q, but:\n%s", pattern, strings.Join(r.said.lines, ""))
		}
	}
}

// exits waits for the end and returns all that it said.
func (r *kitectlRun) exits(code int) string {
	r.d.t.Helper()
	rest, err := io.ReadAll(r.said.read)
	if err != nil {
		r.d.t.Error(err)
	}
	all := strings.Join(r.said.lines, "") + string(rest)
	_ = r.cmd.Wait() // the code says it
	if got := r.cmd.ProcessState.ExitCode(); got != code {
		r.d.t.Errorf("exit code %d, want %d:\n%s", got, code, all)
	}
	return all
}

// page is the address that the system browser was told to open.
func (d *loginDesk) page() string {
	d.t.Helper()
	line, err := os.ReadFile(d.opened)
	if err != nil {
		d.t.Fatal(err)
	}
	return strings.TrimSpace(string(line))
}

func (d *loginDesk) redirect(n int, loginURL string) string {
	d.t.Helper()
	redirect, err := d.kite.Person(n).LogIn(loginURL)
	if err != nil {
		d.t.Fatal(err)
	}
	return redirect
}

func (d *loginDesk) follow(redirect string) {
	d.t.Helper()
	resp, err := http.Get(redirect) //nolint:noctx // the listener has deadlines
	if err != nil {
		d.t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		d.t.Errorf("the redirect's page: %s", resp.Status)
	}
}

func tokenOf(t *testing.T, redirect string) string {
	t.Helper()
	u, err := url.Parse(redirect)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get("request_token")
}

// noSecret checks that nothing of the redirect was said or logged.
func (d *loginDesk) noSecret(said, redirect string) {
	d.t.Helper()
	kitetest.NoSecretIn(d.t, "output", said, tokenOf(d.t, redirect))
	logs, err := filepath.Glob(filepath.Join(d.data, "*", "kitectl*.log"))
	more, err2 := filepath.Glob(filepath.Join(d.data, "kitectl*.log"))
	if err := errors.Join(err, err2); err != nil || len(logs)+len(more) == 0 {
		d.t.Fatalf("no log found: %v", err)
	}
	for _, path := range append(logs, more...) {
		text, err := os.ReadFile(path)
		if err != nil {
			d.t.Fatal(err)
		}
		u, _ := url.Parse(redirect)
		kitetest.NoSecretIn(d.t, path, string(text), tokenOf(d.t, redirect), u.Query().Get("state"))
	}
}

// terminal is a new pseudo-terminal.
func terminal(t *testing.T) (us, them *os.File) {
	t.Helper()
	us, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	number, err := unix.IoctlGetInt(int(us.Fd()), unix.TIOCGPTN)
	if err := errors.Join(err, unix.IoctlSetPointerInt(int(us.Fd()), unix.TIOCSPTLCK, 0)); err != nil {
		t.Fatal(err)
	}
	them, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = them.Close(), us.Close() })
	return us, them
}

// startAtTerminal runs kitectl at a terminal of its own.
func (d *loginDesk) startAtTerminal(args ...string) (*kitectlRun, *os.File) {
	d.t.Helper()
	us, them := terminal(d.t)
	cmd := exec.CommandContext(d.t.Context(), "kitectl", append(args, "--passphrase-fd=3")...)
	pass, err := os.Open(filepath.Join(filepath.Dir(d.data), "pass"))
	if err != nil {
		d.t.Fatal(err)
	}
	defer pass.Close() //nolint:errcheck // it is the child's
	cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = d.env, them, them, them, []*os.File{pass}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	return &kitectlRun{d: d, cmd: cmd, stdin: us, said: &spoken{read: bufio.NewReader(us)}}, them
}

// prompt reads up to a question, which ends without a line break.
func (r *kitectlRun) prompt(end string) {
	r.d.t.Helper()
	var said strings.Builder
	for !strings.HasSuffix(said.String(), end) {
		b, err := r.said.read.ReadByte()
		if err != nil {
			r.d.t.Fatalf("it never asked, but said %q", said.String())
		}
		said.WriteByte(b)
	}
	r.said.lines = append(r.said.lines, said.String())
}

func echoes(t *testing.T, tty *os.File) bool {
	t.Helper()
	state, err := unix.IoctlGetTermios(int(tty.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	return state.Lflag&unix.ECHO != 0
}

// waitUntilHidden waits for what is typed not to be shown, which begins a
// moment after the question.
func waitUntilHidden(t *testing.T, tty *os.File) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); echoes(t, tty); {
		if time.Now().After(deadline) {
			t.Fatal("what is typed is shown")
		}
		time.Sleep(time.Millisecond) // another process's state
	}
}
