//go:build packages

package packages

import (
	"archive/zip"
	"bytes"
	"debug/pe"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
	"github.com/kiteaccounts/kite-accounts/e2e/kiteapp"
	"github.com/kiteaccounts/kite-accounts/e2e/packages/inspect"
)

// What is inspected here is what users get: the programs come out of the
// packages. That each fault would be found is proved beside package inspect.

// Tags of release builds, as in the Makefile.
const (
	windowTags = "desktop,production,webkit2_41"
	lightTags  = "quietmonitor"
)

// unpack takes the .deb apart once and returns its /usr.
var unpack = sync.OnceValues(func() (string, error) {
	found, err := filepath.Glob(filepath.Join(dist, debPattern))
	if err != nil || len(found) != 1 {
		return "", fmt.Errorf("find the .deb in %s: %q, %w", dist, found, err)
	}
	to := filepath.Join(work, "unpacked")
	if said, err := exec.Command("dpkg-deb", "--extract", found[0], to).CombinedOutput(); err != nil {
		return "", fmt.Errorf("unpack %s: %w: %s", found[0], err, said)
	}
	return filepath.Join(to, "usr"), nil
})

// programs are those of the .deb, by name, with their build tags.
func programs(t *testing.T) map[string]string {
	t.Helper()
	usr, err := unpack()
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{
		filepath.Join(usr, "bin/kite-accounts"): windowTags,
		filepath.Join(usr, "bin/kitectl"):       lightTags,
	}
}

// report fails the test on faults.
func report(t *testing.T, what string, faults []string, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range faults {
		t.Errorf("%s: %s", what, fault)
	}
}

// repository is the top of the clone.
func repository(t *testing.T) string {
	t.Helper()
	top, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return top
}

// forbidden are what a program must not tell of the computer it was built on,
// and what only a build for tests or for its developers has.
func forbidden(t *testing.T) []string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOCACHE", "GOMODCACHE", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	home, err := os.UserHomeDir()
	if err != nil {
		t.Fatal(err)
	}
	texts := append(strings.Fields(string(out)), repository(t)+"/", home+"/", "/tmp/go-build", "node_modules/")
	return append(texts, marked(t, "backend/clock/file_e2e.go", "test-clock"),
		marked(t, "backend/update/source_e2e.go", "test-feed"),
		marked(t, wails(t, "internal/frontend/runtime/runtime_debug_desktop.js"), "// desktop/log.js"))
}

// marked is the text, which must be in that source to be a sign of it.
func marked(t *testing.T, file, text string) string {
	t.Helper()
	if !filepath.IsAbs(file) {
		file = filepath.Join(repository(t), file)
	}
	content, err := os.ReadFile(file)
	if err != nil || !bytes.Contains(content, []byte(text)) {
		t.Fatalf("%s doesn't have %q any more, so its absence tells nothing: %v", file, text, err)
	}
	return text
}

// wails is a file of Wails' source.
func wails(t *testing.T, file string) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/wailsapp/wails/v2").Output()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(strings.TrimSpace(string(out)), file)
}

func TestProgramsAreHardenedAndTellNothing(t *testing.T) {
	for program, tags := range programs(t) {
		name := filepath.Base(program)
		faults, err := inspect.ELF(program)
		report(t, name, faults, err)
		faults, err = inspect.Build(program, tags)
		report(t, name, faults, err)
		faults, err = inspect.Texts(program, forbidden(t))
		report(t, name, faults, err)
	}
}

func TestKitectlLinksTheCLibraryOnly(t *testing.T) {
	for program := range programs(t) {
		libraries, err := inspect.Libraries(program)
		if err != nil {
			t.Fatal(err)
		}
		desktop := slices.ContainsFunc(libraries, func(l string) bool { return strings.HasPrefix(l, "libwebkit2gtk-4.1.so") })
		if light := filepath.Base(program) == "kitectl"; light == desktop || light && !slices.Equal(libraries, []string{"libc.so.6"}) {
			t.Errorf("%s is linked with %q", filepath.Base(program), libraries)
		}
	}
}

