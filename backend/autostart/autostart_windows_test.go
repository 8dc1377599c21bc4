package autostart_test

import (
	"strings"
	"testing"

	"golang.org/x/sys/windows/registry"

	"github.com/kiteaccounts/kite-accounts/backend/autostart"
)

const (
	runKey      = `Software\Microsoft\Windows\CurrentVersion\Run`
	approvedKey = `Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run`
)

var program = autostart.Autostart{
	Program: `C:\Users\Asha Rao\AppData\Local\Programs\Kite Accounts\kite-accounts.exe`,
	Args:    []string{"agent", "--data-dir", `D:\my data\`},
}

func set(t *testing.T, a autostart.Autostart, on bool) {
	t.Helper()
	if err := a.Set(on); err != nil {
		t.Fatal(err)
	}
}

func enabled(t *testing.T, a autostart.Autostart) bool {
	t.Helper()
	on, err := a.Enabled()
	if err != nil {
		t.Fatal(err)
	}
	return on
}

// entry is what the registry has; empty if nothing.
func entry(t *testing.T, path string) string {
	t.Helper()
	key, err := registry.OpenKey(registry.CURRENT_USER, path, registry.QUERY_VALUE)
	if err != nil {
		return ""
	}
	defer key.Close() //nolint:errcheck // only read
	value, _, _ := key.GetStringValue(autostart.ID)
	return value
}

func TestSet_writes_the_users_own_Run_entry_and_removes_it(t *testing.T) {
	t.Cleanup(func() { _ = program.Set(false) })
	if enabled(t, program) {
		t.Fatal("it is on before anything was done")
	}
	set(t, program, true)
	want := `"C:\Users\Asha Rao\AppData\Local\Programs\Kite Accounts\kite-accounts.exe" agent --data-dir "D:\my data\\"`
	if got := entry(t, runKey); got != want {
		t.Errorf("entry %s\nwant  %s", got, want)
	}
	if !enabled(t, program) {
		t.Error("it isn't on")
	}
	elsewhere := program
	elsewhere.Program = `C:\elsewhere\kite-accounts.exe`
	if enabled(t, elsewhere) {
		t.Error("another copy's entry counts")
	}
	set(t, program, false)
	set(t, program, false)
	if enabled(t, program) || entry(t, runKey) != "" {
		t.Error("it is still there")
	}
}

func TestEnabled_heeds_what_the_task_manager_says(t *testing.T) {
	t.Cleanup(func() { _ = program.Set(false) })
	set(t, program, true)
	key, _, err := registry.CreateKey(registry.CURRENT_USER, approvedKey, registry.SET_VALUE)
	if err != nil {
		t.Fatal(err)
	}
	defer key.Close() //nolint:errcheck // the value is written at once
	if err := key.SetBinaryValue(autostart.ID, []byte{3, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8}); err != nil {
		t.Fatal(err)
	}
	if enabled(t, program) {
		t.Error("it counts as on, and Windows doesn't start it")
	}
	set(t, program, true)
	if !enabled(t, program) {
		t.Error("switched on again, it isn't")
	}
}

func TestSet_refuses_what_Windows_would_not_start(t *testing.T) {
	t.Cleanup(func() { _ = program.Set(false) })
	long := program
	long.Args = []string{"agent", "--data-dir", `D:\` + strings.Repeat("x", 260)}
	if err := long.Set(true); err == nil {
		t.Error("it is said to be on")
	}
	if enabled(t, long) || entry(t, runKey) != "" {
		t.Error("it is there")
	}
}
