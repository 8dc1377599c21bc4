package kiteapp

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
)

// Shell is from where kitectl is called.
type Shell struct {
	Env     []string       // further variables KEY=VALUE
	Remote  bool           // without display and without controlling terminal, as over SSH
	Files   map[int]string // what further descriptors hold
	Outside string         // folder for what goes to it and for its stdout, where these have secrets; one of the desktop's if empty
}

// Call is a called kitectl.
type Call struct {
	*desktop.Process
	Words []string

	out, err string // files
	in       *os.File
}

// Call starts kitectl of the data folder and doesn't wait. Its process is the
// one that is started, but for a remote shell.
func (a *App) Call(shell Shell, args ...string) (*Call, error) {
	return a.CallOther(shell, append([]string{filepath.Join(a.Programs, lightProgram)}, args...)...)
}

// CallOther is Call for any program.
func (a *App) CallOther(shell Shell, words ...string) (*Call, error) {
	calls, err := a.MakeDir("calls")
	if err != nil {
		return nil, err
	}
	dir := shell.Outside
	if dir == "" {
		dir = calls
	}
	a.starts++
	name := fmt.Sprintf("call-%d", a.starts)
	base := filepath.Join(dir, name)
	c := &Call{Words: words, out: base + ".out", err: filepath.Join(calls, name+".err")}
	err = errors.Join(syscall.Mkfifo(base+".in", 0o600), giveTo(dir, base+".in"))
	if err == nil { // open for both, so that kitectl's own opening doesn't wait for this
		c.in, err = os.OpenFile(base+".in", os.O_RDWR, 0)
	}
	if err != nil {
		return nil, fmt.Errorf("call kitectl: %w", err)
	}
	script := `exec "$@"`
	if shell.Remote {
		script = `exec env -u DISPLAY -u WAYLAND_DISPLAY setsid --wait "$@"`
	}
	script += fmt.Sprintf(" <'%s.in' >'%s' 2>'%s'", base, c.out, c.err)
	for fd, text := range shell.Files {
		path := fmt.Sprintf("%s.fd%d", base, fd)
		if err := errors.Join(os.WriteFile(path, []byte(text+"\n"), 0o600), giveTo(dir, path)); err != nil {
			return nil, fmt.Errorf("call kitectl: %w", err)
		}
		script += fmt.Sprintf(" %d<'%s'", fd, path)
	}
	env := shell.Env
	if !a.installed {
		env = append([]string{"KITE_ACCOUNTS_DATA_DIR=" + a.DataDir}, env...)
	}
	c.Process, err = a.Run(name, env, "sh", append([]string{"-c", script, "sh"}, words...)...)
	return c, err
}

// giveTo makes a file that of the folder's owner.
func giveTo(dir, path string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	return os.Lchown(path, int(info.Sys().(*syscall.Stat_t).Uid), -1)
}

// Enter gives it a line on its standard input.
func (c *Call) Enter(line string) error { return c.Key(line + "\n") }

// Key gives it a key, such as \x03 for Ctrl-C.
func (c *Call) Key(key string) error {
	if _, err := c.in.WriteString(key); err != nil {
		return fmt.Errorf("enter: %w", err)
	}
	return nil
}

// Out is what it has written to stdout, Err to stderr.
func (c *Call) Out() string { return textOf(c.out) }

// Err see Out.
func (c *Call) Err() string { return textOf(c.err) }

func textOf(path string) string {
	text, _ := os.ReadFile(path) //nolint:gosec // of the test's own desktop
	return string(text)
}

// Await waits until it has written the text on either.
func (c *Call) Await(text string) error {
	ended := false
	err := desktop.Await(fmt.Sprintf("%q of %s", text, c.Words), stepDeadline, func() bool {
		select {
		case <-c.Done():
			ended = true
		default:
		}
		return strings.Contains(c.Out()+c.Err(), text) || ended
	})
	if err == nil && !strings.Contains(c.Out()+c.Err(), text) {
		err = errors.New("it has ended")
	}
	if err != nil {
		return fmt.Errorf("%q of %s: %w: %s%s", text, c.Words, err, c.Out(), c.Err())
	}
	return nil
}

// Ends waits for the end and expects that exit code.
func (c *Call) Ends(code int) error {
	defer c.in.Close() //nolint:errcheck // only read elsewhere
	got, err := c.Wait(startDeadline)
	if err == nil && got != code {
		err = fmt.Errorf("exit code %d, want %d", got, code)
	}
	if err != nil {
		return fmt.Errorf("%s: %w: %s%s", c.Words, err, c.Out(), c.Err())
	}
	return nil
}

// LoginPage waits for the address of the login page that it names.
func (c *Call) LoginPage() (string, error) {
	if err := c.Await("/connect/login?"); err != nil {
		return "", err
	}
	for word := range strings.FieldsSeq(c.Err()) {
		if strings.Contains(word, "/connect/login?") {
			return word, nil
		}
	}
	return "", fmt.Errorf("no address: %s", c.Err())
}

// OwnSandbox is a simulated Kite with a callback of its own, so that tests that
// run side by side don't wait at one port.
type OwnSandbox struct {
	*Call
	URL      string `json:"url"`
	LoginURL string `json:"login_url"`
	APIRoot  string `json:"api_root"`
	Callback string
}

// StartSandbox starts one with that callback, and from then on Faults and the
// like are about this one. What it introduces itself with has secrets and goes
// to that folder.
func (a *App) StartSandbox(outside, callback string) (*OwnSandbox, error) {
	c, err := a.Call(Shell{Outside: outside}, "sandbox", "--data-dir", a.DataDir, "--listen", "127.0.0.1:0", "--json", "--callback", callback)
	if err != nil {
		return nil, err
	}
	o := &OwnSandbox{Call: c, Callback: callback}
	if err := c.Await("}\n"); err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(c.Out()), o); err != nil {
		return nil, fmt.Errorf("start sandbox: %w", err)
	}
	a.otherSandbox = o.URL
	return o, nil
}

// Flags are those of an account at this sandbox.
func (o *OwnSandbox) Flags(user sandbox.User) []string {
	return []string{
		"--client-id", user.UserID, "--api-key", sandbox.SharedApp, "--type", "sandbox", "--callback-url", o.Callback,
		"--login-url", o.LoginURL, "--api-root", o.APIRoot,
	}
}

// Stop ends it.
func (o *OwnSandbox) Stop() error {
	if err := o.Signal(desktop.Terminate); err != nil {
		return fmt.Errorf("stop sandbox: %w", err)
	}
	_, err := o.Wait(endDeadline)
	return err
}
