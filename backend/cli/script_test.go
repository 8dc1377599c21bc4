package cli_test

// The scripts in testdata/script, and on Windows those in testdata/script_windows
// (github.com/rogpeppe/go-internal/testscript),
// run kitectl as its users do: as a process, with exit codes and streams. One
// file per command or subject; run one with
//
//	go test -tags webkit2_41 ./backend/cli -run TestScripts/NAME
//
// Each script has an empty folder $WORK, a data folder of its own that
// KITE_ACCOUNTS_DATA_DIR names and that doesn't exist yet, HOME=$WORK/home, no
// display, no terminal, no session bus, hence no keyring, and by its clock it is
// ten in the morning IST. Beside
// testscript's own commands (exec, stdin, stdout, stderr, cmp, env, ttyin,
// ttyout, …) there are:
//
//	kitectl ARGS…        this code; "! kitectl" for any failure
//	exits N CMD ARGS…    runs CMD and wants exactly that exit code
//	fixture WHAT …       fills the data folder: vault, account, session, end,
//	                     accounts, history; see fixture_test.go or fixture --help.
//	                     fixture --passphrase=P makes and opens a vault by passphrase
//	keyring open         from here on there is a session bus with a real, unlocked
//	                     Secret Service on it, shared by all scripts
//	keyring locked       the same with a locked one
//	keyring none         no session bus, as over SSH
//	sandbox              starts a simulated Kite until the script ends and sets
//	                     $SANDBOX_LOGIN_URL, $SANDBOX_API_ROOT, $SANDBOX_KEY and
//	                     $SANDBOX_SECRET for fixture account
//	sandboxtoken VAR N   logs the sandbox's Nth user in: access_token and user ID
//	                     go into the variables VAR and VAR_USER
//	fault KIND           lets the sandbox's API fail; "fault none" ends it
//	fixture-echo ARGS…   a program that prints its arguments as JSON, or its
//	                     standard input if it has none
//	matches STREAM VAR   stdout or stderr is exactly the variable's value and a line break
//	nosecret TEXT…       no form of TEXT is in any file of the data folder, nor in
//	                     what the last command printed
//
// Variables: $DATA is the data folder, $PASSPHRASE one that is long enough. A
// passphrase on a descriptor: exec sh -c 'kitectl … --passphrase-fd=3 3<file'.
// At a terminal: "ttyin file" before, "ttyout PATTERN" after.

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/kiteaccounts/kite-accounts/backend/cli"
	"github.com/kiteaccounts/kite-accounts/backend/clock"
	"github.com/kiteaccounts/kite-accounts/backend/clock/clocktest"
	"github.com/kiteaccounts/kite-accounts/backend/envelope"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/kiteconnect"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox/sandboxtest"
)

// The test binary runs itself as kitectl, by its name or by a variable.
func TestMain(m *testing.M) {
	// A program with the race detector else waits a second before it ends.
	if err := os.Setenv("GORACE", "atexit_sleep_ms=0 "+os.Getenv("GORACE")); err != nil {
		panic(err)
	}
	if err := clocktest.Morning(); err != nil {
		panic(err)
	}
	if os.Getenv("CLI_TEST_RUN") == "1" {
		kitectlMain()
	}
	testscript.Main(m, map[string]func(){"kitectl": kitectlMain, "fixture": fixtureMain, "fixture-echo": echoMain})
}

// echoMain prints its arguments, or its input if it has none, as JSON.
func echoMain() {
	var said any = os.Args[1:]
	if len(os.Args) == 1 {
		input, _ := io.ReadAll(os.Stdin)
		said = string(input)
	}
	_ = json.NewEncoder(os.Stdout).Encode(said)
}

func kitectlMain() {
	workFactor, envelope.DefaultKDF = quickWork, cheap
	os.Exit(cli.Run("test", os.Args[1:], os.Stdout, os.Stderr))
}

func TestScripts(t *testing.T) {
	buses := keyrings(t)
	testscript.Run(t, testscript.Params{
		Files: scripts(t),
		Setup: setUpScript,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": scriptExits,
			"keyring": func(ts *testscript.TestScript, _ bool, args []string) {
				address, known := buses[only(ts, args)]
				if !known {
					ts.Fatalf("usage: keyring open|locked|none")
				}
				ts.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
			},
			"sandbox":      func(ts *testscript.TestScript, _ bool, _ []string) { scriptSandbox(t, ts) },
			"sandboxtoken": scriptSandboxToken,
			"fault":        scriptFault,
			"matches":      scriptMatches,
			"nosecret":     func(ts *testscript.TestScript, _ bool, args []string) { scriptNoSecret(t, ts, args) },
		},
	})
}

