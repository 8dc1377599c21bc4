package releases_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/build/release/releases"
)

func read(t *testing.T, text string) ([]releases.Release, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "releases.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return releases.Read(path)
}

func TestReleases_of_the_project_keep_the_rules(t *testing.T) {
	if all, err := releases.Read("../releases.yaml"); err != nil || len(all) == 0 {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestRead(t *testing.T) {
	all, err := read(t, "- {version: 1.3.0, notes: [Soon.]}\n- {version: 1.2.0, date: 2026-11-30, security: true, notes: [Safe., 'Fast: very.']}\n")
	if err != nil || len(all) != 2 || all[0].Out() || !all[1].Out() || !all[1].Security || all[1].Notes[1] != "Fast: very." {
		t.Errorf("%+v, %v", all, err)
	}
	if all, err := read(t, "- {version: 1.3.0, notes: [A.]}\n- {version: 1.3.0-rc.1, notes: [A.]}"); err != nil || all[0].Preview() || !all[1].Preview() {
		t.Errorf("%+v, %v", all, err)
	}
	if all, err := read(t, "# nothing yet\n"); err != nil || len(all) > 0 {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestRead_refuses(t *testing.T) {
	for name, text := range map[string]string{
		"no version":               "- {notes: [A.]}",
		"a version with v":         "- {version: v1.2.0, notes: [A.]}",
		"a build":                  "- {version: 1.2.0+1.gabc, notes: [A.]}",
		"no notes":                 "- {version: 1.2.0}",
		"an empty note":            "- {version: 1.2.0, notes: ['']}",
		"a note of two lines":      "- {version: 1.2.0, notes: [\"A.\\nB.\"]}",
		"a long note":              "- {version: 1.2.0, notes: [" + strings.Repeat("a", 301) + "]}",
		"many notes":               "- {version: 1.2.0, notes: [" + strings.Repeat("a,", 21) + "]}",
		"the same twice":           "- {version: 1.2.0, notes: [A.]}\n- {version: 1.2.0, notes: [A.]}",
		"the oldest first":         "- {version: 1.2.0, notes: [A.]}\n- {version: 1.3.0, notes: [A.]}",
		"an older one not out":     "- {version: 1.3.0, date: 2026-11-30, notes: [A.]}\n- {version: 1.2.0, notes: [A.]}",
		"something misspelled":     "- {version: 1.2.0, securty: true, notes: [A.]}",
		"something else":           "releases: no",
		"a day that doesn't exist": "- {version: 1.2.0, date: 2026-02-30, notes: [A.]}",
	} {
		if all, err := read(t, text); err == nil {
			t.Errorf("%s: %+v", name, all)
		}
	}
	if _, err := releases.Read("nowhere.yaml"); err == nil {
		t.Error("a file that isn't there is read")
	}
}
