package sqlite_test

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

// crashed copies the database as a program leaves it that is killed after do:
// the last commits are in the -wal only. It returns the copy's path.
func crashed(t *testing.T, path string, do func(t *testing.T, db *sqlite.DB)) string {
	t.Helper()
	db, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	do(t, db)
	copied := filepath.Join(t.TempDir(), "test.db")
	for _, ending := range []string{"", "-wal"} {
		if err := os.WriteFile(copied+ending, read(t, path+ending), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if len(read(t, copied+"-wal")) == 0 {
		t.Fatal("the -wal is empty")
	}
	return copied
}

func execute(t *testing.T, db *sqlite.DB, statement string) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func storeSetting(t *testing.T, db *sqlite.DB) {
	t.Helper()
	if err := db.Settings().SetSetting(t.Context(), "last", "commit"); err != nil {
		t.Fatal(err)
	}
}

// sums are those of the database and its -wal.
func sums(t *testing.T, path string) string {
	t.Helper()
	return fmt.Sprintf("%x %x", sha256.Sum256(read(t, path)), sha256.Sum256(read(t, path+"-wal")))
}

func TestOpen_replays_what_a_killed_program_had_committed(t *testing.T) {
	path := crashed(t, filled(t), storeSetting)
	if got, err := mustOpen(t, path).Settings().Setting(t.Context(), "last"); got != "commit" || err != nil {
		t.Errorf("setting = %q, %v", got, err)
	}
}

func TestOpen_refuses_what_a_killed_program_left_and_merges_nothing(t *testing.T) {
	for name, c := range map[string]struct {
		make func(t *testing.T) string
		kind sqlite.ProblemKind
	}{
		"newer schema in the -wal": {func(t *testing.T) string {
			t.Helper()
			return crashed(t, filled(t), func(t *testing.T, db *sqlite.DB) { t.Helper(); execute(t, db, "PRAGMA user_version = 999") })
		}, sqlite.Newer},
		"pages overwritten": {func(t *testing.T) string {
			t.Helper()
			path := crashed(t, filled(t), storeSetting)
			overwrite(t, path, 4096, bytes.Repeat([]byte{0xA5}, 8*4096))
			return path
		}, sqlite.Damaged},
		"another database's -wal": {func(t *testing.T) string {
			t.Helper()
			path, other := filled(t), filepath.Join(t.TempDir(), "other.db")
			if err := mustOpen(t, other).Close(); err != nil { // without accounts, so with fewer pages
				t.Fatal(err)
			}
			alien := crashed(t, other, storeSetting)
			if err := os.WriteFile(path+"-wal", read(t, alien+"-wal"), 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		}, sqlite.Damaged},
	} {
		t.Run(name, func(t *testing.T) {
			path := c.make(t)
			before := sums(t, path)
			_, err := sqlite.Open(t.Context(), path)
			var problem *sqlite.Problem
			if !errors.As(err, &problem) || problem.Kind != c.kind {
				t.Errorf("Open = %v, want %s", err, c.kind)
			}
			if sums(t, path) != before {
				t.Error("database or -wal was changed")
			}
		})
	}
}

func TestOpen_without_its_wal_has_older_but_whole_data(t *testing.T) {
	path := crashed(t, filled(t), storeSetting)
	if err := os.Remove(path + "-wal"); err != nil {
		t.Fatal(err)
	}
	db := mustOpen(t, path)
	if got, err := db.Settings().Setting(t.Context(), "last"); got != "" || err != nil {
		t.Errorf("setting = %q, %v", got, err)
	}
	if list, err := db.Accounts(nil).Accounts(t.Context()); err != nil || len(list) != 60 {
		t.Errorf("%d accounts, %v", len(list), err)
	}
}

func TestOpen_refuses_a_newer_schema_that_was_not_mirrored_yet(t *testing.T) {
	path := filled(t)
	db, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	execute(t, db, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = sqlite.Open(t.Context(), path)
	var problem *sqlite.Problem
	if !errors.As(err, &problem) || problem.Kind != sqlite.Newer {
		t.Errorf("Open = %v", err)
	}
}

func TestSealed_values_that_are_spoiled_hurt_only_themselves(t *testing.T) {
	for name, spoil := range map[string]string{
		"a bit flipped": "CAST(x'00' || substr(COLUMN, 2) AS BLOB)", "short": "substr(COLUMN, 1, 5)", "empty": "x''",
	} {
		t.Run(name, func(t *testing.T) {
			db, sealer := mustOpen(t, filepath.Join(t.TempDir(), "test.db")), &kitetest.Sealer{}
			accounts, sessions := db.Accounts(sealer), db.Sessions(sealer)
			for _, id := range []string{"one", "two"} {
				a, set := kitetest.Account(id), kite.SecretChanges{APISecret: kite.SecretChange{Set: kite.NewSecret("secret " + id)}}
				if err := accounts.CreateAccount(t.Context(), a, set); err != nil {
					t.Fatal(err)
				}
				if err := sessions.SaveSession(t.Context(), kitetest.Session(id, a, kitetest.Morning), kitetest.Tokens(id)); err != nil {
					t.Fatal(err)
				}
			}
			execute(t, db, "UPDATE kite_accounts SET api_secret = "+strings.ReplaceAll(spoil, "COLUMN", "api_secret")+" WHERE account_id = 'one'")
			execute(t, db, "UPDATE kite_sessions SET access_token = "+strings.ReplaceAll(spoil, "COLUMN", "access_token")+" WHERE session_id = 'one'")
			for id, want := range map[string]string{"one": kite.EDATA, "two": ""} {
				_, secretsErr := accounts.Secrets(t.Context(), id)
				_, tokensErr := sessions.Tokens(t.Context(), id)
				if kite.ErrorCode(secretsErr) != want || kite.ErrorCode(tokensErr) != want {
					t.Errorf("%s: %v; %v, want %q", id, secretsErr, tokensErr, want)
				}
			}
			if list, err := accounts.Accounts(t.Context()); err != nil || len(list) != 2 {
				t.Errorf("%d accounts, %v", len(list), err)
			}
		})
	}
}

func TestReplacedSession_is_closed_as_replaced_and_holds_no_token(t *testing.T) {
	s := stores(t)
	db := mustOpen(t, filepath.Join(t.TempDir(), "test.db"))
	s.Accounts, s.Sessions = db.Accounts(s.Sealer), db.Sessions(s.Sealer)
	a := kitetest.Account("one")
	if err := s.Accounts.CreateAccount(t.Context(), a, kite.SecretChanges{}); err != nil {
		t.Fatal(err)
	}
	later := kitetest.Session("s2", a, kitetest.Morning.Add(time.Hour))
	for _, session := range []kite.Session{kitetest.Session("s1", a, kitetest.Morning), later} {
		if err := s.Sessions.SaveSession(t.Context(), session, kitetest.Tokens("x")); err != nil {
			t.Fatal(err)
		}
	}
	var status, reason string
	var ended int64
	var token sql.NullString
	err := db.QueryRowContext(t.Context(), `SELECT status, ended_reason, ended_at,
		coalesce(access_token, request_token, public_token, refresh_token) FROM kite_sessions WHERE session_id = 's1'`).
		Scan(&status, &reason, &ended, &token)
	if err != nil || status != "expired" || reason != "replaced" || ended != later.CreatedAt.UnixMilli() || token.Valid {
		t.Errorf("replaced session: %s, %s, %d, token %t, %v", status, reason, ended, token.Valid, err)
	}
}
