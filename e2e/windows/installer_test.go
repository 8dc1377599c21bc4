//go:build wine

package windows

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/autostart"
)

const (
	uninstallKey = `Software\Microsoft\Windows\CurrentVersion\Uninstall\KiteAccounts`
	runKey       = `Software\Microsoft\Windows\CurrentVersion\Run`
)

// The exit codes that setup.nsi documents.
const (
	exitFailed   = 2
	exitNewer    = 3
	exitRunning  = 4
	exitWebView2 = 6
	exitPath     = 7
)

const uninstaller = "kite-accounts-uninstall.exe"

var brought = []string{"LICENSE.txt", "THIRD-PARTY-LICENSES.txt", uninstaller, "kite-accounts.exe", "kitectl.exe"}

// installed is the folder of the programs. Whatever a test does, nothing is
// installed after it.
func installed(t *testing.T) string {
	t.Helper()
	t.Cleanup(func() {
		if exists(usual()) {
			remove(t, usual())
		}
		_ = os.RemoveAll(filepath.Join(local, "KiteAccounts"))
		_ = os.Remove(logOfStandins())
	})
	return usual()
}

func usual() string { return filepath.Join(local, "Programs", "Kite Accounts") }

// remove runs the uninstaller as Windows' settings do it silently. It goes on
// in a copy of itself, from which nobody hears.
func remove(t *testing.T, folder string, args ...string) {
	t.Helper()
	program := filepath.Join(folder, uninstaller)
	if out, code := run(t, nil, append([]string{windowsPath(t, program), "/S"}, args...)...); code != 0 {
		t.Fatalf("uninstaller: %d %s", code, out)
	}
	waitFor(t, "removed "+folder, func() bool { return !exists(program) })
	waitFor(t, "unregistered", func() bool { _, v := registry(t, uninstallKey, "DisplayName"); return v == "" })
}

// theSetup is what is shipped.
func theSetup() string {
	return filepath.Join(dist, "kite-accounts-"+version+"-windows-amd64-setup.exe")
}

// standinSetup makes a setup of another version, whose programs and whose
// bootstrapper are stand-ins.
func standinSetup(t *testing.T, version string) string {
	t.Helper()
	folder := t.TempDir()
	for _, name := range []string{"kite-accounts.exe", "kitectl.exe"} {
		write(t, filepath.Join(folder, name), read(t, standin))
	}
	write(t, filepath.Join(folder, "THIRD-PARTY-LICENSES.txt"), "of "+version)
	cmd := exec.Command(script("setup.sh"), folder, folder)
	cmd.Env = append(os.Environ(), "VERSION="+version, "SOURCE_DATE_EPOCH=0", "WEBVIEW2_SETUP="+standin)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("make a setup: %v\n%s", err, out)
	}
	return filepath.Join(folder, "kite-accounts-"+version+"-windows-amd64-setup.exe")
}

// install runs a setup silently and wants it to succeed.
func install(t *testing.T, setup string, args ...string) {
	t.Helper()
	if code := try(t, setup, args...); code != 0 {
		t.Fatalf("%s %q ended with %d", filepath.Base(setup), args, code)
	}
}

func try(t *testing.T, setup string, args ...string) (code int) {
	t.Helper()
	_, code = run(t, nil, append([]string{setup, "/S", "/NOWEBVIEW2"}, args...)...)
	return code
}

