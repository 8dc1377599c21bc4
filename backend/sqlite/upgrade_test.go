package sqlite_test

import (
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

// versionOne is a copy of a database that the first release wrote.
func versionOne(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.db")
	if err := os.WriteFile(path, read(t, "testdata/version-1.db"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// rowsOf is everything in the tables and columns of the first release.
func rowsOf(t *testing.T, path string) map[string][]string {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+path+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // only read
	all := map[string][]string{}
	for _, table := range []string{"vault", "key_slots", "settings", "kite_accounts", "kite_sessions"} {
		all[table] = rowsIn(t, db, table)
	}
	return all
}

func rowsIn(t *testing.T, db *sql.DB, table string) (all []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "SELECT rowid, * FROM "+table+" ORDER BY rowid")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	released := slices.IndexFunc(columns, func(c string) bool { return c == "slug" })
	if released < 0 {
		released = len(columns)
	}
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		all = append(all, fmt.Sprintf("%q %#v", columns[:released], values[:released]))
	}
	if err := rows.Err(); err != nil || len(all) == 0 {
		t.Fatalf("%d rows in %s, %v", len(all), table, err)
	}
	return all
}

func TestUpgrade_from_version_1_keeps_all_data(t *testing.T) {
	path := versionOne(t)
	before := rowsOf(t, path)
	db := mustOpen(t, path)
	if after := rowsOf(t, path); !reflect.DeepEqual(after, before) {
		t.Errorf("before %v\nafter  %v", before, after)
	}
	sealer := &kitetest.Sealer{}
	accounts, err := db.Accounts(sealer).Accounts(t.Context())
	if err != nil || len(accounts) != 3 {
		t.Fatalf("accounts = %+v, %v", accounts, err)
	}
	for _, a := range accounts {
		secrets, err := db.Accounts(sealer).Secrets(t.Context(), a.ID)
		if err != nil || !secrets.Password.Equal(kite.NewSecret("password of "+a.ID)) || !secrets.APISecret.Equal(kite.NewSecret("secret of "+a.ID)) {
			t.Errorf("secrets of %s: %v", a.ID, err)
		}
	}
	latest, err := db.Sessions(sealer).LatestSession(t.Context(), "one")
	if want := kitetest.Session("one-3", kitetest.Account("one"), kitetest.Morning); err != nil || !reflect.DeepEqual(*latest, want) {
		t.Errorf("latest = %+v, %v", latest, err)
	}
	tokens, err := db.Sessions(sealer).Tokens(t.Context(), "one-3")
	if err != nil || !tokens.Access.Equal(kite.NewSecret("accessone-3")) {
		t.Errorf("tokens: %v", err)
	}
}

func TestUpgrade_from_version_1_begins_a_history(t *testing.T) {
	db := mustOpen(t, versionOne(t))
	if err := db.Sessions(nil).EndSession(t.Context(), "one-3", kite.EndedExpired, kitetest.Morning.Add(20*time.Hour)); err != nil {
		t.Fatal(err)
	}
	entries, err := db.History().History(t.Context(), kite.HistoryFilter{})
	if err != nil || len(entries) != 1 || entries[0].Kind != kite.HistoryExpired || entries[0].AccountName != "Größe 'one'" {
		t.Errorf("history = %+v, %v", entries, err)
	}
	past, err := db.Sessions(nil).Sessions(t.Context(), "one", time.Time{})
	if err != nil || len(past) != 3 || past[0].ID != "one-1" || past[2].ID != "one-3" {
		t.Errorf("past sessions = %+v, %v", past, err)
	}
}

func TestVersion_1_is_left_alone_by_a_program_that_only_reads(t *testing.T) {
	path := versionOne(t)
	before := sha256.Sum256(read(t, path))
	_, err := sqlite.OpenReadOnly(t.Context(), path)
	if e := kite.AsError(err); err == nil || e.Code != kite.EDATA || !strings.Contains(e.Message, "older version") {
		t.Errorf("OpenReadOnly = %v", err)
	}
	if sha256.Sum256(read(t, path)) != before {
		t.Error("the file was changed")
	}
}

func TestVersion_of_tomorrow_is_refused_and_left_untouched(t *testing.T) {
	path := versionOne(t)
	if err := mustOpen(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	tomorrow := sqlite.Newest + 1
	overwrite(t, path, 60, []byte{0, 0, 0, byte(tomorrow)}) // user_version
	before := sha256.Sum256(read(t, path))
	_, err := sqlite.Open(t.Context(), path)
	var problem *sqlite.Problem
	if !errors.As(err, &problem) || problem.Kind != sqlite.Newer || !strings.Contains(err.Error(), fmt.Sprintf("schema has version %d, this program knows version %d", tomorrow, sqlite.Newest)) {
		t.Errorf("Open = %v", err)
	}
	if sha256.Sum256(read(t, path)) != before {
		t.Error("the file was changed")
	}
}

// addToVersionOne adds accounts, by ID, as the first release did.
func addToVersionOne(t *testing.T, path string, accounts ...[2]string) {
	t.Helper()
	old, err := sql.Open("sqlite3", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range accounts {
		_, err := old.ExecContext(t.Context(), `INSERT INTO kite_accounts SELECT ?1, ?2, ?3, ?1, phone_number, NULL, api_key, NULL, account_type,
			callback_url, postback_url, login_url, api_root, ttl, allowed_hosts, NULL, created_at, updated_at FROM kite_accounts WHERE account_id = 'one'`, a[0], a[1], strings.ToLower(a[1]))
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
}

// A program that says "a-b" must not mean two accounts.
func TestUpgrade_gives_no_account_a_short_name_that_another_is_called_by(t *testing.T) {
	path := versionOne(t)
	addToVersionOne(t, path, [2]string{"1b5e9f4a-1111", "A B"}, [2]string{"2b5e9f4a-2222", "A-b"}, [2]string{"3b5e9f4a-3333", "a!b"})
	store := mustOpen(t, path).Accounts(nil)
	for name, id := range map[string]string{
		"a-b": "2b5e9f4a-2222", "A B": "1b5e9f4a-1111", "a!b": "3b5e9f4a-3333",
		"a-b-1b5e9f4a": "1b5e9f4a-1111", "a-b-3b5e9f4a": "3b5e9f4a-3333",
	} {
		all, err := store.AccountsNamed(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		if a, err := kite.FindAccount(all, name); err != nil || a.ID != id {
			t.Errorf("%s: %s, %v", name, a.ID, err)
		}
	}
}

func TestUpgrade_gives_every_account_a_short_name_of_its_own(t *testing.T) {
	path := versionOne(t)
	addToVersionOne(t, path, [2]string{"0b5e9f4a-1111", "family."}, [2]string{"0c5e9f4a-2222", "Family!"}, [2]string{"0d5e9f4a-3333", "परिवार"})
	accounts, err := mustOpen(t, path).Accounts(nil).Accounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	for _, a := range accounts {
		if other, twice := seen[a.Slug]; twice || a.Validate() != nil && a.Slug == "" || a.LoginWay != kite.LoginInWindow {
			t.Errorf("%s: slug %q (also of %s), way %q", a.Name, a.Slug, other, a.LoginWay)
		}
		seen[a.Slug] = a.Name
	}
	for slug, name := range map[string]string{"gr-e-one": "Größe 'one'", "family": "Family", "huf": "HUF", "0d5e9f4a-3333": "परिवार"} {
		if seen[slug] != name {
			t.Errorf("%s is %q, want %q; all %v", slug, seen[slug], name, seen)
		}
	}
}
