//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
	"github.com/kiteaccounts/kite-accounts/e2e/kiteapp"
)

// exitNoDisplay is what kitectl ends with where it can't show the login window.
const exitNoDisplay = 21

// sandboxSlug is the short name of the account that Try the sandbox makes.
const sandboxSlug = "sandbox-sb0001"

// call starts kitectl.
func (s *scene) call(shell kiteapp.Shell, args ...string) *kiteapp.Call {
	s.t.Helper()
	c, err := s.Call(shell, args...)
	s.ok(err)
	return c
}

// kitectl runs it to its end, which must be that exit code.
func (s *scene) kitectl(code int, args ...string) *kiteapp.Call {
	s.t.Helper()
	c := s.call(kiteapp.Shell{}, args...)
	s.ok(c.Ends(code))
	return c
}

// pasteLogin logs in by command with the page that it names, and returns
// where the browser ended.
func (s *scene) pasteLogin(shell kiteapp.Shell, account string, user sandbox.User, more ...string) (redirect string) {
	s.t.Helper()
	c := s.call(shell, append([]string{"login", account, "--paste"}, more...)...)
	page, err := c.LoginPage()
	s.ok(err)
	redirect, err = s.LogInByBrowser(page, user, sandbox.DefaultCallback)
	s.ok(err, c.Enter(redirect), c.Ends(0))
	if !strings.Contains(c.Out(), "is logged in until") {
		s.t.Errorf("it said %q", c.Out())
	}
	return redirect
}

// follow goes where a browser is sent.
func (s *scene) follow(redirect string) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, redirect, nil)
	s.ok(err)
	r.Header.Set("Sec-Fetch-Mode", "navigate")
	answer, err := http.DefaultClient.Do(r)
	s.ok(err)
	_, err = io.Copy(io.Discard, answer.Body)
	s.ok(err, answer.Body.Close())
}

// listed is an account as kitectl list --json tells it.
type listed struct {
	AccountName, Slug, Badge string
	HasActiveSession         bool
}

func (s *scene) list() (all []listed) {
	s.t.Helper()
	s.ok(json.Unmarshal([]byte(s.kitectl(0, "list", "--json").Out()), &all))
	return all
}

// ownSandbox starts a sandbox whose callback nobody else waits at.
func (s *scene) ownSandbox() *kiteapp.OwnSandbox {
	s.t.Helper()
	port, release := s.occupied()
	release()
	own, err := s.StartSandbox(s.t.TempDir(), "http://127.0.0.1:"+port+"/kite/callback")
	s.ok(err)
	return own
}

// addByCommand adds an account of that sandbox with its secrets.
func (s *scene) addByCommand(own *kiteapp.OwnSandbox, name string, user sandbox.User, more ...string) {
	s.t.Helper()
	args := append([]string{"account", "add", name, "--api-secret-fd=3", "--password-fd=4"}, own.Flags(user)...)
	c := s.call(kiteapp.Shell{
		Outside: s.t.TempDir(), Files: map[int]string{3: sandbox.APISecret(sandbox.SharedApp), 4: user.Password},
	}, append(args, more...)...)
	s.ok(c.Ends(0))
}

// TestCommandsBesideTheOpenWindow: the window follows what kitectl does,
// untouched.
func TestCommandsBesideTheOpenWindow(t *testing.T) {
	s := newScene(t, withTray)
	browser, err := s.SystemBrowser()
	s.ok(err, s.Start(browser))
	s.trySandbox()
	s.pasteLogin(kiteapp.Shell{}, sandboxSlug, first)
	s.see("Active", sandboxCard)
	s.kitectl(0, "logout", sandboxSlug)
	s.see("Logged out", sandboxCard)
	c := s.call(kiteapp.Shell{}, "login", sandboxSlug)
	w, err := s.LoginWindow()
	s.ok(err)
	s.ok(w.LogIn(first), c.Ends(0))
	s.see("Active", sandboxCard)

	own, second := s.ownSandbox(), sandbox.UserNumber(2)
	s.addByCommand(own, "By hand", second, "--login-way=browser")
	card := kiteapp.Card("By hand")
	s.see("No session", card)
	c = s.call(kiteapp.Shell{Env: []string{browser}}, "login", "by-hand")
	page, err := s.Opened()
	s.ok(err)
	redirect, err := s.LogInByBrowser(page, second, own.Callback)
	s.ok(err)
	s.follow(redirect)
	s.ok(c.Ends(0))
	s.see("Active", card)

	s.kitectl(0, "account", "edit", "by-hand", "--name=Family trust")
	s.see("Active", kiteapp.Card("Family trust"))
	s.gone(*card)
	file, key := s.Path("tmp/all.age"), kiteapp.Shell{Files: map[int]string{4: passphrase}}
	s.ok(s.call(key, "backup", file, "--backup-passphrase-fd=4").Ends(0))
	s.kitectl(0, "account", "remove", "Family trust", "--yes")
	s.gone(*kiteapp.Card("Family trust"))
	s.ok(s.call(key, "restore", file, "--yes", "--backup-passphrase-fd=4").Ends(0))
	s.see(second.UserID, kiteapp.Card("Family trust"))
	s.ok(own.Stop(), s.Quit())
}

