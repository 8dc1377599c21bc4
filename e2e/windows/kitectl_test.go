//go:build wine

package windows

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox/sandboxtest"
	"github.com/kiteaccounts/kite-accounts/e2e/cutoff"
)

// kitectl is the built program with a data folder.
type kitectl struct {
	t    *testing.T
	data string // on this disk
}

func newKitectl(t *testing.T) kitectl {
	t.Helper()
	cutoff.Pass(3 * time.Minute) // its clock is the computer's
	return kitectl{t, filepath.Join(prefix, "drive_c", "kitectl", t.Name())}
}

func (k kitectl) command(args ...string) *exec.Cmd {
	k.t.Helper()
	program := windowsPath(k.t, filepath.Join(bin, "kitectl.exe"))
	cmd := wine(append([]string{program}, args...)...)
	cmd.Env = append(os.Environ(), "KITE_ACCOUNTS_DATA_DIR="+windowsPath(k.t, k.data))
	return cmd
}

// exits runs it with that standard input and gives what it printed.
func (k kitectl) exits(want int, input string, args ...string) (printed string) {
	k.t.Helper()
	cmd := k.command(args...)
	cmd.Stdin = strings.NewReader(input)
	printed, err := output(cmd)
	if cmd.ProcessState == nil {
		k.t.Fatal(err)
	}
	if code := cmd.ProcessState.ExitCode(); code != want {
		k.t.Fatalf("kitectl %q ended with %d:\n%s", args, code, printed)
	}
	return strings.ReplaceAll(printed, "\r\n", "\n")
}

// starts runs it until the test ends, or end is called as if somebody ended the
// process by force; printed is what it has printed so far.
func (k kitectl) starts(input io.Reader, args ...string) (printed func() string, end func()) {
	k.t.Helper()
	file, err := os.CreateTemp(k.t.TempDir(), "output-")
	if err != nil {
		k.t.Fatal(err)
	}
	cmd := k.command(args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = input, file, file
	if err := cmd.Start(); err != nil {
		k.t.Fatal(err)
	}
	end = func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = file.Close()
	}
	k.t.Cleanup(end)
	return func() string { return strings.ReplaceAll(read(k.t, file.Name()), "\r\n", "\n") }, end
}

// finds waits until what was printed has that, and gives the first group of it.
func finds(t *testing.T, printed func() string, pattern string) string {
	t.Helper()
	var found []string
	waitFor(t, pattern, func() bool {
		found = regexp.MustCompile(pattern).FindStringSubmatch(printed())
		return found != nil
	})
	return found[1]
}

// startSandbox has kitectl.exe be the simulated Kite.
func (k kitectl) startSandbox() (people *sandboxtest.Kite, end func()) {
	k.t.Helper()
	printed, end := k.starts(nil, "sandbox", "--listen", "127.0.0.1:0", "--json")
	return sandboxOf(k.t, finds(k.t, printed, `"url":"([^"]+)"`)), end
}

// sandboxOf is that sandbox for people of here, who know its users' seeds.
func sandboxOf(t *testing.T, url string) *sandboxtest.Kite {
	t.Helper()
	server, err := sandbox.New(sandbox.Config{Clock: kite.SystemClock{}})
	if err != nil {
		t.Fatal(err)
	}
	return &sandboxtest.Kite{Server: server, URL: url}
}

const canary = "canary-passphrase-for-the-backup"

