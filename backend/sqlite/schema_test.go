package sqlite_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	sqlite3 "github.com/mattn/go-sqlite3"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

// withSession opens a database that has an account with a session.
func withSession(t *testing.T) *sqlite.DB {
	t.Helper()
	db, a := mustOpen(t, filepath.Join(t.TempDir(), "test.db")), kitetest.Account("one")
	if err := db.Accounts(&kitetest.Sealer{}).CreateAccount(t.Context(), a, kite.SecretChanges{}); err != nil {
		t.Fatal(err)
	}
	session := kitetest.Session("s1", a, kitetest.Morning)
	if err := db.Sessions(&kitetest.Sealer{}).SaveSession(t.Context(), session, kitetest.Tokens("1")); err != nil {
		t.Fatal(err)
	}
	return db
}

func TestSchema_has_every_documented_field(t *testing.T) {
	db := withSession(t)
	for table, fields := range map[string][]string{
		"kite_accounts": {
			"account_id", "account_name", "client_id", "phone_number", "password", "api_key", "api_secret", "account_type",
			"callback_url", "postback_url", "last_login_at", "created_at", "updated_at",
		},
		"kite_sessions": {
			"session_id", "account_id", "access_token", "request_token", "user_id", "user_name", "user_shortname", "email",
			"user_type", "broker", "login_time", "ttl", "expires_at", "created_at", "status",
		},
	} {
		rows, err := db.QueryContext(t.Context(), "SELECT name FROM pragma_table_info(?)", table)
		if err != nil {
			t.Fatal(err)
		}
		var columns []string
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				t.Fatal(err)
			}
			columns = append(columns, name)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		for _, f := range fields {
			if !slices.Contains(columns, f) {
				t.Errorf("%s has no %s", table, f)
			}
		}
	}
}

func TestSchema_refuses(t *testing.T) {
	db := withSession(t)
	for name, statement := range map[string]string{
		"a time that is text":        "UPDATE kite_accounts SET created_at = 'yesterday'",
		"a secret that is text":      "UPDATE kite_accounts SET api_secret = 'plain'",
		"a token that is text":       "UPDATE kite_sessions SET access_token = 'plain'",
		"an unknown type of account": "UPDATE kite_accounts SET account_type = 'paper'",
		"an unknown status":          "UPDATE kite_sessions SET status = 'asleep'",
		"a session of no account":    "UPDATE kite_sessions SET account_id = 'nobody'",
		"a second vault":             "INSERT INTO vault (one, vault_id) VALUES (2, 'x')",
		"an unknown kind of slot":    "INSERT INTO key_slots VALUES ('1', 'plain', '', '', x'00', 0)",
		"an account's name a second time": `INSERT INTO kite_accounts (account_id, account_name, account_name_key, client_id, phone_number, api_key,
			account_type, callback_url, postback_url, login_url, api_root, ttl, allowed_hosts, created_at, updated_at)
			SELECT 'two', account_name, account_name_key, 'other', phone_number, api_key, account_type, callback_url, postback_url,
			login_url, api_root, ttl, allowed_hosts, created_at, updated_at FROM kite_accounts`,
		"a pair of API key and client ID a second time": `INSERT INTO kite_accounts (account_id, account_name, account_name_key, client_id,
			phone_number, api_key, account_type, callback_url, postback_url, login_url, api_root, ttl, allowed_hosts, created_at, updated_at)
			SELECT 'two', 'other', 'other', client_id, phone_number, api_key, account_type, callback_url, postback_url,
			login_url, api_root, ttl, allowed_hosts, created_at, updated_at FROM kite_accounts`,
		"a second active session": `INSERT INTO kite_sessions SELECT 's2', account_id, access_token, request_token, public_token,
			refresh_token, user_id, user_name, user_shortname, email, user_type, broker, login_time, ttl, expires_at, created_at,
			verified_at, status, ended_reason, ended_at FROM kite_sessions`,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := db.ExecContext(t.Context(), statement)
			var refused sqlite3.Error
			if !errors.As(err, &refused) || refused.Code != sqlite3.ErrConstraint {
				t.Errorf("stored, or refused for another reason: %v", err)
			}
		})
	}
}

func TestFiveHundredAccounts_are_listed_without_a_key(t *testing.T) {
	db, sealer := mustOpen(t, filepath.Join(t.TempDir(), "test.db")), &kitetest.Sealer{}
	accounts, sessions := db.Accounts(sealer), db.Sessions(sealer)
	for i := range 500 {
		a := kitetest.Account(fmt.Sprintf("%03d", i))
		a.CreatedAt = kitetest.Morning.Add(time.Duration(i) * time.Second)
		set := kite.SecretChanges{APISecret: kite.SecretChange{Set: kite.NewSecret("secret")}}
		if err := accounts.CreateAccount(t.Context(), a, set); err != nil {
			t.Fatal(err)
		}
		if err := sessions.SaveSession(t.Context(), kitetest.Session("s"+a.ID, a, kitetest.Morning), kitetest.Tokens(a.ID)); err != nil {
			t.Fatal(err)
		}
	}
	asked := sealer.Calls.Load()
	list, err := accounts.Accounts(t.Context())
	if err != nil || len(list) != 500 || list[0].ID != "000" || list[499].ID != "499" {
		t.Errorf("%d accounts, %v", len(list), err)
	}
	if latest, err := sessions.LatestSessions(t.Context()); err != nil || len(latest) != 500 || latest["499"].ID != "s499" {
		t.Errorf("%d sessions, %v", len(latest), err)
	}
	if sealer.Calls.Load() != asked {
		t.Error("the sealer was asked")
	}
}