// TestCommandsWithoutWindow: with the agent alone, whose tray follows, and with
// neither.
func TestCommandsWithoutWindow(t *testing.T) {
	s := newScene(t, withTray)
	s.kitectl(0, "account", "add", "--sandbox")
	s.agent()
	s.menuHas("No account is ready")
	s.pasteLogin(kiteapp.Shell{}, sandboxSlug, first)
	s.menuHas("Ready, until 06:00 tomorrow")
	s.kitectl(0, "account", "edit", sandboxSlug, "--name=Renamed")
	s.menuHas("Renamed")
	s.kitectl(0, "logout", "Renamed")
	s.menuHas("No account is ready")
	s.ok(s.StopAgent())
	s.pasteLogin(kiteapp.Shell{}, sandboxSlug, first)
	if all := s.list(); len(all) != 1 || !all[0].HasActiveSession || all[0].AccountName != "Renamed" {
		t.Errorf("listed: %+v", all)
	}
	s.kitectl(0, "logout", "--all", "--yes")
	if all := s.list(); all[0].HasActiveSession {
		t.Errorf("listed: %+v", all)
	}
	s.ok(s.NoAgent()) // no command starts one
	s.ok(s.Start())
	s.see("Logged out", kiteapp.Card("Renamed"))
	s.ok(s.Quit())
}

// TestCommandsWithoutDisplay: all but the login window works as over SSH.
func TestCommandsWithoutDisplay(t *testing.T) {
	s := newScene(t, desktop.Options{})
	remote := kiteapp.Shell{Remote: true}
	far := func(code int, args ...string) *kiteapp.Call {
		t.Helper()
		c := s.call(remote, args...)
		s.ok(c.Ends(code))
		return c
	}
	far(0, "account", "add", "--sandbox")
	if said := far(exitNoDisplay, "login", sandboxSlug).Err(); !strings.Contains(said, "no display") || !strings.Contains(said, "--paste") {
		t.Errorf("without a display: %q", said)
	}
	far(11, "exec", sandboxSlug, "--", "true")
	if said := far(exitNoDisplay, "exec", "--login", sandboxSlug, "--", "true").Err(); !strings.Contains(said, "--paste") {
		t.Errorf("exec --login: %q", said)
	}
	s.pasteLogin(remote, sandboxSlug, first)
	if said := far(0, "list").Out(); !strings.Contains(said, "active") {
		t.Errorf("list: %q", said)
	}
	token := strings.TrimSpace(far(0, "token", sandboxSlug).Out())
	c := far(7, "exec", sandboxSlug, "--", "sh", "-c", `echo "$KITE_USER_ID $KITE_ACCESS_TOKEN"; tty <&2; test -z "$DISPLAY" && exit 7`)
	if want := first.UserID + " " + token + "\n"; len(token) < 30 || !strings.HasPrefix(c.Out(), want) {
		t.Errorf("exec printed %q, token %d characters", c.Out(), len(token))
	}
	far(17, "logout", "--all")
	far(0, "test", sandboxSlug)
	far(0, "logout", "--all", "--yes")
	far(11, "token", sandboxSlug)
}

