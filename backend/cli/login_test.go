package cli_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
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
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	folder := t.TempDir()
	d := &loginDesk{t: t, callback: &url.URL{Scheme: "http", Host: l.Addr().String(), Path: "/kite/callback"}, opened: filepath.Join(folder, "opened")}
	d.kite = sandboxtest.Start(t, sandbox.Config{Clock: kite.SystemClock{}, Callback: d.callback.String()})
	bin := filepath.Join(folder, "bin")
	opener := "#!/bin/sh\nprintf '%s\\n' \"$1\" > '" + d.opened + "'\n"
	err = errors.Join(os.Mkdir(bin, 0o700), syscall.Mkfifo(d.opened, 0o600),
		os.WriteFile(filepath.Join(bin, "xdg-open"), []byte(opener), 0o700),
		os.WriteFile(filepath.Join(folder, "pass"), []byte(loginPassphrase+"\n"), 0o600))
	if err != nil {
		t.Fatal(err)
	}
	d.data = filepath.Join(folder, "data")
	d.env = append(os.Environ(), "KITE_ACCOUNTS_DATA_DIR="+d.data, "HOME="+folder, "DBUS_SESSION_BUS_ADDRESS=", "DISPLAY=", "WAYLAND_DISPLAY=",
		"BROWSER=", "PATH="+bin+":"+os.Getenv("PATH"), "LOGIN_TEST_PASS="+filepath.Join(folder, "pass"))
	d.fixture("vault")
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

func TestLogin_in_the_browser(t *testing.T) {
	d := newLoginDesk(t, 1)
	r := d.start("login", "user-1", "--browser")
	redirect := d.redirect(1, d.page())
	r.until("Log in as SB0001 in your browser. .* port " + d.callback.Port())
	d.follow(redirect)
	said := r.exits(0)
	if !regexp.MustCompile(`(?m)^User 1 \(SB0001\) is logged in until \d+ \w+ 06:00 IST\.$`).MatchString(said) {
		t.Errorf("it said %q", said)
	}
	d.noSecret(said, redirect)
	// A session that works isn't replaced unasked.
	if said := d.start("login", "user-1", "--browser").exits(17); !strings.Contains(said, "--yes") {
		t.Errorf("it said %q", said)
	}
	r = d.start("login", "user-1", "--browser", "--yes")
	d.follow(d.redirect(1, d.page()))
	r.exits(0)
}

func TestLogin_in_the_account_s_own_way_without_opening(t *testing.T) {
	d := newLoginDesk(t, 1, "--way=browser")
	r := d.start("login", "User 1", "--no-open")
	loginURL := r.until("/connect/login")
	r.until("ssh -L " + d.callback.Port() + ":127.0.0.1:" + d.callback.Port() + " HOST")
	d.follow(d.redirect(1, loginURL))
	r.exits(0)
}

func TestLogin_of_somebody_else(t *testing.T) {
	d := newLoginDesk(t, 1)
	r := d.start("login", "User 1", "--browser")
	d.follow(d.redirect(2, d.page()))
	if said := r.exits(16); !strings.Contains(said, "SB0002 logged in, but this account belongs to SB0001") || !strings.Contains(said, "Log out of Kite in your browser") {
		t.Errorf("it said %q", said)
	}
}

