package cli

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/datadir"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
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

// TestCheck_keeps_its_result where a database is that needs nothing done to it.
func TestCheck_keeps_its_result_only_in_a_database_as_it_is(t *testing.T) {
	databases := "../sqlite/testdata/version-"
	for name, c := range map[string]struct {
		database string // file to begin with
		kept     bool
	}{
		"none": {}, "empty": {database: os.DevNull}, "older": {database: databases + "1-keyring.db"},
		"of another program": {database: "version.go"}, "ours": {database: newDatabase(t), kept: true},
	} {
		dir, err := datadir.Open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		var before []byte
		if c.database != "" {
			if before, err = os.ReadFile(c.database); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(dir.Database(), before, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		for try := range 2 {
			settings, closeSettings := openSettings(t.Context(), dir, slog.New(slog.DiscardHandler))
			if got, err := settings.Setting(t.Context(), "updates"); err != nil || (got == "kept") != (c.kept && try == 1) {
				t.Errorf("%s: try %d finds %q, %v", name, try, got, err)
			}
			if err := settings.SetSetting(t.Context(), "updates", "kept"); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if got, err := settings.Setting(t.Context(), "updates"); err != nil || got != "kept" {
				t.Errorf("%s: %q, %v", name, got, err)
			}
			closeSettings()
		}
		after, err := os.ReadFile(dir.Database())
		if !c.kept && (!bytes.Equal(before, after) || os.IsNotExist(err) != (c.database == "")) {
			t.Errorf("%s: the database was changed, error %v", name, err)
		}
		if all, err := filepath.Glob(dir.Database() + "?*"); err != nil || len(all) > 0 {
			t.Errorf("%s: beside it are %q, %v", name, all, err)
		}
	}
}

// newDatabase is the file of a database of this schema.
func newDatabase(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "new.db")
	db, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return path
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