// TestLoginWindowFromTheCommandLine: kitectl login opens it, waits, and its
// exit code says how it ended.
func TestLoginWindowFromTheCommandLine(t *testing.T) {
	s := newScene(t, desktop.Options{})
	s.kitectl(0, "account", "add", "--sandbox")
	begin := func(args ...string) (*kiteapp.Call, *kiteapp.LoginWindow) {
		t.Helper()
		c := s.call(kiteapp.Shell{}, args...)
		s.Process = c.Process
		w, err := s.LoginWindow()
		s.ok(err)
		s.ok(w.See("User ID"))
		return c, w
	}
	c, w := begin("login", sandboxSlug)
	closeWindow(s, w)
	s.ok(c.Ends(13), s.NoHelper())
	c, w = begin("login", sandboxSlug)
	s.ok(w.LogIn(sandbox.UserNumber(2)), c.Ends(16), s.NoHelper())
	if said := c.Err(); !strings.Contains(said, "SB0002") || !strings.Contains(said, first.UserID) {
		t.Errorf("the wrong user: %q", said)
	}
	c, _ = begin("login", sandboxSlug)
	s.ok(c.Signal(desktop.Terminate), c.Ends(13), s.NoHelper())
	if n := s.sessions(); n != "0" {
		t.Errorf("%s sessions are stored", n)
	}
	c, w = begin("login", sandboxSlug)
	s.ok(w.LogIn(first), c.Ends(0), s.NoHelper())
	if all := s.list(); !all[0].HasActiveSession || !strings.Contains(c.Out(), "06:00 IST") {
		t.Errorf("listed: %+v, said %q", all, c.Out())
	}
	s.kitectl(0, "test", sandboxSlug)
	s.kitectl(0, "logout", sandboxSlug)

	// exec --login doesn't begin the command if there is no session, and
	// otherwise waits and then is the command: the same process.
	c, w = begin("exec", "--login", sandboxSlug, "--", "echo", "begun")
	closeWindow(s, w)
	s.ok(c.Ends(13), s.NoHelper())
	if c.Out() != "" {
		t.Errorf("the command was run: %q", c.Out())
	}
	c, w = begin("exec", "--login", sandboxSlug, "--", "sh", "-c", `echo "process $$ of $KITE_USER_ID"; exec cat`)
	s.ok(w.LogIn(first), c.Await(fmt.Sprintf("process %d of %s", c.PID, first.UserID)), s.NoHelper())
	s.ok(c.Enter("what is typed goes to the command"), c.Await("goes to the command"), c.Signal(desktop.Terminate))
	s.ok(c.Ends(-1))                                           // by the signal itself
	s.kitectl(0, "exec", "--login", sandboxSlug, "--", "true") // the session is there already
}

// TestExecAtATerminal: keys, signals, exit codes and job control are the
// command's own.
func TestExecAtATerminal(t *testing.T) {
	s := newScene(t, desktop.Options{})
	s.kitectl(0, "account", "add", "--sandbox")
	s.pasteLogin(kiteapp.Shell{}, sandboxSlug, first)
	shell, err := s.CallOther(kiteapp.Shell{Env: []string{"PS1=$ "}}, "script", "-qefc", "bash --norc -i", "/dev/null")
	s.ok(err)
	program := filepath.Join(s.Programs, "kitectl") + " exec " + sandboxSlug + " -- "
	steps := []struct{ key, line, says string }{
		{line: `stty -echo; PROMPT_COMMAND='echo "code $?."'; echo rea''dy`, says: "ready"},
		{line: program + `sh -c 'tty; echo at $KITE_USER_ID'`, says: "at " + first.UserID},
		{line: program + `sh -c 'exit 7'`, says: "code 7."},
		{line: program + `sh -c 'kill -TERM $$'`, says: "code 143."},
		{line: program + `sh -c 'trap "exit 3" INT; expr 111110 + 1; while :; do sleep 0.1; done'`, says: "111111"},
		{key: "\x03", says: "code 3."},
		{line: program + `sh -c 'trap "expr 333330 + 3" CONT; expr 222220 + 2; while :; do sleep 0.1; done'`, says: "222222"},
		{key: "\x1a", says: "Stopped"},
		{line: `echo "job $(jobs | wc -l)."`, says: "job 1."},
		{line: "fg", says: "333333"},
		{key: "\x03", says: "code 130."},
	}
	for _, step := range steps {
		if step.key != "" {
			s.ok(shell.Key(step.key))
		}
		if step.line != "" {
			s.ok(shell.Enter(step.line))
		}
		s.ok(shell.Await(step.says))
	}
	if said := shell.Out(); !strings.Contains(said, "/dev/pts/") || strings.Contains(said, "not a tty") {
		t.Errorf("no terminal: %q", said)
	}
	s.ok(shell.Enter("exit 5"), shell.Ends(5))
}

