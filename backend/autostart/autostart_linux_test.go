package autostart_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/autostart"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// home is an empty home; the file is where the entry belongs.
func home(t *testing.T) (file string) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("HOME", dir)
	t.Setenv("XDG_CONFIG_HOME", filepath.Join(dir, "settings"))
	return filepath.Join(dir, "settings", "autostart", "io.github.kiteaccounts.KiteAccounts.desktop")
}

func isOn(t *testing.T, a autostart.Autostart, want bool) {
	t.Helper()
	if on, err := a.Enabled(); err != nil || on != want {
		t.Errorf("enabled %v, %v", on, err)
	}
}

func set(t *testing.T, a autostart.Autostart, on bool) {
	t.Helper()
	if err := a.Set(on); err != nil {
		t.Fatal(err)
	}
}

var agent = autostart.Autostart{Program: "/usr/bin/kitectl", Args: []string{"agent"}}

func TestSet_writes_a_valid_file_and_takes_it_away(t *testing.T) {
	file := home(t)
	isOn(t, agent, false)
	set(t, agent, true)
	isOn(t, agent, true)
	if out, err := exec.Command("desktop-file-validate", file).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("%v: %s", err, out)
	}
	if info, err := os.Stat(filepath.Dir(file)); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("folder %v, %v", info.Mode(), err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("file %v, %v", info.Mode(), err)
	}
	set(t, agent, false)
	isOn(t, agent, false)
	set(t, agent, false)
	if left, err := os.ReadDir(filepath.Dir(file)); err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
}

func TestSet_replaces_an_entry_for_another_place(t *testing.T) {
	home(t)
	older := autostart.Autostart{Program: "/opt/old version/kitectl", Args: agent.Args}
	set(t, older, true)
	isOn(t, agent, false)
	set(t, agent, true)
	isOn(t, agent, true)
	isOn(t, older, false)
	set(t, older, false)
	isOn(t, agent, false)
}

func TestSet_switches_on_what_the_desktop_switched_off(t *testing.T) {
	file := home(t)
	set(t, agent, true)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, append(text, "Hidden=true\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	isOn(t, agent, false)
	set(t, agent, true)
	isOn(t, agent, true)
}

func TestSet_without_XDG_CONFIG_HOME_uses_the_default(t *testing.T) {
	home(t)
	for _, value := range []string{"", "relative"} {
		t.Setenv("XDG_CONFIG_HOME", value)
		set(t, agent, true)
		if _, err := os.Stat(filepath.Join(os.Getenv("HOME"), ".config", "autostart")); err != nil {
			t.Error(err)
		}
	}
	t.Setenv("HOME", "")
	if err := agent.Set(true); kite.ErrorCode(err) != kite.EINTERNAL {
		t.Errorf("without a home: %v", err)
	}
	if _, err := agent.Enabled(); kite.ErrorCode(err) != kite.EINTERNAL {
		t.Errorf("without a home: %v", err)
	}
}

func TestSet_that_fails_leaves_nothing_half_done(t *testing.T) {
	file := home(t)
	if err := os.MkdirAll(filepath.Join(file, "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := agent.Set(true); kite.ErrorCode(err) != kite.EINTERNAL {
		t.Errorf("%v", err)
	}
	if _, err := agent.Enabled(); err == nil {
		t.Error("a folder was read")
	}
	if left, err := os.ReadDir(filepath.Dir(file)); err != nil || len(left) != 1 {
		t.Errorf("left %v, %v", left, err)
	}
	if err := (autostart.Autostart{Program: "kitectl"}).Set(true); err == nil {
		t.Error("a relative program was taken")
	}
	if err := (autostart.Autostart{Program: "/a\nHidden=true"}).Set(true); err == nil {
		t.Error("a second line was taken")
	}
}

// A launcher of the desktop's gets the same words as the program.
func TestExec_starts_the_program_with_its_arguments(t *testing.T) {
	file := home(t)
	dir := filepath.Join(os.Getenv("HOME"), "Kite $HOME `x` \"q\" \\ 100% a=b é")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	a := autostart.Autostart{Program: filepath.Join(dir, "program"), Args: []string{"agent", "", "a b", `$x"\`, "%f", "'", "~;&|"}}
	told := filepath.Join(os.Getenv("HOME"), "told")
	script := "#!/bin/sh\nprintf '%s\\n' \"$0\" \"$@\" >" + told + ".part && mv " + told + ".part " + told + "\n"
	if err := os.WriteFile(a.Program, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	set(t, a, true)
	isOn(t, a, true)
	if out, err := exec.Command("gio", "launch", file).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var got []byte
	for deadline := time.Now().Add(time.Minute); len(got) == 0 && time.Now().Before(deadline); {
		time.Sleep(10 * time.Millisecond) // another process's file
		got, _ = os.ReadFile(told)
	}
	if want := strings.Join(append([]string{a.Program}, a.Args...), "\n") + "\n"; string(got) != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// GLib takes an entry whose TryExec isn't there for none at all, as a desktop
// that starts does.
func TestEntry_of_a_removed_program_starts_nothing(t *testing.T) {
	file := home(t)
	program := filepath.Join(os.Getenv("HOME"), `a b\c%=`)
	if err := os.WriteFile(program, []byte("#!/bin/sh\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	set(t, autostart.Autostart{Program: program, Args: agent.Args}, true)
	if out, err := exec.Command("gio", "launch", file).CombinedOutput(); err != nil {
		t.Errorf("while it is there: %v: %s", err, out)
	}
	if err := os.Remove(program); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("gio", "launch", file).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "Unable to load application information") {
		t.Errorf("once it is removed: %v: %s", err, out)
	}
}
