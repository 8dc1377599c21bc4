package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/datadir"
	"github.com/kiteaccounts/kite-accounts/backend/update"
)

func TestUpdates_are_printed(t *testing.T) {
	newer := []update.Release{
		{Version: "1.3.1", Date: "2026-12-01", Notes: []string{"Closes a hole."}, Page: "https://github.com/kiteaccounts/x", Security: true},
		{Version: "1.3.0", Date: "2026-11-30", Notes: []string{"One.", "Two."}, Page: "https://github.com/kiteaccounts/y"},
	}
	for want, status := range map[string]update.Status{
		"This is the newest version.\n": {Result: update.ResultNewest},
		"Whether a newer version is out can't be told: the list of releases has expired.\n":                                                                                   {Result: update.ResultUnknown},
		"Version 1.3.1 is out: https://github.com/kiteaccounts/x\n\n1.3.1, 2026-12-01, closes a security hole\n  - Closes a hole.\n\n1.3.0, 2026-11-30\n  - One.\n  - Two.\n": {Result: update.ResultNewer, Releases: newer},
	} {
		var text bytes.Buffer
		if err := printUpdates(&output{Writer: &text}, status); err != nil || text.String() != want {
			t.Errorf("%q, %v", text.String(), err)
		}
	}
}

func TestCheck_makes_no_database_and_uses_the_one_there_is(t *testing.T) {
	dir, err := datadir.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, there := range []bool{false, true} {
		settings, closeSettings, err := openSettings(context.Background(), dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := settings.SetSetting(t.Context(), "updates", "kept"); err != nil {
			t.Fatal(err)
		}
		closeSettings()
		if _, err := os.Stat(dir.Database()); (err == nil) != there {
			t.Errorf("database: %v", err)
		}
		if err := os.WriteFile(dir.Database(), nil, 0o600); !there && err != nil {
			t.Fatal(err)
		}
	}
}

func TestWindowVersion(t *testing.T) {
	for script, want := range map[string]string{
		"echo kite-accounts 1.2.3; exit 0": "1.2.3",
		"echo kite-accounts 1.2.3; exit 1": "",
		"echo something else":              "",
		"echo $1 >&2; exit 2":              "",
	} {
		program := filepath.Join(t.TempDir(), "kite-accounts")
		if err := os.WriteFile(program, []byte("#!/bin/sh\n[ \"$1\" = --version ] || exit 9\n"+script+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
		if got := windowVersion(t.Context(), program); got != want {
			t.Errorf("%s: %q, want %q", script, got, want)
		}
	}
	if got := windowVersion(t.Context(), "/nowhere/kite-accounts"); got != "" {
		t.Errorf("nothing: %q", got)
	}
}
