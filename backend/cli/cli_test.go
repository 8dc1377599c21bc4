package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/cli"
	"github.com/kiteaccounts/kite-accounts/backend/datadir"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox/sandboxtest"
	"github.com/kiteaccounts/kite-accounts/backend/sandboxhost"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

func run(args ...string) (code int, stdout, stderr string) {
	defer traceable()
	var out, errs bytes.Buffer
	code = cli.Run("1.2.3", args, &out, &errs)
	return code, out.String(), errs.String()
}

func TestVersion(t *testing.T) {
	if code, out, _ := run("version"); code != 0 || out != "kitectl 1.2.3\n" {
		t.Errorf("%d %q", code, out)
	}
}

// TestVersion_check_leaves_the_database_alone tries one of an older schema,
// which only the window may bring up to date.
func TestVersion_check_leaves_the_database_alone(t *testing.T) {
	dir, err := datadir.Open(filepath.Join(t.TempDir(), "data"))
	if err != nil {
		t.Fatal(err)
	}
	old, err := os.ReadFile("../sqlite/testdata/version-1-keyring.db")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir.Database(), old, 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := run("version", "--check", "--data-dir", dir.Path()); code != 2 || !strings.Contains(errs, "doesn't check for newer versions") {
		t.Errorf("%d %q", code, errs)
	}
	if got, err := os.ReadFile(dir.Database()); err != nil || !bytes.Equal(got, old) {
		t.Errorf("it was changed, error %v", err)
	}
	if all, err := filepath.Glob(dir.Database() + "*"); err != nil || len(all) != 1 {
		t.Errorf("there are %q, %v", all, err)
	}
}

func TestUsage(t *testing.T) {
	if code, _, errs := run("no-such-command"); code != 2 || errs == "" {
		t.Errorf("%d %q", code, errs)
	}
	if code, out, _ := run("--help"); code != 0 || !strings.Contains(out, "sandbox") {
		t.Errorf("%d %q", code, out)
	}
}

// filled is a data folder with one account and one session, whose vault nobody
// here can open.
func filled(t *testing.T) string {
	t.Helper()
	dir, err := datadir.Open(filepath.Join(t.TempDir(), "data"))
	if err != nil {
		t.Fatal(err)
	}
	db, err := sqlite.Open(t.Context(), dir.Database())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // closed for the next
	a := kitetest.Account("one")
	secret := kite.SecretChanges{APISecret: kite.SecretChange{Set: kite.NewSecret("canary-secret")}}
	if err := db.Accounts(&kitetest.Sealer{}).CreateAccount(t.Context(), a, secret); err != nil {
		t.Fatal(err)
	}
	session := kitetest.Session("s1", a, now().Add(-time.Minute))
	session.ExpiresAt = now().Add(90 * time.Minute)
	if err := db.Sessions(&kitetest.Sealer{}).SaveSession(t.Context(), session, kitetest.Tokens("1")); err != nil {
		t.Fatal(err)
	}
	return dir.Path()
}

func TestList(t *testing.T) {
	dir := filled(t)
	code, out, errs := run("list", "--data-dir", dir)
	if code != 0 || !strings.Contains(out, "Account one") || !strings.Contains(out, "ends soon") || !strings.Contains(out, "1h30m") {
		t.Errorf("%d %q %q", code, out, errs)
	}
	code, out, _ = run("list", "--json", "--data-dir", dir)
	var list []map[string]any
	if err := json.Unmarshal([]byte(out), &list); code != 0 || err != nil || len(list) != 1 {
		t.Fatalf("%d %v %q", code, err, out)
	}
	a := list[0]
	session, _ := a["session"].(map[string]any)
	if a["accountName"] != "Account one" || a["hasActiveSession"] != true || a["hasApiSecret"] != true || session["status"] != "active" {
		t.Errorf("account = %v", a)
	}
	for _, name := range []string{"password", "apiSecret", "accessToken", "requestToken"} {
		if _, has := a[name]; has {
			t.Errorf("it has a field %s", name)
		}
		if _, has := session[name]; has {
			t.Errorf("the session has a field %s", name)
		}
	}
}

func TestList_of_an_empty_folder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	if code, out, _ := run("list", "--data-dir", dir); code != 0 || !strings.Contains(out, "No accounts yet") {
		t.Errorf("%d %q", code, out)
	}
	if code, out, _ := run("list", "--json", "--data-dir", dir); code != 0 || strings.TrimSpace(out) != "[]" {
		t.Errorf("%d %q", code, out)
	}
}

func TestSandbox_listens_on_loopback_only(t *testing.T) {
	if code, _, errs := run("sandbox", "--listen", "0.0.0.0:0"); code != 2 || !strings.Contains(errs, "loopback only") {
		t.Errorf("%d %q", code, errs)
	}
}

func TestSandbox_alone_introduces_itself(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], "sandbox", "--listen", "127.0.0.1:0", "--json")
	cmd.Env = append(os.Environ(), "CLI_TEST_RUN=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var intro struct {
		APIRoot string         `json:"api_root"`
		Apps    []sandbox.App  `json:"apps"`
		Users   []sandbox.User `json:"users"`
	}
	if err := json.NewDecoder(out).Decode(&intro); err != nil || len(intro.Users) < 200 || len(intro.Apps) != 2 ||
		intro.Apps[0].APISecret == "" || intro.Users[0].Password == "" || intro.Users[0].TOTPSecret == "" {
		t.Errorf("introduction = %d users, %d apps, %v", len(intro.Users), len(intro.Apps), err)
	}
	cancel()
	_ = cmd.Wait() // killed
}