// scriptsIn are the scripts in these folders, or of these names.
func scriptsIn(t *testing.T, patterns ...string) (files []string) {
	t.Helper()
	for _, pattern := range patterns {
		found, err := filepath.Glob(filepath.Join("testdata", pattern))
		if err != nil || len(found) == 0 {
			t.Fatalf("no scripts %s: %v", pattern, err)
		}
		files = append(files, found...)
	}
	return files
}

func setUpScript(env *testscript.Env) error {
	home, data := filepath.Join(env.WorkDir, "home"), filepath.Join(env.WorkDir, "data")
	run := filepath.Join(env.WorkDir, "run")
	shift, by := clocktest.Environment()
	for _, v := range [][2]string{
		{"HOME", home}, {"XDG_RUNTIME_DIR", run}, {"DATA", data}, {"KITE_ACCOUNTS_DATA_DIR", data},
		{"DBUS_SESSION_BUS_ADDRESS", ""}, {"DISPLAY", ""}, {"WAYLAND_DISPLAY", ""},
		{"PASSPHRASE", "correct horse battery staple"}, {"GORACE", os.Getenv("GORACE")}, {shift, by},
	} {
		env.Setenv(v[0], v[1])
	}
	env.Values[sandboxValue{}] = &scriptKite{}
	return errors.Join(os.MkdirAll(home, 0o700), os.MkdirAll(run, 0o700))
}

func only(ts *testscript.TestScript, args []string) string {
	if len(args) != 1 {
		ts.Fatalf("one argument is wanted, not %q", args)
	}
	return args[0]
}

func scriptExits(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: exits N CMD ARGS…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	err = ts.Exec(args[1], args[2:]...)
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// scriptKite is a script's sandbox, once it has one.
type scriptKite struct{ *sandboxtest.Kite }

type sandboxValue struct{}

func kiteOf(ts *testscript.TestScript) *scriptKite {
	k, ok := ts.Value(sandboxValue{}).(*scriptKite)
	if !ok {
		ts.Fatalf("the script has no place for a sandbox")
	}
	return k
}

func scriptSandbox(t *testing.T, ts *testscript.TestScript) {
	k := kiteOf(ts)
	k.Kite = sandboxtest.Start(t, sandbox.Config{Clock: clock.ForDataDir("")})
	ts.Setenv("SANDBOX_LOGIN_URL", k.Endpoints().LoginURL)
	ts.Setenv("SANDBOX_API_ROOT", k.Endpoints().APIRoot)
	ts.Setenv("SANDBOX_KEY", sandbox.SharedApp)
	ts.Setenv("SANDBOX_SECRET", sandbox.APISecret(sandbox.SharedApp))
}

func scriptSandboxToken(ts *testscript.TestScript, _ bool, args []string) {
	k := kiteOf(ts)
	if len(args) != 2 || k.Kite == nil {
		ts.Fatalf("usage: sandbox, then sandboxtoken VAR N")
	}
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	const state = "a-state-of-the-scripts"
	client, app := kiteconnect.New(), kite.App{Endpoints: k.Endpoints(), APIKey: sandbox.SharedApp}
	address, err := client.LoginURL(app, state)
	ts.Check(err)
	redirect, err := k.Person(n).LogIn(address)
	ts.Check(err)
	r, err := kite.ParseRedirect(redirect, sandbox.DefaultCallback, state)
	ts.Check(err)
	ctx, cancel := context.WithTimeout(context.Background(), scriptDeadline)
	defer cancel()
	grant, err := client.Exchange(ctx, app, r.RequestToken, kite.NewSecret(sandbox.APISecret(app.APIKey)))
	ts.Check(err)
	ts.Setenv(args[0], grant.Tokens.Access.Reveal())
	ts.Setenv(args[0]+"_USER", grant.UserID)
}

func scriptFault(ts *testscript.TestScript, _ bool, args []string) {
	kind := only(ts, args)
	if kind == "none" {
		kind = ""
	}
	kiteOf(ts).SetFaults(sandbox.Faults{API: kind})
}

func scriptMatches(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: matches stdout|stderr VAR")
	}
	if same := ts.ReadFile(args[0]) == ts.Getenv(args[1])+"\n"; same == neg {
		ts.Fatalf("%s is %q", args[0], ts.ReadFile(args[0]))
	}
}

func scriptNoSecret(t *testing.T, ts *testscript.TestScript, secrets []string) {
	t.Helper()
	check := func(where, text string) {
		for _, secret := range secrets {
			for _, form := range kitetest.Forms(secret) {
				if strings.Contains(text, form) {
					ts.Fatalf("a secret is in %s", where)
				}
			}
		}
	}
	check("stdout", ts.ReadFile("stdout"))
	check("stderr", ts.ReadFile("stderr"))
	ts.Check(filepath.WalkDir(ts.Getenv("DATA"), func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path) //nolint:gosec // the test's own folder
		check(path, string(text))
		return err
	}))
}

// scriptDeadline bounds a call to the sandbox.
const scriptDeadline = time.Minute
