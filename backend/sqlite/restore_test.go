package sqlite_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

// restored is a database with the accounts one, two and three, of which one is
// logged in since ten o'clock.
func restored(t *testing.T) (*sqlite.DB, *kitetest.Sealer) {
	t.Helper()
	db, sealer := mustOpen(t, filepath.Join(t.TempDir(), "test.db")), &kitetest.Sealer{}
	for _, id := range []string{"one", "two", "three"} {
		set := kite.SecretChanges{APISecret: kite.SecretChange{Set: kite.NewSecret("secret " + id)}}
		if err := db.Accounts(sealer).CreateAccount(t.Context(), kitetest.Account(id), set); err != nil {
			t.Fatal(err)
		}
	}
	session := kitetest.Session("living", kitetest.Account("one"), kitetest.Morning)
	if err := db.Sessions(sealer).SaveSession(t.Context(), session, kitetest.Tokens("living")); err != nil {
		t.Fatal(err)
	}
	return db, sealer
}

var later = kitetest.Morning.Add(time.Hour)

// dump is every row of every table, sealed values included.
func dump(t *testing.T, db *sqlite.DB) string {
	t.Helper()
	var all strings.Builder
	for _, table := range []string{"kite_accounts", "kite_sessions", "settings", "history"} {
		rows, err := db.QueryContext(t.Context(), "SELECT * FROM "+table+" ORDER BY rowid")
		if err != nil {
			t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			if err := rows.Scan(values...); err != nil {
				t.Fatal(err)
			}
			for i := range values {
				fmt.Fprintf(&all, "%s.%s=%v\n", table, columns[i], *values[i].(*any))
			}
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}

func TestRestoration_does_everything(t *testing.T) {
	db, sealer := restored(t)
	r := db.Restoration(sealer)
	four := kitetest.Account("four")
	four.LastLoginAt, four.CreatedAt, four.UpdatedAt = kitetest.Morning, kitetest.Morning.Add(-time.Hour), later
	two := kitetest.Account("two")
	two.PhoneNumber, two.UpdatedAt = "", later
	preferences := kite.DefaultPreferences()
	preferences.Theme = "dark"
	r.Remove("three")
	r.Remove("was never there")
	r.Update(two, kite.SecretChanges{APISecret: kite.SecretChange{Clear: true}, Password: kite.SecretChange{Set: kite.NewSecret("pass two")}})
	r.Create(four, kite.Secrets{APISecret: kite.NewSecret("secret four")})
	r.LogIn(kitetest.Session("brought", four, kitetest.Morning), kitetest.Tokens("brought"))
	five := kitetest.Account("five")
	five.LastLoginAt = kitetest.Morning.Add(-time.Hour)
	r.Create(five, kite.Secrets{})
	r.Prefer(preferences)
	before := dump(t, db)
	if before != dump(t, db) {
		t.Error("something happened before Commit")
	}
	if err := r.Commit(t.Context(), later); err != nil {
		t.Fatal(err)
	}
	accounts, err := db.Accounts(sealer).Accounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	byID := map[string]kite.Account{}
	for _, a := range accounts {
		byID[a.ID] = a
	}
	if a := byID["four"]; len(byID) != 4 || !byID["five"].LastLoginAt.Equal(five.LastLoginAt) || !a.CreatedAt.Equal(four.CreatedAt) || !a.LastLoginAt.Equal(kitetest.Morning) || !a.UpdatedAt.Equal(later) || !a.HasAPISecret || a.HasPassword {
		t.Errorf("%+v", byID)
	}
	if a := byID["two"]; a.PhoneNumber != "" || !a.HasPassword || a.HasAPISecret || a.Name != "Account two" {
		t.Errorf("%+v", a)
	}
	if s, err := db.Accounts(sealer).Secrets(t.Context(), "four"); err != nil || s.APISecret.Reveal() != "secret four" {
		t.Errorf("secret of four: %v", err)
	}
	if tokens, err := db.Sessions(sealer).Tokens(t.Context(), "brought"); err != nil || tokens.Access.Reveal() != "accessbrought" {
		t.Errorf("token of four: %v", err)
	}
	if p, err := kite.LoadPreferences(t.Context(), db.Settings()); err != nil || p.Theme != "dark" {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestRestoration_that_fails_in_the_middle_changes_nothing(t *testing.T) {
	nonsense := kite.DefaultPreferences()
	nonsense.Theme = "none"
	clash := kitetest.Account("five")
	clash.Name = "Account one"
	noType := kitetest.Account("five")
	noType.Type = "none"
	twoAsThree := kitetest.Account("two")
	twoAsThree.Slug = kitetest.Account("three").Slug
	for name, c := range map[string]struct {
		last func(r *sqlite.Restoration)
		code string
	}{
		"name is taken":        {func(r *sqlite.Restoration) { r.Create(clash, kite.Secrets{}) }, kite.ECONFLICT},
		"ID is taken":          {func(r *sqlite.Restoration) { a := kitetest.Account("six"); a.ID = "one"; r.Create(a, kite.Secrets{}) }, kite.ECONFLICT},
		"slug is taken":        {func(r *sqlite.Restoration) { r.Update(twoAsThree, kite.SecretChanges{}) }, kite.ECONFLICT},
		"account is gone":      {func(r *sqlite.Restoration) { r.Update(kitetest.Account("gone"), kite.SecretChanges{}) }, kite.ENOTFOUND},
		"the schema refuses":   {func(r *sqlite.Restoration) { r.Create(noType, kite.Secrets{}) }, kite.EINTERNAL},
		"preferences nonsense": {func(r *sqlite.Restoration) { r.Prefer(nonsense) }, kite.EINVALID},
		"session of nobody": {func(r *sqlite.Restoration) {
			r.LogIn(kitetest.Session("nobody's", kitetest.Account("nobody"), kitetest.Morning), kitetest.Tokens("x"))
		}, kite.ENOTFOUND},
	} {
		t.Run(name, func(t *testing.T) {
			db, sealer := restored(t)
			before := dump(t, db)
			r := db.Restoration(sealer)
			if name != "slug is taken" {
				r.Remove("three")
			}
			r.Create(kitetest.Account("four"), kite.Secrets{APISecret: kite.NewSecret("secret four")})
			r.LogIn(kitetest.Session("brought", kitetest.Account("four"), kitetest.Morning), kitetest.Tokens("brought"))
			c.last(r)
			if err := r.Commit(t.Context(), later); kite.ErrorCode(err) != c.code {
				t.Errorf("Commit = %v, want %s", err, c.code)
			}
			if after := dump(t, db); after != before {
				t.Errorf("before\n%s\nafter\n%s", before, after)
			}
		})
	}
}

func TestRestoration_with_a_locked_vault_changes_nothing(t *testing.T) {
	db, sealer := restored(t)
	before := dump(t, db)
	r := db.Restoration(sealer)
	sealer.Locked = true
	r.Remove("three")
	r.Create(kitetest.Account("four"), kite.Secrets{APISecret: kite.NewSecret("secret four")})
	if err := r.Commit(t.Context(), later); kite.ErrorCode(err) != kite.ELOCKED {
		t.Errorf("Commit = %v", err)
	}
	if dump(t, db) != before {
		t.Error("something was changed")
	}
}

func TestRestoration_lets_names_go_round(t *testing.T) {
	db, sealer := restored(t)
	one, two, three := kitetest.Account("one"), kitetest.Account("two"), kitetest.Account("three")
	one.Name, one.Slug, two.Name, two.Slug, three.Name, three.Slug = two.Name, two.Slug, three.Name, three.Slug, one.Name, one.Slug
	r := db.Restoration(sealer)
	for _, a := range []kite.Account{one, two, three} {
		r.Update(a, kite.SecretChanges{})
	}
	if err := r.Commit(t.Context(), later); err != nil {
		t.Fatal(err)
	}
	for id, name := range map[string]string{"one": "Account two", "two": "Account three", "three": "Account one"} {
		a, err := db.Accounts(sealer).Account(t.Context(), id)
		if err != nil || a.Name != name || !a.HasAPISecret {
			t.Errorf("%s: %+v, %v", id, a, err)
		}
	}
}

func TestRestoration_refuses_to_lose_a_living_session(t *testing.T) {
	other := kitetest.Account("one")
	other.APIKey = "otherkey"
	for name, change := range map[string]func(r *sqlite.Restoration){
		"removed":       func(r *sqlite.Restoration) { r.Remove("one") },
		"another app's": func(r *sqlite.Restoration) { r.Update(other, kite.SecretChanges{}) },
	} {
		t.Run(name, func(t *testing.T) {
			db, sealer := restored(t)
			r := db.Restoration(sealer)
			change(r)
			err := r.Commit(t.Context(), later)
			if e := kite.AsError(err); err == nil || e.Code != kite.ECONFLICT || !strings.Contains(e.Message, "Account one has an active session") {
				t.Errorf("Commit = %v", err)
			}
			if err := db.Sessions(sealer).EndSession(t.Context(), "living", kite.EndedLoggedOut, later); err != nil {
				t.Fatal(err)
			}
			if err := r.Commit(t.Context(), later); err != nil {
				t.Errorf("logged out: %v", err)
			}
		})
	}
}

func TestRestoration_of_sessions(t *testing.T) {
	one := kitetest.Account("one")
	session := func(id string, login time.Time) kite.Session { return kitetest.Session(id, one, login) }
	for name, c := range map[string]struct {
		session kite.Session
		ended   kite.EndedReason
		newest  string
	}{
		"older than the living one":   {session("brought", kitetest.Morning.Add(-time.Minute)), "", "living"},
		"as old as it":                {session("brought", kitetest.Morning), "", "living"},
		"newer":                       {session("brought", kitetest.Morning.Add(time.Minute)), "", "brought"},
		"the living one itself":       {session("living", kitetest.Morning), "", "living"},
		"one that was ended here":     {session("living", kitetest.Morning.Add(time.Minute)), kite.EndedLoggedOut, "living"},
		"older than one that ended":   {session("brought", kitetest.Morning.Add(-time.Minute)), kite.EndedLoggedOut, "living"},
		"newer than the one ended":    {session("brought", kitetest.Morning.Add(time.Minute)), kite.EndedLoggedOut, "brought"},
		"newer than one that expired": {session("brought", kitetest.Morning.Add(time.Minute)), kite.EndedExpired, "brought"},
		"of another account's number": {kitetest.Session("living", kitetest.Account("two"), kitetest.Morning.Add(time.Minute)), "", "living"},
	} {
		t.Run(name, func(t *testing.T) {
			db, sealer := restored(t)
			sessions := db.Sessions(sealer)
			if c.ended != "" {
				if err := sessions.EndSession(t.Context(), "living", c.ended, later); err != nil {
					t.Fatal(err)
				}
			}
			before := dump(t, db)
			r := db.Restoration(sealer)
			r.LogIn(c.session, kitetest.Tokens("brought"))
			if err := r.Commit(t.Context(), later); err != nil {
				t.Fatal(err)
			}
			newest, err := sessions.LatestSession(t.Context(), "one")
			if err != nil || newest.ID != c.newest {
				t.Fatalf("newest %+v, %v", newest, err)
			}
			if c.newest == "living" {
				if dump(t, db) != before {
					t.Error("something was changed")
				}
				return
			}
			if newest.Status != kite.Active || !newest.ExpiresAt.Equal(c.session.ExpiresAt) {
				t.Errorf("%+v", newest)
			}
			if _, err := sessions.Tokens(t.Context(), "living"); kite.ErrorCode(err) != kite.ENOTFOUND {
				t.Errorf("the one before keeps its token: %v", err)
			}
			all, err := sessions.Sessions(t.Context(), "one", time.Time{})
			if err != nil || !slices.ContainsFunc(all, func(s kite.Session) bool { return s.ID == "living" && s.Status == kite.Expired }) {
				t.Errorf("%+v, %v", all, err)
			}
			a, err := db.Accounts(sealer).Account(t.Context(), "one")
			if err != nil || !a.LastLoginAt.Equal(c.session.LoginTime) {
				t.Errorf("%+v, %v", a, err)
			}
		})
	}
}