// host is a sandboxhost whose sandboxes, each this test binary as kitectl, end
// when nobody has used them for so long. Nobody has to answer soon.
func host(t *testing.T, dir datadir.Dir, idle time.Duration) *sandboxhost.Host {
	t.Helper()
	path := filepath.Join(t.TempDir(), "kitectl")
	script := "#!/bin/sh\nCLI_TEST_RUN=1 exec '" + os.Args[0] + "' \"$@\" --idle " + idle.String() + "\n"
	// What another test forks meanwhile would hold the script open for writing,
	// and Linux runs no such file.
	syscall.ForkLock.RLock()
	err := os.WriteFile(path, []byte(script), 0o700)
	syscall.ForkLock.RUnlock()
	if err != nil {
		t.Fatal(err)
	}
	h := sandboxhost.New(dir, path)
	h.Start, h.Probe = time.Minute, time.Minute
	return h
}

// noIdle is longer than any test.
const noIdle = time.Hour

func TestSandboxHost_starts_one_sandbox_for_all_who_need_it(t *testing.T) {
	t.Parallel()
	dir, err := datadir.Open(filepath.Join(t.TempDir(), "data"))
	if err != nil {
		t.Fatal(err)
	}
	a := kite.Account{Type: kite.Sandbox}
	found := make(chan kite.Endpoints, 4)
	for range 4 {
		h := host(t, dir, noIdle)
		go func() {
			e, err := h.Endpoints(t.Context(), a)
			if err != nil {
				t.Error(err)
			}
			found <- e
		}()
	}
	first := <-found
	for range 3 {
		if e := <-found; e != first || e.APIRoot == "" {
			t.Errorf("%+v and %+v", e, first)
		}
	}
	info, err := os.Stat(sandboxhost.AddressFile(dir))
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("address file: %v, %v", info, err)
	}
	end(t, dir)
}

func TestSandboxHost_starts_another_after_one_has_ended_by_itself(t *testing.T) {
	t.Parallel()
	dir, err := datadir.Open(filepath.Join(t.TempDir(), "data"))
	if err != nil {
		t.Fatal(err)
	}
	h := host(t, dir, 5*time.Second)
	for range 2 {
		if e, err := h.Endpoints(t.Context(), kite.Account{Type: kite.Sandbox}); err != nil || e.APIRoot == "" {
			t.Errorf("%+v, %v", e, err)
		}
		waitUntilGone(t, dir)
	}
}

// end ends the sandbox of a data folder, and whoever comes late to be it.
func end(t *testing.T, dir datadir.Dir) {
	t.Helper()
	for running := processesOf(t, dir); len(running) > 0; running = processesOf(t, dir) {
		for _, p := range running {
			_ = p.Signal(syscall.SIGTERM) // it may be gone
		}
		time.Sleep(20 * time.Millisecond) // other processes' state
	}
}

// waitUntilGone waits until the sandbox of a data folder has ended by itself.
func waitUntilGone(t *testing.T, dir datadir.Dir) {
	t.Helper()
	for len(processesOf(t, dir)) > 0 {
		time.Sleep(20 * time.Millisecond) // other processes' state
	}
}

// processesOf are those that have the data folder in their command line.
func processesOf(t *testing.T, dir datadir.Dir) (all []*os.Process) {
	t.Helper()
	entries, err := os.ReadDir("/proc")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		line, err := os.ReadFile(filepath.Join("/proc", entry.Name(), "cmdline"))
		if err != nil || !slices.Contains(strings.Split(string(line), "\x00"), dir.Path()) {
			continue
		}
		if p, err := os.FindProcess(pid); err == nil {
			all = append(all, p)
		}
	}
	return all
}

func TestSandboxHost_knows_the_other_endpoints(t *testing.T) {
	dir, err := datadir.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	h := sandboxhost.New(dir, "/nonexistent")
	own := kite.Endpoints{LoginURL: "https://sandbox.kite.trade/connect/login", APIRoot: "https://sandbox.kite.trade/oms"}
	for _, c := range []struct {
		a    kite.Account
		want kite.Endpoints
	}{
		{kite.Account{Type: kite.Live}, kite.LiveEndpoints},
		{kite.Account{Type: kite.Sandbox, Endpoints: own}, own},
	} {
		if got, err := h.Endpoints(t.Context(), c.a); err != nil || got != c.want {
			t.Errorf("%s: %+v, %v", c.a.Type, got, err)
		}
	}
	if _, err := h.Endpoints(t.Context(), kite.Account{Type: kite.Sandbox}); kite.AsError(err).Hint == "" || err == nil {
		t.Errorf("without kitectl: %v", err)
	}
	if h.Available() {
		t.Error("it is available")
	}
}

func TestKitectl_links_no_toolkit(t *testing.T) {
	t.Parallel()
	binary := filepath.Join(t.TempDir(), "kitectl")
	build := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-o", binary, "../../cmd/kitectl")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := exec.CommandContext(t.Context(), "ldd", binary).CombinedOutput()
	if err != nil || strings.Contains(string(out), "gtk") || strings.Contains(string(out), "webkit") || !strings.Contains(string(out), "libc.so") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestSandboxHost_is_not_fooled_by_another_folders_sandbox(t *testing.T) {
	t.Parallel()
	dir, err := datadir.Open(filepath.Join(t.TempDir(), "data"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := dir.Sub("sandbox"); err != nil {
		t.Fatal(err)
	}
	other := sandboxtest.Start(t, sandbox.Config{})
	stale, err := json.Marshal(sandboxhost.Address{URL: other.URL, PID: os.Getpid() + 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(sandboxhost.AddressFile(dir), stale, 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := host(t, dir, noIdle).Endpoints(t.Context(), kite.Account{Type: kite.Sandbox})
	if err != nil || got.APIRoot == other.URL {
		t.Errorf("Endpoints = %+v, %v", got, err)
	}
	end(t, dir)
}