func TestKitectl_from_an_account_to_its_backup(t *testing.T) {
	k := newKitectl(t)
	people, _ := k.startSandbox()
	secret := sandbox.APISecret(sandbox.SharedApp)
	endpoints := people.Endpoints()
	for _, name := range []string{"Family", "Own"} {
		k.exits(0, secret+"\n", "account", "add", name, "--client-id="+sandbox.UserNumber(map[string]int{"Family": 1, "Own": 2}[name]).UserID,
			"--api-key="+sandbox.SharedApp, "--type=sandbox", "--login-url="+endpoints.LoginURL, "--api-root="+endpoints.APIRoot, "--api-secret-fd=0")
	}

	// One login by a paste, one in a browser, whose answer comes to kitectl.
	page := `(http://\S+/connect/login\S*)`
	in, paste, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	printed, _ := k.starts(in, "login", "Family", "--paste")
	redirect, err := people.Person(1).LogIn(finds(t, printed, page))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(paste, redirect+"\n"); err != nil {
		t.Fatal(err)
	}
	finds(t, printed, `(is logged in until)`)
	printed, _ = k.starts(nil, "login", "Own", "--browser", "--no-open")
	redirect, err = people.Person(2).LogIn(finds(t, printed, page))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.Get(redirect) //nolint:noctx // kitectl answers at once or not at all
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	finds(t, printed, `(is logged in until)`)

	var list []struct {
		Slug             string
		HasActiveSession bool
	}
	if err := json.Unmarshal([]byte(k.exits(0, "", "list", "--json")), &list); err != nil || len(list) != 2 || !list[0].HasActiveSession || !list[1].HasActiveSession {
		t.Errorf("list: %+v, %v", list, err)
	}
	k.exits(0, "", "test", "--all")
	token := strings.TrimSpace(k.exits(0, "", "token", "family"))
	if got := strings.TrimSpace(k.exits(0, "", "exec", "family", "--", "cmd", "/c", "echo %KITE_ACCESS_TOKEN%")); got != token || token == "" {
		t.Error("exec gives another token than token")
	}
	k.exits(7, "", "exec", "family", "--", "cmd", "/c", "exit 7")

	// The backup goes into a folder of its own, whose key is another.
	file := windowsPath(t, filepath.Join(prefix, "drive_c", "kitectl", "accounts.age"))
	k.exits(0, canary+"\n", "backup", file, "--with-sessions", "--backup-passphrase-fd=0")
	other := kitectl{t, k.data + " restored"}
	other.exits(0, canary+"\n", "restore", file, "--yes", "--backup-passphrase-fd=0")
	if strings.TrimSpace(other.exits(0, "", "token", "family")) != token {
		t.Error("the restored session has another token")
	}
	other.exits(0, "", "test", "family")

	if printed, code := run(t, nil, windowsPath(t, filepath.Join(bin, "kite-accounts.exe")), "--version"); code != 0 || !strings.Contains(printed, "kite-accounts "+version) {
		t.Errorf("the window's program ended with %d and printed %q", code, printed)
	}
	if report := k.exits(0, "", "doctor"); !strings.Contains(report, "Credential Manager") || !strings.Contains(report, "database") {
		t.Errorf("doctor:\n%s", report)
	}
	noSecret(t, []string{k.data, other.data}, token, secret, canary)
}

// noSecret looks into every file of the folders.
func noSecret(t *testing.T, folders []string, secrets ...string) {
	t.Helper()
	for _, folder := range folders {
		files := 0
		err := filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			files++
			content := read(t, path)
			for i, s := range secrets {
				if strings.Contains(content, s) {
					t.Errorf("secret %d is in %s", i, path)
				}
			}
			return nil
		})
		if err != nil || files == 0 {
			t.Errorf("%d files in %s: %v", files, folder, err)
		}
	}
}

func TestKitectl_starts_the_sandbox_of_a_data_folder_for_itself(t *testing.T) {
	k := newKitectl(t)
	k.exits(0, "", "account", "add", "--sandbox")
	in, paste, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	printed, _ := k.starts(in, "login", "--all", "--paste")
	page := finds(t, printed, `(http://\S+/connect/login\S*)`)
	base, _, _ := strings.Cut(page, "/connect/")
	redirect, err := sandboxOf(t, base).Person(1).LogIn(page)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(paste, redirect+"\n"); err != nil {
		t.Fatal(err)
	}
	finds(t, printed, `(is logged in until)`)
	k.exits(0, "", "test", "--all")
}

func TestKitectl_takes_with_it_what_exec_started(t *testing.T) {
	k := newKitectl(t)
	people, endSandbox := k.startSandbox()
	endpoints := people.Endpoints()
	k.exits(0, sandbox.APISecret(sandbox.SharedApp)+"\n", "account", "add", "Family", "--client-id="+sandbox.UserNumber(1).UserID,
		"--api-key="+sandbox.SharedApp, "--type=sandbox", "--login-url="+endpoints.LoginURL, "--api-root="+endpoints.APIRoot, "--api-secret-fd=0")
	in, paste, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	printed, _ := k.starts(in, "login", "Family", "--paste")
	redirect, err := people.Person(1).LogIn(finds(t, printed, `(http://\S+/connect/login\S*)`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(paste, redirect+"\n"); err != nil {
		t.Fatal(err)
	}
	finds(t, printed, `(is logged in until)`)
	defer endSandbox()

	program := windowsPath(t, filepath.Join(bin, "kitectl.exe"))
	printed, end := k.starts(nil, "exec", "family", "--", program, "sandbox", "--listen", "127.0.0.1:0")
	address := strings.TrimPrefix(finds(t, printed, `API root +(http://[0-9.:]+)`), "http://")
	reached := func() bool {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	}
	if !reached() {
		t.Fatal("the command doesn't run")
	}
	end()
	waitFor(t, "the command's end", func() bool { return !reached() })
}
