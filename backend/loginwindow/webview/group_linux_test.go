package webview

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// GroupLives says whether a group has processes, of names that begin so, that can
// still do something. Those that have ended may wait long for somebody to ask
// how.
func GroupLives(t *testing.T, group int, names string) bool {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, _ := os.ReadFile(file) // it may be gone
		// pid (name) state parent group, proc_pid_stat(5).
		_, named, _ := strings.Cut(string(text), " (")
		_, rest, _ := strings.Cut(named, ") ")
		var state string
		var parent, of int
		n, _ := fmt.Sscan(rest, &state, &parent, &of)
		if n == 3 && of == group && strings.HasPrefix(named, names) && state != "Z" && state != "X" {
			return true
		}
	}
	return false
}
