package sqlite_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

// released is a copy of a fixture.
func released(t *testing.T, version int64, kind kite.SlotKind) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.db")
	if err := os.WriteFile(path, read(t, fixturePath(version, kind)), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// forEveryRelease runs the test with both databases of each schema up to this
// program's.
func forEveryRelease(t *testing.T, test func(t *testing.T, version int64, kind kite.SlotKind)) {
	t.Helper()
	for version := int64(1); version <= sqlite.Newest; version++ {
		for _, kind := range fixtureKinds {
			t.Run(fmt.Sprintf("version %d, %s", version, kind), func(t *testing.T) { test(t, version, kind) })
		}
	}
}

// contents are the columns and rows of every table, but for the list of
// migrations.
func contents(t *testing.T, path string) map[string]table {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+path+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // only read
	rows, err := db.QueryContext(t.Context(), "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> 'goose_db_version'")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	all := map[string]table{}
	for _, name := range names {
		all[name] = tableOf(t, db, name)
	}
	return all
}

type table struct {
	columns []string
	rows    [][]any
}

func tableOf(t *testing.T, db *sql.DB, name string) (all table) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "SELECT * FROM "+name+" ORDER BY rowid")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	if all.columns, err = rows.Columns(); err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		values, into := make([]any, len(all.columns)), make([]any, len(all.columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		all.rows = append(all.rows, values)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// only are the rows without the columns that others don't have.
func (t table) only(columns []string) (rows [][]any) {
	for _, row := range t.rows {
		var kept []any
		for _, c := range columns {
			if i := slices.Index(t.columns, c); i >= 0 {
				kept = append(kept, row[i])
			}
		}
		rows = append(rows, kept)
	}
	return rows
}

func TestUpgrade_from_every_release_keeps_every_row(t *testing.T) {
	forEveryRelease(t, func(t *testing.T, version int64, kind kite.SlotKind) {
		path := released(t, version, kind)
		before := contents(t, path)
		if len(before["kite_accounts"].rows) != len(fixtureAccounts()) || len(before["kite_sessions"].rows) != 6 || len(before["key_slots"].rows) != 1 {
			t.Fatalf("the fixture lacks something: %v", before)
		}
		upgrade(t, path)
		after := contents(t, path)
		for name, was := range before {
			if got := after[name].only(was.columns); !reflect.DeepEqual(got, was.rows) {
				t.Errorf("%s\nbefore %v\nafter  %v", name, was.rows, got)
			}
		}
		if v := schemaVersion(t, path); v != sqlite.Newest {
			t.Errorf("the schema has version %d", v)
		}
		if version < sqlite.Newest {
			copied := fmt.Sprintf("%s.before-%d", path, version+1)
			if got := contents(t, copied); !reflect.DeepEqual(got, before) || schemaVersion(t, copied) != version {
				t.Errorf("copy   %v\nbefore %v", got, before)
			}
		} else if got := beside(t, path); len(got) != 0 {
			t.Errorf("nothing was to be done, but beside it are %q", got)
		}
	})
}

func TestUpgrade_from_every_release_opens_every_secret(t *testing.T) {
	forEveryRelease(t, func(t *testing.T, version int64, kind kite.SlotKind) {
		db := mustOpen(t, released(t, version, kind))
		sealer := fixtureVault(t, db, kind, fixtureKeyring(t))
		accounts, err := db.Accounts(sealer).Accounts(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(accounts) != len(fixtureAccounts()) {
			t.Fatalf("accounts: %+v", accounts)
		}
		for i, want := range fixtureAccounts() {
			if !reflect.DeepEqual(accounts[i], want.Account) {
				t.Errorf("account\n%#v, want\n%#v", accounts[i], want.Account)
			}
			secrets, err := db.Accounts(sealer).Secrets(t.Context(), want.ID)
			if err != nil || !secrets.Password.Equal(want.secrets.Password) || !secrets.APISecret.Equal(want.secrets.APISecret) {
				t.Errorf("secrets of %s: %v", want.Name, err)
			}
			expectSessions(t, db.Sessions(sealer), want)
		}
	})
}

func expectSessions(t *testing.T, store *sqlite.SessionStore, want fixtureAccount) {
	t.Helper()
	got, err := store.Sessions(t.Context(), want.ID, time.Time{})
	if err != nil || len(got) != len(want.sessions) {
		t.Fatalf("sessions of %s: %+v, %v", want.Name, got, err)
	}
	for i, s := range want.sessions {
		if !reflect.DeepEqual(got[i], s.Session) {
			t.Errorf("session\n%+v, want\n%+v", got[i], s.Session)
		}
		tokens, err := store.Tokens(t.Context(), s.ID)
		switch {
		case s.tokens.Access.Empty():
			if kite.ErrorCode(err) != kite.ENOTFOUND {
				t.Errorf("erased tokens of %s: %v", s.ID, err)
			}
		case err != nil, !tokens.Access.Equal(s.tokens.Access), !tokens.Request.Equal(s.tokens.Request),
			!tokens.Public.Equal(s.tokens.Public), !tokens.Refresh.Equal(s.tokens.Refresh):
			t.Errorf("tokens of %s: %v", s.ID, err)
		}
	}
}

// What later releases added is as it is in a database of today: preferences
// that mean the same, a history, notices and programs where there were some.
func TestUpgrade_from_every_release_is_used_like_a_database_of_today(t *testing.T) {
	forEveryRelease(t, func(t *testing.T, version int64, kind kite.SlotKind) {
		db := mustOpen(t, released(t, version, kind))
		preferences, err := kite.LoadPreferences(t.Context(), db.Settings())
		theme := map[bool]string{true: "dark", false: "system"}[version >= 2] // the first release had none
		if err != nil || preferences.Theme != theme {
			t.Errorf("preferences %+v, %v", preferences, err)
		}
		past, err := db.History().History(t.Context(), kite.HistoryFilter{})
		if err != nil || len(past) > 0 != (version >= 2) {
			t.Errorf("history %+v, %v", past, err)
		}
		if version >= 2 && !strings.Contains(past[0].AccountName, "Removed אבא 🪁") {
			t.Errorf("the newest of the history is %+v", past[0])
		}
		shown, err := db.Notices().Shown(t.Context())
		if err != nil || len(shown) > 0 != (version >= 2) {
			t.Errorf("notices %+v, %v", shown, err)
		}
		programs, err := db.Clients().Clients(t.Context())
		if err != nil || len(programs) > 0 != (version >= 3) {
			t.Errorf("programs %+v, %v", programs, err)
		}
		if err := db.Sessions(nil).EndSession(t.Context(), "session-AB1231-2", kite.EndedLoggedOut, time.Now().UTC()); err != nil {
			t.Error(err)
		}
		if err := db.Accounts(nil).DeleteAccount(t.Context(), fixtureAccounts()[1].ID); err != nil {
			t.Error(err)
		}
	})
}
