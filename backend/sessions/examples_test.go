package sessions_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The examples are run as a user would after copying them.
func TestExamples_run(t *testing.T) {
	b := newBench(t, morning())
	for id, command := range map[string][]string{
		"curl": {"bash", "-e"}, "python": {"python3"}, "go": {"go", "run"}, "javascript": {"node"},
	} {
		t.Run(id, func(t *testing.T) {
			code, err := b.ExampleWithToken(t.Context(), b.a.ID, id)
			if err != nil {
				t.Fatal(err)
			}
			text := code.Reveal()
			if id == "curl" { // the order needs an endpoint the sandbox hasn't; the first command is the profile
				text, _, _ = strings.Cut(text, "\n\n")
			}
			file := filepath.Join(t.TempDir(), "example"+map[string]string{"curl": ".sh", "python": ".py", "go": ".go", "javascript": ".mjs"}[id])
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			out, err := exec.CommandContext(t.Context(), command[0], append(command[1:], file)...).CombinedOutput()
			if err != nil || !strings.Contains(string(out), "SB0001") {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