// TestPageIsStrict inspects the files of frontend/dist, after seeing that they
// are the page in the program, byte for byte.
func TestPageIsStrict(t *testing.T) {
	usr, err := unpack()
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(filepath.Join(usr, "bin/kite-accounts"))
	if err != nil {
		t.Fatal(err)
	}
	page := os.DirFS(filepath.Join(repository(t), "frontend/dist"))
	for _, name := range files(t, filepath.Join(repository(t), "frontend/dist")) {
		content, err := os.ReadFile(filepath.Join(repository(t), "frontend/dist", name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(program, content) {
			t.Errorf("frontend/dist%s isn't in the packaged program: build the packages again", name)
		}
	}
	faults, err := inspect.Page(page)
	report(t, "the page", faults, err)

	document, err := os.ReadFile(filepath.Join(repository(t), "frontend/dist/index.html"))
	if err != nil {
		t.Fatal(err)
	}
	policy, err := inspect.DocumentPolicy(document)
	if err != nil {
		t.Fatal(err)
	}
	// Once in the page, once for the header.
	if n := bytes.Count(program, []byte(policy)); n != 2 {
		t.Errorf("the page's policy is %d times in the program, not in the page and for the header", n)
	}
}

// TestNobodyInspectsTheRunningWindow asks WebKit for a port of its inspector,
// first with WebKit's own browser, which opens it.
func TestNobodyInspectsTheRunningWindow(t *testing.T) {
	usr, err := unpack()
	if err != nil {
		t.Fatal(err)
	}
	d, err := desktop.Start(desktop.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	browsers, err := filepath.Glob("/usr/lib/*/webkit2gtk-4.1/MiniBrowser")
	if err != nil || len(browsers) != 1 {
		t.Fatalf("WebKit's own browser: %q, %v", browsers, err)
	}
	for _, variable := range []string{"WEBKIT_INSPECTOR_SERVER", "WEBKIT_INSPECTOR_HTTP_SERVER"} {
		port := kitetest.FreePort(t)
		if _, err := d.Run("browser", []string{fmt.Sprintf("%s=127.0.0.1:%d", variable, port)}, browsers[0], "about:blank"); err != nil {
			t.Fatal(err)
		}
		if err := desktop.Await("the port of "+variable, time.Minute, func() bool { return listening(t, port) }); err != nil {
			t.Fatal(err)
		}
		app, err := kiteapp.New(d, filepath.Join(usr, "bin"))
		if err != nil {
			t.Fatal(err)
		}
		port = kitetest.FreePort(t)
		if err := app.Start(fmt.Sprintf("%s=127.0.0.1:%d", variable, port)); err != nil {
			t.Fatal(err)
		}
		if listening(t, port) {
			t.Errorf("with %s the window opens a port for anybody's inspector", variable)
		}
		if err := app.Process.Signal(desktop.Terminate); err != nil {
			t.Fatal(err)
		}
		if _, err := app.Process.Wait(time.Minute); err != nil {
			t.Fatal(err)
		}
	}
}

// listening asks the kernel, since a look-up by connecting would be an inspector
// itself: proc_pid_net(5), where state 0A is LISTEN.
func listening(t *testing.T, port int) bool {
	t.Helper()
	table, err := os.ReadFile("/proc/net/tcp")
	if err != nil {
		t.Fatal(err)
	}
	address := ":" + fmt.Sprintf("%04X", port)
	for line := range strings.Lines(string(table)) {
		fields := strings.Fields(line)
		if len(fields) > 3 && strings.HasSuffix(fields[1], address) && fields[3] == "0A" {
			return true
		}
	}
	return false
}

// TestWindowsProgramsAreHardened inspects the portable zip's.
func TestWindowsProgramsAreHardened(t *testing.T) {
	archive, err := zip.OpenReader(packageFile(t, "kite-accounts-*-windows-amd64-portable.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close() //nolint:errcheck // only read
	kinds := map[string]struct {
		subsystem uint16
		tags      string
	}{
		"kite-accounts.exe": {pe.IMAGE_SUBSYSTEM_WINDOWS_GUI, windowTags},
		"kitectl.exe":       {pe.IMAGE_SUBSYSTEM_WINDOWS_CUI, lightTags},
	}
	inspected := 0
	for _, file := range archive.File {
		name := filepath.Base(file.Name)
		kind, ok := kinds[name]
		if !ok {
			continue
		}
		inspected++
		program := filepath.Join(t.TempDir(), name)
		extract(t, file, program)
		faults, err := inspect.PE(program, kind.subsystem)
		report(t, name, faults, err)
		faults, err = inspect.Build(program, kind.tags)
		report(t, name, faults, err)
		faults, err = inspect.Texts(program, forbidden(t))
		report(t, name, faults, err)
	}
	if inspected != len(kinds) {
		t.Errorf("%d programs are in the zip", inspected)
	}
}

func extract(t *testing.T, file *zip.File, to string) {
	t.Helper()
	from, err := file.Open()
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, content, 0o600); err != nil {
		t.Fatal(err)
	}
}