func TestLogin_where_the_port_is_taken(t *testing.T) {
	d := newLoginDesk(t, 1)
	l, err := net.Listen("tcp", d.callback.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // at the test's end
	said := d.start("login", "User 1", "--browser").exits(18)
	if !strings.Contains(said, fmt.Sprintf("Port %s, where the browser's answer would come, is taken by cli.test (process %d)", d.callback.Port(), os.Getpid())) ||
		!strings.Contains(said, "kitectl login user-1 --paste") {
		t.Errorf("it said %q", said)
	}
}

func TestLogin_is_stopped_by_a_signal(t *testing.T) {
	d := newLoginDesk(t, 1)
	r := d.start("login", "User 1", "--browser", "--no-open")
	r.until("ssh -L")
	if err := r.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if said := r.exits(13); !strings.Contains(said, "cancelled") || strings.Contains(said, "card") {
		t.Errorf("it said %q", said)
	}
}

func TestLogin_by_what_is_pasted_on_standard_input(t *testing.T) {
	for name, part := range map[string]func(redirect string) string{
		"redirect URL": func(redirect string) string { return redirect },
		"bare token":   func(redirect string) string { return tokenOf(t, redirect) },
	} {
		t.Run(name, func(t *testing.T) {
			d := newLoginDesk(t, 1)
			r := d.start("login", "User 1", "--paste")
			redirect := d.redirect(1, r.until("/connect/login"))
			if _, err := io.WriteString(r.stdin, part(redirect)+"\n"); err != nil {
				t.Fatal(err)
			}
			said := r.exits(0)
			if !strings.Contains(said, "User 1 (SB0001) is logged in until") {
				t.Errorf("it said %q", said)
			}
			d.noSecret(said, redirect)
		})
	}
}

func TestLogin_refuses_what_isn_t_pasted_well(t *testing.T) {
	for text, code := range map[string]int{
		"hello world": 2, "https://evil.example/?request_token=abcdefgh12345678&status=success": 2, "": 13, "abcdefgh12345678": 15,
	} {
		d := newLoginDesk(t, 1)
		r := d.start("login", "User 1", "--paste")
		r.until("/connect/login")
		_, _ = io.WriteString(r.stdin, text)
		_ = r.stdin.Close()
		if said := r.exits(code); strings.Contains(said, "card") || strings.Contains(said, "is logged in") {
			t.Errorf("%q: it said %q", text, said)
		}
	}
}

func TestLogin_all_goes_on_and_sums_up(t *testing.T) {
	d := newLoginDesk(t, 3, "--way=browser")
	r := d.start("login", "--all")
	d.follow(d.redirect(1, d.page()))
	r.until("2 of 3: User 2")
	d.follow(d.redirect(3, d.page())) // the wrong person
	r.until("3 of 3: User 3")
	d.follow(d.redirect(3, d.page()))
	said := r.exits(16)
	for _, want := range []string{"User 1 (SB0001) is logged in", "User 2 (SB0002) isn't logged in: SB0003 logged in", "User 3 (SB0003) is logged in", "2 of 3 accounts are logged in."} {
		if !strings.Contains(said, want) {
			t.Errorf("it said %q, without %q", said, want)
		}
	}
	r = d.start("login", "--all", "--no-open")
	r.until("1 of 1: User 2")
	r.until("ssh -L")
	_ = r.cmd.Process.Signal(os.Interrupt)
	if said := r.exits(13); !strings.Contains(said, "Stopped: 0 of 1") {
		t.Errorf("it said %q", said)
	}
	r = d.start("login", "--all")
	d.follow(d.redirect(2, d.page()))
	if said := r.exits(0); !strings.Contains(said, "1 of 1 accounts are logged in.") {
		t.Errorf("it said %q", said)
	}
	if said := d.start("login", "--all").exits(0); said != "No account needs a login.\n" {
		t.Errorf("it said %q", said)
	}
}

func TestExec_logs_in_first(t *testing.T) {
	d := newLoginDesk(t, 1, "--way=browser")
	r := d.start("exec", "--login", "User 1", "--passphrase-fd=3", "--", "sh", "-c", "echo token of $KITE_USER_ID")
	d.follow(d.redirect(1, d.page()))
	if said := r.exits(0); !strings.Contains(said, "token of SB0001") {
		t.Errorf("it said %q", said)
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

func TestLogin_by_what_is_pasted_at_the_terminal(t *testing.T) {
	d := newLoginDesk(t, 1)
	r, tty := d.startAtTerminal("login", "User 1", "--paste")
	redirect := d.redirect(1, r.until("/connect/login"))
	r.prompt("(not shown): ")
	if echoes(t, tty) {
		t.Error("what is typed is shown")
	}
	_, _ = io.WriteString(r.stdin, strings.Replace(redirect, "state=", "state=0", 1)+"\n")
	r.until("doesn't belong to the login that was started here")
	r.prompt("(not shown): ")
	_, _ = io.WriteString(r.stdin, redirect+"\n")
	r.until("is logged in until")
	if err := r.cmd.Wait(); err != nil || !echoes(t, tty) {
		t.Errorf("%v; the terminal echoes: %t", err, echoes(t, tty))
	}
	d.noSecret(strings.Join(r.said.lines, ""), redirect)
}

func TestLogin_gives_the_terminal_back_when_it_is_stopped(t *testing.T) {
	d := newLoginDesk(t, 1)
	r, tty := d.startAtTerminal("login", "User 1", "--paste")
	r.prompt("(not shown): ")
	for echoes(t, tty) {
		if t.Context().Err() != nil {
			t.Fatal("it never hides what is typed")
		}
	}
	_, _ = io.WriteString(r.stdin, "\x03")
	_ = r.cmd.Wait() // the code says it
	if code := r.cmd.ProcessState.ExitCode(); code != 13 || !echoes(t, tty) {
		t.Errorf("exit code %d; the terminal echoes: %t", code, echoes(t, tty))
	}
}

func TestLogin_asks_at_the_terminal_before_it_ends_a_token(t *testing.T) {
	d := newLoginDesk(t, 1, "--way=browser")
	r := d.start("login", "User 1")
	d.follow(d.redirect(1, d.page()))
	r.exits(0)
	r, _ = d.startAtTerminal("login", "User 1")
	r.prompt("Log in all the same? [y/N] ")
	_, _ = io.WriteString(r.stdin, "n\n")
	_ = r.cmd.Wait() // the code says it
	if code := r.cmd.ProcessState.ExitCode(); code != 13 {
		t.Errorf("no: exit code %d", code)
	}
	r, _ = d.startAtTerminal("login", "User 1")
	r.prompt("Log in all the same? [y/N] ")
	_, _ = io.WriteString(r.stdin, "y\n")
	d.follow(d.redirect(1, d.page()))
	if err := r.cmd.Wait(); err != nil {
		t.Errorf("yes: %v", err)
	}
}
