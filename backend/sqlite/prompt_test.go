package sqlite_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

// finished is a database with one account, closed.
func finished(t *testing.T) (path string, a kite.Account) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "kite-accounts.db")
	db, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	a = kitetest.Account("one")
	if err := errors.Join(db.Accounts(nil).CreateAccount(t.Context(), a, kite.SecretChanges{}), db.Close()); err != nil {
		t.Fatal(err)
	}
	return path, a
}

// pragma reads one number.
func pragma(t *testing.T, db *sqlite.DB, name string) (value int) {
	t.Helper()
	if err := db.QueryRowContext(t.Context(), "PRAGMA "+name).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

const normal, full = 1, 2 // of PRAGMA synchronous

func TestOpenPrompt_keeps_what_was_left_behind(t *testing.T) {
	path, a := finished(t)
	db, err := sqlite.OpenPrompt(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if pragma(t, db, "synchronous") != normal || pragma(t, db, "foreign_keys") != 1 || pragma(t, db, "trusted_schema") != 0 {
		t.Error("it isn't opened as it should be")
	}
	entry := kite.HistoryEntry{At: time.Now(), AccountID: a.ID, Kind: kite.HistoryExport, OK: true, Detail: "Handed out."}
	if err := errors.Join(db.History().Record(t.Context(), entry), db.Leave(path)); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path + "-wal"); err != nil || info.Size() == 0 {
		t.Errorf("the log isn't there: %v", err)
	}
	t.Cleanup(func() { _ = db.Close() }) // stands for the process that ended
	for _, open := range []func() (*sqlite.DB, error){
		func() (*sqlite.DB, error) { return sqlite.OpenReadOnly(t.Context(), path) },
		func() (*sqlite.DB, error) { return sqlite.OpenPrompt(t.Context(), path) },
		func() (*sqlite.DB, error) { return sqlite.Open(t.Context(), path) },
	} {
		again, err := open()
		if err != nil {
			t.Fatal(err)
		}
		entries, err := again.History().History(t.Context(), kite.HistoryFilter{Kind: kite.HistoryExport})
		if err != nil || len(entries) != 1 || entries[0].Detail != "Handed out." {
			t.Errorf("history = %v, %v", entries, err)
		}
		if err := again.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestLeave_closes_once_the_log_is_long(t *testing.T) {
	path, a := finished(t)
	for i := range 200 {
		db, err := sqlite.OpenPrompt(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		entry := kite.HistoryEntry{At: time.Now(), AccountID: a.ID, Kind: kite.HistoryExport, OK: true, Detail: fmt.Sprint(i)}
		if err := errors.Join(db.History().Record(t.Context(), entry), db.Leave(path)); err != nil {
			t.Fatal(err)
		}
		if db.PingContext(t.Context()) != nil { // it was closed
			if i < 5 {
				t.Errorf("it waited for the disk after %d lines already", i)
			}
			return
		}
		t.Cleanup(func() { _ = db.Close() })
	}
	t.Error("the log grows without end")
}

func TestOpenPrompt_makes_no_database(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kite-accounts.db")
	if _, err := sqlite.OpenPrompt(t.Context(), path); kite.ErrorCode(err) != kite.ENOTFOUND {
		t.Errorf("none: %v", err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Error("it made one")
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.OpenPrompt(t.Context(), path); kite.ErrorCode(err) != kite.ENOTFOUND {
		t.Errorf("an empty file: %v", err)
	}
}

func TestOpenPrompt_leaves_the_rest_to_Open(t *testing.T) {
	for name, c := range map[string]struct {
		prepare func(t *testing.T, path string)
		code    string
	}{
		"others can read it": {func(t *testing.T, path string) {
			t.Helper()
			if err := os.Chmod(path, 0o644); err != nil { //nolint:gosec // loosened on purpose
				t.Fatal(err)
			}
		}, ""},
		"an older schema": {func(t *testing.T, path string) { t.Helper(); setVersion(t, path, 2) }, ""},
		"a newer schema":  {func(t *testing.T, path string) { t.Helper(); setVersion(t, path, 99) }, kite.EDATA},
		"another program's": {func(t *testing.T, path string) {
			t.Helper()
			if err := os.WriteFile(path, []byte("something else altogether, and long enough to have a header of one hundred bytes, or so they say here"), 0o600); err != nil {
				t.Fatal(err)
			}
		}, kite.EDATA},
	} {
		t.Run(name, func(t *testing.T) {
			path, a := finished(t)
			c.prepare(t, path)
			db, err := sqlite.OpenPrompt(t.Context(), path)
			if kite.ErrorCode(err) != c.code {
				t.Fatalf("OpenPrompt = %v", err)
			}
			if err != nil {
				return
			}
			defer db.Close() //nolint:errcheck // only read
			if pragma(t, db, "synchronous") != full {
				t.Error("it was opened without a look")
			}
			if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("mode = %v, %v", info.Mode(), err)
			}
			if _, err := db.Accounts(nil).Account(t.Context(), a.ID); err != nil {
				t.Error(err)
			}
		})
	}
}

// setVersion changes what the header says.
func setVersion(t *testing.T, path string, version int) {
	t.Helper()
	db, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.ExecContext(t.Context(), fmt.Sprintf("PRAGMA user_version = %d", version))
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestAccountsNamed_has_all_that_FindAccount_could_mean(t *testing.T) {
	path, _ := finished(t)
	db, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // the test is over
	for i, c := range [][2]string{{"Család", "csalad"}, {"CSALAD", "other"}, {"Straße", "strasse"}, {"परिवार", ""}, {"K 1", "k-1"}} {
		a := kitetest.Account(fmt.Sprintf("id%d", i))
		a.Name, a.Slug = c[0], c[1]
		if err := db.Accounts(nil).CreateAccount(t.Context(), a, kite.SecretChanges{}); err != nil {
			t.Fatal(err)
		}
	}
	all, err := db.Accounts(nil).Accounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, typed := range []string{"család", "csalad", "CSALÁD", "Other", "other", "STRASSE", "straße", "परिवार", "", "k 1", "\u212a 1", "nobody"} {
		some, err := db.Accounts(nil).AccountsNamed(t.Context(), typed)
		if err != nil {
			t.Fatal(err)
		}
		of, ofErr := kite.FindAccount(some, typed)
		want, wantErr := kite.FindAccount(all, typed)
		if of.ID != want.ID || kite.ErrorCode(ofErr) != kite.ErrorCode(wantErr) {
			t.Errorf("%q: %s (%v), of all %s (%v)", typed, of.Name, ofErr, want.Name, wantErr)
		}
	}
}

func TestOverview_agrees_with_Accounts_and_LatestSessions(t *testing.T) {
	path, _ := finished(t)
	db, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // the test is over
	accounts, sessions := db.Accounts(nil), db.Sessions(&kitetest.Sealer{})
	for i := range 40 {
		a := kitetest.Account(fmt.Sprintf("id%02d", i))
		a.CreatedAt = a.CreatedAt.Add(-time.Duration(i%7) * time.Hour) // not in the order of rows
		err := accounts.CreateAccount(t.Context(), a, kite.SecretChanges{})
		for n := range i % 4 { // none, one or more sessions; some ended
			s := kitetest.Session(fmt.Sprintf("s%d of %s", n, a.ID), a, kitetest.Morning.Add(time.Duration(i+n)*time.Minute))
			err = errors.Join(err, sessions.SaveSession(t.Context(), s, kitetest.Tokens("1")))
			if i%3 == 0 {
				err = errors.Join(err, sessions.EndSession(t.Context(), s.ID, kite.EndedLoggedOut, kitetest.Morning))
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	overview, err := accounts.Overview(t.Context())
	all, allErr := accounts.Accounts(t.Context())
	latest, latestErr := sessions.LatestSessions(t.Context())
	if err := errors.Join(err, allErr, latestErr); err != nil || len(overview) != len(all) {
		t.Fatalf("%d of %d, %v", len(overview), len(all), err)
	}
	for i, o := range overview {
		a := all[i]
		if o.Name != a.Name || o.Slug != a.Slug || o.ClientID != a.ClientID || o.Type != a.Type {
			t.Errorf("%d: %+v, want %+v", i, o, a)
		}
		s, has := latest[a.ID]
		switch got := o.Session(); {
		case (got != nil) != has:
			t.Errorf("%s: session %v, want %t", a.Name, got, has)
		case has && (got.Status != s.Status || (s.Status == kite.Active && !got.ExpiresAt.Equal(s.ExpiresAt))):
			t.Errorf("%s: %+v, want %+v", a.Name, got, s)
		}
	}
}