func names(t *testing.T, folder string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func startMenu() string {
	return filepath.Join(roaming, "Microsoft", "Windows", "Start Menu", "Programs", "Kite Accounts.lnk")
}

func TestSetup_installs_for_the_user(t *testing.T) {
	folder := installed(t)
	install(t, theSetup())

	if got := names(t, folder); !slices.Equal(got, brought) {
		t.Errorf("it brought %q", got)
	}
	for name, original := range map[string]string{
		"kite-accounts.exe":        filepath.Join(bin, "kite-accounts.exe"),
		"kitectl.exe":              filepath.Join(bin, "kitectl.exe"),
		"LICENSE.txt":              filepath.Join(root, "LICENSE"),
		"THIRD-PARTY-LICENSES.txt": filepath.Join(dist, "THIRD-PARTY-LICENSES.txt"),
	} {
		if read(t, filepath.Join(folder, name)) != read(t, original) {
			t.Errorf("%s differs from what was built", name)
		}
	}
	out, code := run(t, nil, windowsPath(t, filepath.Join(folder, "kitectl.exe")), "version")
	if code != 0 || !strings.Contains(out, version) {
		t.Errorf("kitectl version: %d %q", code, out)
	}
	if link := read(t, startMenu()); !strings.Contains(link, "kite-accounts.exe") {
		t.Errorf("the Start menu's entry leads elsewhere: %q", link)
	}
	if exists(filepath.Join(desktop, "Kite Accounts.lnk")) {
		t.Error("there is a shortcut on the desktop that nobody asked for")
	}
	if _, path := registry(t, `Environment`, "Path"); path != "" {
		t.Errorf("the PATH, which nobody asked to change, is %q", path)
	}
}

func TestSetup_tells_Windows_how_to_remove_it(t *testing.T) {
	folder := installed(t)
	install(t, theSetup())
	there := windowsPath(t, folder)
	for name, want := range map[string]string{
		"DisplayName":          "Kite Accounts",
		"DisplayVersion":       version,
		"Publisher":            "The Kite Accounts authors",
		"DisplayIcon":          there + `\kite-accounts.exe`,
		"InstallLocation":      there,
		"UninstallString":      `"` + there + `\` + uninstaller + `"`,
		"QuietUninstallString": `"` + there + `\` + uninstaller + `" /S`,
		"NoModify":             "0x1",
		"NoRepair":             "0x1",
	} {
		if _, got := registry(t, uninstallKey, name); !strings.EqualFold(got, want) {
			t.Errorf("%s is %q, not %q", name, got, want)
		}
	}
	if kind, size := registry(t, uninstallKey, "EstimatedSize"); kind != "REG_DWORD" || size == "0x0" {
		t.Errorf("EstimatedSize is %s %s", kind, size)
	}
}

func TestSetup_upgrades_in_place_and_keeps_data_and_choices(t *testing.T) {
	installed(t)
	folder := filepath.Join(local, "elsewhere")
	t.Cleanup(func() { remove(t, folder) })
	install(t, standinSetup(t, "0.0.0"), "/DESKTOP=1", "/PATH=1", "/D="+windowsPath(t, folder))
	if !exists(filepath.Join(desktop, "Kite Accounts.lnk")) {
		t.Error("there is no shortcut on the desktop")
	}
	data := filepath.Join(local, "KiteAccounts", "kite-accounts.db")
	write(t, data, "what was saved")

	install(t, theSetup()) // says nothing of where and what

	if got := names(t, folder); !slices.Equal(got, brought) {
		t.Errorf("it left %q", got)
	}
	if read(t, filepath.Join(folder, "kite-accounts.exe")) != read(t, filepath.Join(bin, "kite-accounts.exe")) {
		t.Error("the older program is still there")
	}
	if exists(usual()) {
		t.Error("it is installed twice")
	}
	if read(t, data) != "what was saved" {
		t.Error("the user's data was changed")
	}
	if !exists(filepath.Join(desktop, "Kite Accounts.lnk")) {
		t.Error("the shortcut on the desktop is gone")
	}
	if _, path := registry(t, `Environment`, "Path"); path != windowsPath(t, folder) {
		t.Errorf("the PATH is %q", path)
	}
	if _, v := registry(t, uninstallKey, "DisplayVersion"); v != version {
		t.Errorf("Windows knows it as version %q", v)
	}

	install(t, theSetup(), "/DESKTOP=0", "/PATH=0")
	if exists(filepath.Join(desktop, "Kite Accounts.lnk")) {
		t.Error("the shortcut on the desktop is still there")
	}
	if _, path := registry(t, `Environment`, "Path"); path != "" {
		t.Errorf("the PATH is still %q", path)
	}
}

func TestSetup_replaces_no_newer_version(t *testing.T) {
	folder := installed(t)
	older, newer := standinSetup(t, "98.2.10+3.g0000000"), standinSetup(t, "98.2.10+11.g0000000")
	install(t, newer)
	licences := filepath.Join(folder, "THIRD-PARTY-LICENSES.txt")
	for _, setup := range []string{older, theSetup()} {
		if code := try(t, setup); code != exitNewer {
			t.Errorf("%s ended with %d", filepath.Base(setup), code)
		}
	}
	if got := read(t, licences); got != "of 98.2.10+11.g0000000" {
		t.Errorf("what is installed is %s", got)
	}
	install(t, older, "/DOWNGRADE")
	if got := read(t, licences); got != "of 98.2.10+3.g0000000" {
		t.Errorf("what is installed is %s", got)
	}
	install(t, newer)
	install(t, newer) // the same again
}

// Their four numbers are equal, or even the other way around.
func TestSetup_replaces_no_release_by_what_was_before_it(t *testing.T) {
	folder := installed(t)
	versions := []string{"98.3.0-rc.2", "98.3.0-rc.2+7.g0000000", "98.3.0-rc.10", "98.3.0"}
	var setups []string
	for i, version := range versions {
		setups = append(setups, standinSetup(t, version))
		install(t, setups[i])
		for older := range i {
			if code := try(t, setups[older]); code != exitNewer {
				t.Errorf("%s over %s ended with %d", versions[older], version, code)
			}
		}
		if got := read(t, filepath.Join(folder, "THIRD-PARTY-LICENSES.txt")); got != "of "+version {
			t.Errorf("what is installed is %s", got)
		}
	}
	install(t, setups[0], "/DOWNGRADE")
}

func TestUninstaller_leaves_what_the_user_has(t *testing.T) {
	folder := installed(t)
	install(t, theSetup(), "/DESKTOP=1", "/PATH=1")
	data := filepath.Join(local, "KiteAccounts", "kite-accounts.db")
	write(t, data, "what was saved")
	toasts := `Software\Classes\AppUserModelId\` + constant(t, "appID")
	setRegistry(t, runKey, autostart.ID, "REG_SZ", `"`+windowsPath(t, folder)+`\kite-accounts.exe" agent --quiet`)
	setRegistry(t, runKey, "Another", "REG_SZ", `C:\another.exe`)
	setRegistry(t, toasts, "DisplayName", "REG_SZ", "Kite Accounts")

	remove(t, folder)

	waitFor(t, "the folder's end", func() bool { return !exists(folder) })
	for _, path := range []string{startMenu(), filepath.Join(desktop, "Kite Accounts.lnk")} {
		if exists(path) {
			t.Errorf("%s is still there", path)
		}
	}
	for name, want := range map[string]string{autostart.ID: "", "Another": `C:\another.exe`} {
		if _, got := registry(t, runKey, name); got != want {
			t.Errorf("the start with Windows of %s is %q", name, got)
		}
	}
	if _, got := registry(t, toasts, "DisplayName"); got != "" {
		t.Error("Windows still knows its toasts")
	}
	if _, path := registry(t, `Environment`, "Path"); path != "" {
		t.Errorf("the PATH is still %q", path)
	}
	if read(t, data) != "what was saved" {
		t.Error("the user's data was changed")
	}
}

func TestUninstaller_leaves_what_it_did_not_bring(t *testing.T) {
	folder := installed(t)
	install(t, standinSetup(t, "1.0.0"))
	other := filepath.Join(folder, "another's.txt")
	write(t, other, "kept")
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	const elsewhere = `"C:\portable\Kite Accounts\kite-accounts.exe" agent --quiet`
	setRegistry(t, runKey, autostart.ID, "REG_SZ", elsewhere)

	remove(t, folder)

	if got := names(t, folder); !slices.Equal(got, []string{"another's.txt"}) {
		t.Errorf("it left %q", got)
	}
	if _, got := registry(t, runKey, autostart.ID); got != elsewhere {
		t.Errorf("the portable program's start with Windows is %q", got)
	}
}

// What the uninstaller takes back by name is what the programs give.
func TestUninstaller_knows_the_programs_names(t *testing.T) {
	script := read(t, filepath.Join(root, "build", "windows", "setup", "files.nsh"))
	for _, name := range []string{`CLSID\` + constant(t, "activator"), `AppUserModelId\` + constant(t, "appID"), `AUTOSTART "` + autostart.ID} {
		if !strings.Contains(script, name+`"`) {
			t.Errorf("it doesn't remove %q", name)
		}
	}
}

// constant is a text by which backend/notify tells Windows about its toasts.
func constant(t *testing.T, name string) string {
	t.Helper()
	source := read(t, filepath.Join(root, "backend", "notify", "desktop_windows.go"))
	_, rest, found := strings.Cut(source, "const "+name+` = "`)
	text, _, closed := strings.Cut(rest, `"`)
	if !found || !closed || text == "" {
		t.Fatalf("backend/notify has no constant %s", name)
	}
	return text
}
