package sqlite_test

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

// filled makes a closed database with an account and returns its path.
func filled(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.db")
	db, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 60 {
		a := kitetest.Account("x" + string(rune('A'+i%26)) + string(rune('0'+i/26)))
		if err := db.Accounts(&kitetest.Sealer{}).CreateAccount(t.Context(), a, kite.SecretChanges{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func overwrite(t *testing.T, path string, at int64, with []byte) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt(with, at); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestPragmas_hold_on_every_fresh_connection(t *testing.T) {
	path := filled(t)
	for range 3 {
		db, err := sqlite.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		for pragma, want := range map[string]string{
			"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000",
			"secure_delete": "1", "trusted_schema": "0", "cell_size_check": "1", "application_id": "1262568259",
		} {
			var got string
			if err := db.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
				t.Errorf("%s = %s, %v, want %s", pragma, got, err, want)
			}
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOpen_refuses_and_leaves_untouched(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(t *testing.T, path string)
		kind  sqlite.ProblemKind
	}{
		"header overwritten": {func(t *testing.T, p string) { overwrite(t, p, 0, bytes.Repeat([]byte{7}, 16)) }, sqlite.Damaged},
		"pages overwritten":  {func(t *testing.T, p string) { overwrite(t, p, 4096, bytes.Repeat([]byte{0xA5}, 5*4096)) }, sqlite.Damaged},
		"truncated": {func(t *testing.T, p string) {
			if err := os.Truncate(p, 3*4096+100); err != nil {
				t.Fatal(err)
			}
		}, sqlite.Damaged},
		"newer schema":  {func(t *testing.T, p string) { overwrite(t, p, 60, []byte{0, 0, 3, 231}) }, sqlite.Newer},
		"another app's": {func(t *testing.T, p string) { overwrite(t, p, 68, []byte("GIMP")) }, sqlite.Other},
	} {
		t.Run(name, func(t *testing.T) {
			path := filled(t)
			c.spoil(t, path)
			before := sha256.Sum256(read(t, path))
			_, err := sqlite.Open(t.Context(), path)
			var problem *sqlite.Problem
			if !errors.As(err, &problem) || problem.Kind != c.kind || problem.Path != path {
				t.Fatalf("Open = %v, want %s", err, c.kind)
			}
			if e := kite.AsError(err); e.Code != kite.EDATA || e.Message == "" || e.Hint == "" {
				t.Errorf("says %+v", e)
			}
			if sha256.Sum256(read(t, path)) != before {
				t.Error("the file was changed")
			}
		})
	}
}

func TestOpen_a_newer_database_leaves_nothing_beside_it(t *testing.T) {
	path := filled(t)
	overwrite(t, path, 60, []byte{0, 0, 3, 231})
	if _, err := sqlite.Open(t.Context(), path); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("schema has version 999, this program knows version %d", sqlite.Newest)) {
		t.Errorf("Open = %v", err)
	}
	if files, _ := filepath.Glob(path + "*"); len(files) != 1 {
		t.Errorf("files: %q", files)
	}
}

func TestOpen_what_is_no_file(t *testing.T) {
	elsewhere := filled(t)
	for name, c := range map[string]struct {
		ending string
		make   func(string) error
		says   string
	}{
		"a folder":               {"", func(p string) error { return os.Mkdir(p, 0o700) }, "is a folder"},
		"a link":                 {"", func(p string) error { return os.Symlink(elsewhere, p) }, "is a link"},
		"a link that leads away": {"", func(p string) error { return os.Symlink(p+".nowhere", p) }, "is a link"},
		"a link beside it":       {"-wal", func(p string) error { return os.Symlink(elsewhere, p) }, "-wal is a link"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "test.db")
			if err := c.make(path + c.ending); err != nil {
				t.Fatal(err)
			}
			_, err := sqlite.Open(t.Context(), path)
			if e := kite.AsError(err); err == nil || e.Code != kite.EDATA || !strings.Contains(e.Message, c.says) || e.Hint == "" {
				t.Errorf("Open = %v", err)
			}
			_, err = sqlite.OpenReadOnly(t.Context(), path)
			if want := map[string]string{"": kite.EDATA, "-wal": kite.ENOTFOUND}[c.ending]; kite.ErrorCode(err) != want {
				t.Errorf("OpenReadOnly = %v", err)
			}
		})
	}
}

func TestOpen_takes_permissions_of_others_away_and_reports_it(t *testing.T) {
	path := crashed(t, filled(t), storeSetting)
	for _, p := range []string{path, path + "-wal"} {
		if err := os.Chmod(p, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	db := mustOpen(t, path)
	if want := []string{path, path + "-wal"}; !slices.Equal(db.Repaired, want) {
		t.Errorf("repaired %q, want %q", db.Repaired, want)
	}
	storeSetting(t, db)
	expectOwnerOnly(t, path)
}

// expectOwnerOnly looks at an open database and what is beside it.
func expectOwnerOnly(t *testing.T, path string) {
	t.Helper()
	files, err := filepath.Glob(path + "*")
	if err != nil || len(files) != 3 {
		t.Fatalf("files: %q, %v", files, err)
	}
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", filepath.Base(f), info.Mode(), err)
		}
	}
}

func TestOpen_any_path(t *testing.T) {
	name := "a?b#c%20d é 'quoted' &mode=ro"
	if runtime.GOOS == "windows" {
		name = strings.ReplaceAll(name, "?", "") // which no name there may have
	}
	folder := filepath.Join(t.TempDir(), name)
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "test.db")
	storeSetting(t, mustOpen(t, path))
	if files, err := os.ReadDir(folder); err != nil || len(files) != 3 {
		t.Errorf("files: %v, %v", files, err)
	}
}

func TestOpen_an_empty_file_is_a_new_database(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	record, err := mustOpen(t, path).Vault().Vault(t.Context())
	if err != nil || record.VaultID != "" || record.HasSealedData {
		t.Errorf("vault = %+v, %v", record, err)
	}
}

func TestOpenReadOnly_beside_an_open_program(t *testing.T) {
	path := filled(t)
	mustOpen(t, path)
	db, err := sqlite.OpenReadOnly(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // only read
	if list, err := db.Accounts(nil).Accounts(t.Context()); err != nil || len(list) != 60 {
		t.Errorf("%d accounts, %v", len(list), err)
	}
	if err := db.Settings().SetSetting(t.Context(), "a", "b"); err == nil {
		t.Error("it can be written")
	}
	if _, err := sqlite.OpenReadOnly(t.Context(), path+".none"); kite.ErrorCode(err) != kite.ENOTFOUND {
		t.Errorf("missing file: %v", err)
	}
}

func TestSecrets_of_another_row_do_not_open_and_hurt_only_themselves(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	db := mustOpen(t, path)
	store := db.Accounts(&kitetest.Sealer{})
	for _, id := range []string{"one", "two", "three"} {
		set := kite.SecretChanges{APISecret: kite.SecretChange{Set: kite.NewSecret("secret " + id)}}
		if err := store.CreateAccount(t.Context(), kitetest.Account(id), set); err != nil {
			t.Fatal(err)
		}
	}
	swap(t, db.DB)
	for id, want := range map[string]string{"one": kite.EDATA, "two": kite.EDATA, "three": ""} {
		if _, err := store.Secrets(t.Context(), id); kite.ErrorCode(err) != want {
			t.Errorf("%s: %v, want %q", id, err, want)
		}
	}
}

func swap(t *testing.T, db *sql.DB) {
	t.Helper()
	_, err := db.ExecContext(t.Context(), `CREATE TEMP TABLE was AS SELECT account_id, api_secret FROM kite_accounts;
		UPDATE kite_accounts SET api_secret = (SELECT api_secret FROM was WHERE was.account_id <> kite_accounts.account_id AND was.account_id <> 'three')
		WHERE account_id IN ('one', 'two')`)
	if err != nil {
		t.Fatal(err)
	}
}
