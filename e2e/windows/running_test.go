//go:build wine

package windows

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/autostart"
)

func logOfStandins() string { return filepath.Join(temp, "standin.log") }

// told are what stand-ins wrote down, in its order.
func told() []string {
	content, err := os.ReadFile(logOfStandins())
	if err != nil {
		return nil
	}
	return strings.Split(strings.TrimSpace(strings.ReplaceAll(string(content), "\r", "")), "\n")
}

// start runs a stand-in until it tells that it runs.
func start(t *testing.T, what string, args ...string) {
	t.Helper()
	cmd := wine(args...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	waitFor(t, what, func() bool { return slices.Contains(told(), what) })
}

func TestSetup_ends_the_window_and_then_the_agent(t *testing.T) {
	folder := installed(t)
	install(t, standinSetup(t, "0.0.0"))
	program := windowsPath(t, filepath.Join(folder, "kite-accounts.exe"))
	start(t, "agent runs", program, "agent")
	start(t, "window open", program)

	install(t, theSetup())

	if got, want := told(), []string{"agent runs", "window open", "window closed", "agent ended"}; !slices.Equal(got, want) {
		t.Errorf("what happened is %q", got)
	}
	if read(t, filepath.Join(folder, "kitectl.exe")) != read(t, filepath.Join(bin, "kitectl.exe")) {
		t.Error("the older program is still there")
	}
}

func TestSetup_starts_the_agent_again_that_starts_with_Windows(t *testing.T) {
	folder := installed(t)
	install(t, standinSetup(t, "1.0.0"))
	newer := standinSetup(t, "1.0.1")
	program := windowsPath(t, filepath.Join(folder, "kite-accounts.exe"))
	setRegistry(t, runKey, autostart.ID, "REG_SZ", `"`+program+`" agent`)
	install(t, newer) // where none runs, none is started
	start(t, "agent runs", program, "agent")

	install(t, newer)

	want := []string{"agent runs", "agent ended", "agent runs"}
	waitFor(t, "an agent of the newer version", func() bool { return len(told()) >= len(want) })
	if got := told(); !slices.Equal(got, want) {
		t.Errorf("what happened is %q", got)
	}
}

func TestUninstaller_ends_them_too(t *testing.T) {
	folder := installed(t)
	install(t, standinSetup(t, "1.0.0"))
	program := windowsPath(t, filepath.Join(folder, "kite-accounts.exe"))
	start(t, "agent runs", program, "agent")
	start(t, "window open", program)

	remove(t, folder)

	waitFor(t, "the folder's end", func() bool { return !exists(folder) })
	if got, want := told(), []string{"agent runs", "window open", "window closed", "agent ended"}; !slices.Equal(got, want) {
		t.Errorf("what happened is %q", got)
	}
}

func TestSetup_leaves_all_as_it_is_while_a_program_stays(t *testing.T) {
	folder := installed(t)
	install(t, standinSetup(t, "1.0.0"))
	start(t, "deaf one runs", windowsPath(t, filepath.Join(folder, "kite-accounts.exe")), "deaf")

	if code := try(t, standinSetup(t, "1.0.1"), "/WAIT=1"); code != exitRunning {
		t.Errorf("it ended with %d", code)
	}
	if got := read(t, filepath.Join(folder, "THIRD-PARTY-LICENSES.txt")); got != "of 1.0.0" {
		t.Errorf("what is installed is %s", got)
	}
	if _, v := registry(t, uninstallKey, "DisplayVersion"); v != "1.0.0" {
		t.Errorf("Windows knows it as version %q", v)
	}
	run(t, nil, "taskkill", "/F", "/IM", "kite-accounts.exe")
}