// TestReleaseExecLeavesNoTrace: but for the variables, the command finds what
// it would find without exec: descriptors, limits, signals, and that it can be
// looked at.
func TestReleaseExecLeavesNoTrace(t *testing.T) {
	s := release(t, asOrdinaryUser())
	s.kitectl(0, "account", "add", "--sandbox")
	s.pasteLogin(kiteapp.Shell{}, sandboxSlug, first)
	look := []string{"sh", "-c", `ls /proc/$$/fd; ulimit -a; ulimit -Hc; ulimit -Hn; grep -E '^(Sig[BIC]|ShdPnd|Seccomp|NoNewPrivs)' /proc/self/status
		head -c 1 /proc/$$/environ >/dev/null && echo "readable, nice $(nice), $(cut -d ' ' -f 5 /proc/$$/stat | xargs test $$ -eq && echo leads)"; pwd; umask`}
	found := func(with ...string) string {
		t.Helper()
		c, err := s.CallOther(kiteapp.Shell{}, slices.Concat([]string{"sh", "-c", `ulimit -Sc unlimited; exec "$@"`, "sh"}, with, look)...)
		s.ok(err, c.Ends(0))
		return c.Out()
	}
	bare := found()
	if !strings.Contains(bare, "readable, nice ") || !strings.Contains(bare, ", leads") || !strings.Contains(bare, "SigIgn") {
		t.Fatalf("a bare command finds %q", bare)
	}
	program := filepath.Join(s.Programs, "kitectl")
	for _, with := range [][]string{{program, "exec", sandboxSlug, "--"}, {program, "exec", "--login", sandboxSlug, "--"}} {
		if got := found(with...); got != bare {
			t.Errorf("%q: the command finds\n%s\nand otherwise\n%s", with, got, bare)
		}
	}
}

// TestProgramsStartedInsideExecHaveNoToken: the token is for the command, not
// for what stays when that has ended: sandbox, agent, web views.
func TestProgramsStartedInsideExecHaveNoToken(t *testing.T) {
	s := newScene(t, withTray)
	s.kitectl(0, "account", "add", "--sandbox")
	s.pasteLogin(kiteapp.Shell{}, sandboxSlug, first)
	token := strings.TrimSpace(s.kitectl(0, "token", sandboxSlug).Out())
	s.ok(desktop.Await("the end of the sandbox", 30*time.Second, func() (ended bool) { // the next who needs it starts it
		ended = true
		for _, p := range s.Processes() {
			if strings.Contains(p.Command, "kitectl sandbox ") {
				_ = desktop.SendSignal(p.PID, desktop.Kill) // which may have gone
				ended = false
			}
		}
		return ended
	}))
	inside := func(program string, args ...string) *kiteapp.Call {
		return s.call(kiteapp.Shell{}, slices.Concat([]string{"exec", sandboxSlug, "--", filepath.Join(s.Programs, program)}, args)...)
	}
	s.ok(inside("kitectl", "test", sandboxSlug).Ends(0))
	window := inside("kite-accounts")
	s.Process = window.Process
	s.see("Active", sandboxCard)
	s.ok(anyPID(s.AwaitAgent(0)))
	seen := map[string]bool{}
	for _, p := range s.Processes() {
		if p.PID == window.PID {
			continue
		}
		program, _, _ := strings.Cut(strings.TrimPrefix(p.Command, s.Programs+"/"), " --")
		seen[program] = true
		// What is just about to become another program has its parent's still.
		s.ok(desktop.Await("no token in the environment of "+p.Command, 10*time.Second, func() bool {
			environ, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(p.PID), "environ"))
			return !strings.Contains(string(environ), token)
		}))
	}
	if !seen["kitectl sandbox"] || !seen["kitectl agent"] {
		t.Errorf("looked at %v", seen)
	}
	s.ok(s.Quit())
}

// TestLoginsOfOneAccountInWindowAndCommand: neither knows of the other. Both
// succeed, and the session that is kept is the one that works.
func TestLoginsOfOneAccountInWindowAndCommand(t *testing.T) {
	s := open(t, withTray)
	s.trySandbox()
	mine := s.beginLogin(kiteapp.GetSessionToken, sandboxCard)
	s.ok(mine.See("User ID"))
	c := s.call(kiteapp.Shell{}, "login", sandboxSlug)
	other := *mine
	s.ok(desktop.Await("a second login window", 30*time.Second, func() bool {
		for _, h := range s.Helpers() {
			// Its children have its name until they become another program.
			if shown, err := s.Look(h.PID); err == nil && shown != nil && h.PID != mine.PID {
				other.PID = h.PID
			}
		}
		return other.PID != mine.PID
	}))
	s.ok(other.See("User ID"), other.LogIn(first), c.Ends(0))
	s.see("19 h", sandboxCard) // of the command's session, while the window's login goes on
	s.ok(mine.LogIn(first), s.NoHelper())
	s.see("Active", sandboxCard)
	s.ok(desktop.Await("the second session", 30*time.Second, func() bool {
		return s.sql("SELECT group_concat(kind, ', ') FROM (SELECT kind FROM history ORDER BY id)") == "login, refresh"
	}))
	s.kitectl(0, "test", sandboxSlug)
	s.ok(s.Quit())
}
