//go:build wine

// Package windows proves on wine what Windows' users install: build/windows/test.sh
// builds it and runs this. No window can open there, so those of the programs
// have stand-ins, testdata/standin.c.
//
//	windows_test.go    a Windows, and how its parts are reached
//	programs_test.go   what was built, as bytes
//	installer_test.go  the setup: install, upgrade, remove
//	folder_test.go     which folder it makes its own
//	running_test.go    the setup while programs run
//	path_test.go       the user's PATH
//	kitectl_test.go    the command line, from an account to its backup
//	webview2_test.go   Microsoft's runtime
package windows

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// What build/windows/test.sh gives.
var (
	bin     = os.Getenv("KITE_WINDOWS_BIN")  // folder with the programs
	dist    = os.Getenv("KITE_WINDOWS_DIST") // folder with the setup and the zip
	version = os.Getenv("VERSION")           // of both
	prefix  = os.Getenv("WINEPREFIX")        // folder for the Windows, which ends with build/windows/test.sh
	root    = filepath.Join("..", "..")      // of the repository
)

// The one Windows of all tests, each of which leaves it as it was.
var (
	local   string // its %LOCALAPPDATA%
	roaming string // its %APPDATA%
	temp    string // its %TEMP%
	desktop string
	standin string // the program that plays others
)

func TestMain(m *testing.M) {
	if bin == "" || dist == "" || version == "" || prefix == "" {
		fmt.Fprintln(os.Stderr, "The tests of what Windows gets need what build/windows/test.sh makes: run them with make test-windows.")
		os.Exit(1)
	}
	os.Exit(inWindows(m.Run))
}

// inWindows calls f with a Windows. Who runs the tests ends it: they may be
// killed before they could.
func inWindows(f func() int) int {
	folder, err := os.MkdirTemp("", "kite-windows-")
	if err != nil {
		return failed(err)
	}
	defer os.RemoveAll(folder) //nolint:errcheck // what is left over harms nobody
	for _, name := range []string{"wine-prefix.sh", "wine-desktop.sh"} {
		if out, err := output(exec.Command(script(name))); err != nil {
			return failed(fmt.Errorf("%s: %w\n%s", name, err, out))
		}
	}
	for variable, to := range map[string]*string{"LOCALAPPDATA": &local, "APPDATA": &roaming, "TEMP": &temp, "USERPROFILE": &desktop} {
		out, err := output(wine("cmd", "/c", "echo", "%"+variable+"%"))
		if err != nil {
			return failed(err)
		}
		*to = onDisk(strings.TrimSpace(out))
	}
	desktop = filepath.Join(desktop, "Desktop")
	standin = filepath.Join(folder, "standin.exe")
	compile := exec.Command("x86_64-w64-mingw32-gcc", "-Wall", "-Wextra", "-Werror", "-s", "-O2", "-o", standin, "testdata/standin.c")
	if out, err := compile.CombinedOutput(); err != nil {
		return failed(fmt.Errorf("%w\n%s", err, out))
	}
	return f()
}

func failed(err error) int {
	fmt.Fprintln(os.Stderr, err)
	return 1
}

// script is the absolute path of one in build/windows.
func script(name string) string {
	path, err := filepath.Abs(filepath.Join(root, "build", "windows", name))
	if err != nil {
		panic(err)
	}
	return path
}

func wine(args ...string) *exec.Cmd { return exec.Command(script("wine-exec.sh"), args...) }

// output is what a command prints, in a file: wine's own processes stay, and
// would keep a pipe open.
func output(cmd *exec.Cmd) (string, error) {
	file, err := os.CreateTemp("", "kite-windows-output-")
	if err != nil {
		return "", err
	}
	defer os.Remove(file.Name()) //nolint:errcheck // what is left over harms nobody
	defer file.Close()           //nolint:errcheck // read by its name
	cmd.Stdout, cmd.Stderr = file, file
	runErr := cmd.Run()
	content, err := os.ReadFile(file.Name())
	return string(content), errors.Join(runErr, err)
}

// run runs a Windows program to its end and returns its exit code. More
// environment goes into env, as NAME=value.
func run(t *testing.T, env []string, args ...string) (printed string, code int) {
	t.Helper()
	cmd := wine(args...)
	cmd.Env = append(os.Environ(), env...)
	printed, err := output(cmd)
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		return printed, exit.ExitCode()
	case err != nil:
		t.Fatal(err)
	}
	return printed, 0
}

// onDisk is where a Windows path of drive C is here, and inWindowsPath the
// other way around.
func onDisk(path string) string {
	return filepath.Join(prefix, "drive_c", strings.ReplaceAll(strings.TrimPrefix(path, `C:\`), `\`, "/"))
}

func windowsPath(t *testing.T, path string) string {
	t.Helper()
	inside, err := filepath.Rel(filepath.Join(prefix, "drive_c"), path)
	if err != nil || strings.HasPrefix(inside, "..") {
		return `Z:` + strings.ReplaceAll(path, "/", `\`) // wine's own drive for all the rest
	}
	return `C:\` + strings.ReplaceAll(inside, "/", `\`)
}

// registry reads a value of the current user's registry; "" where it is none.
func registry(t *testing.T, key, name string) (kind, value string) {
	t.Helper()
	out, code := run(t, nil, "reg", "query", `HKCU\`+key, "/v", name)
	if code != 0 {
		return "", ""
	}
	for line := range strings.Lines(out) {
		rest, found := strings.CutPrefix(strings.TrimRight(line, "\r\n"), "    "+name+"    ")
		if kind, value, ok := strings.Cut(rest, "    "); found && ok {
			return kind, value
		}
	}
	return "", ""
}

func setRegistry(t *testing.T, key, name, kind, value string) {
	t.Helper()
	if out, code := run(t, nil, "reg", "add", `HKCU\`+key, "/v", name, "/t", kind, "/d", value, "/f"); code != 0 {
		t.Fatalf("reg add: %d %s", code, out)
	}
	t.Cleanup(func() { run(t, nil, "reg", "delete", `HKCU\`+key, "/v", name, "/f") })
}

// waitFor looks until it is so. Other systems' programs tell nobody here.
func waitFor(t *testing.T, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); !so(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it never came to this: " + what)
		}
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o755); err != nil {
		t.Fatal(err)
	}
}
