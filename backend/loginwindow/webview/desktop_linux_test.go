package webview_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// waitFor looks at another process's state until it is as wanted.
func waitFor(t *testing.T, what string, is func() bool) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	for !is() {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// pressEscape presses Escape in the window whose title contains text.
func pressEscape(t *testing.T, text string) {
	t.Helper()
	id := windowTitled(t, text)
	waitFor(t, "the window's end", func() bool {
		_ = exec.CommandContext(t.Context(), "xdotool", "windowactivate", "--sync", id, "key", "Escape").Run()
		return exec.CommandContext(t.Context(), "xdotool", "getwindowname", id).Run() != nil
	})
}

// windowTitled waits for a window whose title contains text.
func windowTitled(t *testing.T, text string) (id string) {
	t.Helper()
	waitFor(t, "a window titled "+text, func() bool {
		out, err := exec.CommandContext(t.Context(), "xdotool", "search", "--onlyvisible", "--name", text).Output()
		id, _, _ = strings.Cut(strings.TrimSpace(string(out)), "\n")
		return err == nil && id != ""
	})
	return id
}

// children are the processes whose parent is pid.
func children(t *testing.T, pid int) []int {
	t.Helper()
	var found []int
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, _ := os.ReadFile(f) // the thread may be gone
		for _, field := range strings.Fields(string(text)) {
			if n, err := strconv.Atoi(field); err == nil {
				found = append(found, n)
			}
		}
	}
	return found
}

func contains(list []int, n int) bool { return slices.Contains(list, n) }

func environmentOf(pid int) map[string]string {
	env := map[string]string{}
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid)) // it may be gone
	for _, v := range strings.Split(string(text), "\x00") {
		name, value, _ := strings.Cut(v, "=")
		env[name] = value
	}
	return env
}
