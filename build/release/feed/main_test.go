package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/update"
)

var now = time.Date(2026, 11, 30, 9, 0, 0, 999, time.FixedZone("", 3600))

const some = `
- {version: 1.3.0, notes: [Not out.]}
- {version: 1.2.1, date: 2026-11-30, security: true, notes: ["Closes a [hole] <b>."]}
- {version: 1.2.0, date: 2026-11-01, notes: [One., Two.]}
`

func made(t *testing.T, yaml string, args ...string) (string, string, error) {
	t.Helper()
	dir := t.TempDir()
	from, to := filepath.Join(dir, "releases.yaml"), filepath.Join(dir, "feed.json")
	if err := os.WriteFile(from, []byte(yaml), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	err := run(append([]string{"-releases", from, "-out", to}, args...), &out, now)
	text, _ := os.ReadFile(to)
	return string(text), out.String(), err
}

func TestFeed_has_what_is_out(t *testing.T) {
	text, out, err := made(t, some)
	if err != nil {
		t.Fatal(err)
	}
	var f update.Feed
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		t.Fatal(err)
	}
	if len(f.Releases) != 2 || f.Releases[0].Version != "1.2.1" || !f.Releases[0].Security || f.Releases[0].Date != "2026-11-30" ||
		f.Releases[0].Page != "https://github.com/kiteaccounts/kite-accounts/releases/tag/v1.2.1" || len(f.Releases[1].Notes) != 2 {
		t.Errorf("%+v", f.Releases)
	}
	if f.Schema != 1 || f.Published.Format(time.RFC3339) != "2026-11-30T08:00:00Z" || f.Expires.Sub(f.Published) != 180*24*time.Hour {
		t.Errorf("%d %v %v", f.Schema, f.Published, f.Expires)
	}
	if !strings.Contains(out, "2 releases") {
		t.Errorf("%q", out)
	}
}

func TestFeed_that_nobody_could_read_is_not_written(t *testing.T) {
	for name, c := range map[string]struct {
		yaml string
		args []string
	}{
		"a page elsewhere":         {some, []string{"-pages", "https://example.org/v"}},
		"no days":                  {some, []string{"-days", "0"}},
		"a control in a note":      {"- {version: 1.2.0, date: 2026-11-01, notes: [\"a\\u202Eb\"]}", nil},
		"another version":          {some, []string{"-version", "1.3.0"}},
		"an older version":         {some, []string{"-version", "1.2.0"}},
		"a version and no release": {"", []string{"-version", "1.2.0"}},
		"no such flag":             {some, []string{"-frobnicate"}},
	} {
		if text, _, err := made(t, c.yaml, c.args...); err == nil || text != "" {
			t.Errorf("%s: %v, %q", name, err, text)
		}
	}
	if text, _, err := made(t, some, "-version", "1.2.1"); err != nil || text == "" {
		t.Errorf("the newest: %v", err)
	}
	if text, _, err := made(t, ""); err != nil || !strings.Contains(text, `"releases": []`) {
		t.Errorf("none yet: %q, %v", text, err)
	}
}

func TestNotes_in_Markdown(t *testing.T) {
	_, out, err := made(t, some, "-markdown", "1.2.1")
	if want := "**Closes a security hole.**\n\n- Closes a \\[hole\\] &lt;b>.\n"; err != nil || out != want {
		t.Errorf("%q, %v", out, err)
	}
	if _, out, err := made(t, some, "-markdown", "1.3.0"); err == nil {
		t.Errorf("not out: %q", out)
	}
}
