package sqlite_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
	"github.com/kiteaccounts/kite-accounts/backend/vault"
)

// Of every released schema there are two databases in testdata, which the
// program of that time wrote: one whose key is in a keyring (keyring.json has
// that entry) and one that a passphrase opens. To write those of this schema:
//
//	go test -tags webkit2_41 ./backend/sqlite -run Fixture -write-fixture
var writeFixture = flag.Bool("write-fixture", false, "write testdata/version-N-*.db anew, N being this program's schema")

const (
	fixturePassphrase = "correct horse battery staple"
	keyringFile       = "testdata/keyring.json"
)

var fixtureKinds = []kite.SlotKind{kite.KeyringSlot, kite.PassphraseSlot}

func fixturePath(version int64, kind kite.SlotKind) string {
	return fmt.Sprintf("testdata/version-%d-%s.db", version, kind)
}

// fixtureAccount is an account with everything that the first release knew.
type fixtureAccount struct {
	kite.Account
	secrets  kite.Secrets
	sessions []fixtureSession // oldest first
}

type fixtureSession struct {
	kite.Session
	tokens kite.Tokens // empty if they were erased
}

// fixtureAccounts are those of every fixture, in the order in which they were
// created: ended and living sessions, erased and kept tokens, names of any
// script, own endpoints, and nothing but what is required.
func fixtureAccounts() []fixtureAccount {
	day := func(n int) time.Time { return kitetest.Morning.AddDate(0, 0, n) }
	first := fixtureAccountOf("1", "Größe 'one'", true)
	second := fixtureAccountOf("2", "परिवार 👨‍👩‍👧‍👦 🚀", true)
	third := fixtureAccountOf("3", "חשבון של סבא", true)
	third.Type, third.TTL = kite.Sandbox, 12*time.Hour+30*time.Minute
	third.Endpoints = kite.Endpoints{LoginURL: "http://127.0.0.1:9/connect/login", APIRoot: "http://127.0.0.1:9/api"}
	third.AllowedHosts = []string{"one.example.com", "two.example.com"}
	third.PostbackURL = "https://postback.example.com/kite"
	fourth := fixtureAccountOf("4", "Nothing but a name", false)
	fourth.PhoneNumber = ""
	first.logIn(day(0).Add(-time.Hour), kite.EndedReplaced, day(0))
	first.logIn(day(0), "", time.Time{})
	second.logIn(day(-2), kite.EndedElsewhere, day(-2).Add(time.Hour))
	second.logIn(day(-1), kite.EndedExpired, day(-1).Add(20*time.Hour))
	third.logIn(day(-1), kite.EndedLoggedOut, day(-1).Add(time.Minute))
	third.logIn(day(0), "", time.Time{})
	return []fixtureAccount{first, second, third, fourth}
}

func fixtureAccountOf(number, name string, secrets bool) fixtureAccount {
	a := kitetest.Account("0198c0de-0000-4000-8000-00000000000" + number)
	a.Name, a.ClientID, a.APIKey = name, "AB123"+number, "fixturekey"+number
	a.Slug = kite.SlugOf(a.Name, a.ClientID) // what an upgrade gives to those that have none
	a.CreatedAt, a.UpdatedAt = kitetest.Morning.Add(-time.Hour), kitetest.Morning.Add(-time.Minute)
	a.AllowedHosts = []string{}
	f := fixtureAccount{Account: a}
	if secrets {
		f.secrets = kite.Secrets{Password: kite.NewSecret("pass wörd " + number + " 🔑"), APISecret: kite.NewSecret("api secret " + number)}
	}
	f.HasPassword, f.HasAPISecret = secrets, secrets
	return f
}

// logIn adds a session that ended for that reason, or lives.
func (f *fixtureAccount) logIn(at time.Time, reason kite.EndedReason, ended time.Time) {
	name := fmt.Sprintf("%s-%d", f.ClientID, len(f.sessions)+1)
	s := fixtureSession{Session: kitetest.Session("session-"+name, f.Account, at)}
	if reason == "" || reason == kite.EndedExpired { // the tokens of an expired one stay for a while
		s.tokens = kitetest.Tokens(" of " + name)
		s.tokens.Refresh = kite.NewSecret("refresh of " + name)
	}
	if reason != "" {
		s.Status, s.EndedReason, s.EndedAt = kite.Expired, reason, ended
	}
	f.LastLoginAt = at
	f.sessions = append(f.sessions, s)
}

// keyringOf is a keyring with these entries.
type keyringOf map[string]string

func (k keyringOf) Provider() string { return "Secret Service (gnome-keyring-daemon)" }

func (k keyringOf) Get(_ context.Context, name string) (kite.Secret, error) {
	value, ok := k[name]
	if !ok {
		return kite.Secret{}, kite.ErrKeyringNotFound
	}
	return kite.NewSecret(value), nil
}

func (k keyringOf) Set(_ context.Context, name string, value kite.Secret) error {
	k[name] = value.Reveal()
	return nil
}

func (k keyringOf) Unlock(context.Context) error { return nil }

func fixtureKeyring(t *testing.T) keyringOf {
	t.Helper()
	k := keyringOf{}
	if err := json.Unmarshal(read(t, keyringFile), &k); err != nil {
		t.Fatal(err)
	}
	return k
}

// fixtureVault is the vault of a database, opened by its keyring's key or by
// the passphrase, or made if there is none.
func fixtureVault(t *testing.T, db *sqlite.DB, kind kite.SlotKind, keys keyringOf) *vault.Vault {
	t.Helper()
	c := vault.Config{
		Store: db.Vault(), Keyring: keys, Clock: kitetest.NewClock(kitetest.Morning),
		Events: &kitetest.Events{}, Log: slog.New(slog.DiscardHandler), Folder: t.TempDir(),
	}
	v := vault.New(c)
	record, err := db.Vault().Vault(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	passphrase := kite.NewSecret(fixturePassphrase)
	switch {
	case kind == kite.KeyringSlot:
		v.Start(t.Context())
	case record.VaultID == "":
		err = v.CreateWithPassphrase(t.Context(), passphrase)
	default:
		err = v.OpenWithPassphrase(t.Context(), passphrase)
	}
	if state, _ := v.State(); err != nil || state != kite.VaultOpen {
		t.Fatalf("vault: %s, %v", state, err)
	}
	return v
}

func TestFixture_of_this_schema(t *testing.T) {
	if !*writeFixture {
		t.Skip("only with -write-fixture")
	}
	keys := keyringOf{}
	if _, err := os.Stat(keyringFile); err == nil {
		keys = fixtureKeyring(t)
	}
	for _, kind := range fixtureKinds {
		path := filepath.Join(t.TempDir(), "new.db")
		db := mustOpen(t, path)
		fillFixture(t, db, fixtureVault(t, db, kind, keys))
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(fixturePath(sqlite.Newest, kind), read(t, path), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	maps.DeleteFunc(keys, func(name, _ string) bool { return !strings.HasPrefix(name, "vault/") }) // what notes the data folder
	text, err := json.MarshalIndent(keys, "", "  ")
	if err == nil {
		err = os.WriteFile(keyringFile, append(text, '\n'), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func fillFixture(t *testing.T, db *sqlite.DB, sealer kite.Sealer) {
	t.Helper()
	for _, a := range fixtureAccounts() {
		fillAccount(t, db, sealer, a)
	}
	preferences := kite.DefaultPreferences()
	preferences.Theme, preferences.HistoryDays, preferences.LeadMinutes = "dark", 30, []int{45}
	preferences.LeftOut = []string{fixtureAccounts()[3].ID}
	for _, err := range []error{
		kite.SavePreferences(t.Context(), db.Settings(), preferences),
		db.Settings().SetSetting(t.Context(), "view", "list"),
		fillHistory(t.Context(), db),
		fillNotices(t.Context(), db),
		fillClients(t.Context(), db),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func fillAccount(t *testing.T, db *sqlite.DB, sealer kite.Sealer, a fixtureAccount) {
	t.Helper()
	changes := kite.SecretChanges{Password: kite.SecretChange{Set: a.secrets.Password}, APISecret: kite.SecretChange{Set: a.secrets.APISecret}}
	if err := db.Accounts(sealer).CreateAccount(t.Context(), a.Account, changes); err != nil {
		t.Fatal(err)
	}
	sessions := db.Sessions(sealer)
	for _, s := range a.sessions {
		begun, tokens := s.Session, s.tokens
		begun.Status, begun.EndedReason, begun.EndedAt = kite.Active, "", time.Time{}
		if tokens.Access.Empty() {
			tokens = kitetest.Tokens(" that is erased")
		}
		err := sessions.SaveSession(t.Context(), begun, tokens)
		if err == nil && s.Status == kite.Expired && s.EndedReason != kite.EndedReplaced {
			err = sessions.EndSession(t.Context(), s.ID, s.EndedReason, s.EndedAt)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func fillHistory(ctx context.Context, db *sqlite.DB) error {
	one := fixtureAccounts()[0]
	return errors.Join(
		db.History().Record(ctx, kite.HistoryEntry{At: kitetest.Morning, AccountID: one.ID, Kind: kite.HistoryFailed, Detail: "The login window was closed."}),
		db.History().Record(ctx, kite.HistoryEntry{At: kitetest.Morning, AccountID: one.ID, Kind: kite.HistoryExport, OK: true, Detail: "Access token copied."}),
		db.History().Record(ctx, kite.HistoryEntry{At: kitetest.Morning, AccountID: "removed", AccountName: "Removed אבא 🪁", ClientID: "XY9876", Kind: kite.HistoryLogin, OK: true}),
	)
}

func fillNotices(ctx context.Context, db *sqlite.DB) error {
	all := fixtureAccounts()
	said := []string{"ended/session-AB1232-2", "ended/session-AB1231-1"}
	return errors.Join(
		db.Notices().MarkSaid(ctx, kite.ShownNotice{Key: "ended", Kind: kite.NoticeEnded, Accounts: []string{all[0].ID, all[1].ID}, SaidKeys: said, Handle: "17", ShownAt: kitetest.Morning}),
		db.Notices().SayAgain(ctx, said[:1], kitetest.Morning.Add(time.Hour)),
		db.Notices().MarkSaid(ctx, kite.ShownNotice{Key: "morning", Kind: kite.NoticeMorning, SaidKeys: []string{"morning/2026-11-23"}, ShownAt: kitetest.Morning}),
	)
}

func fillClients(ctx context.Context, db *sqlite.DB) error {
	all := fixtureAccounts()
	strategy := kite.APIClient{ID: "client-1", Name: "strategy 📈", AccountIDs: []string{all[0].ID, all[2].ID}, MayTrade: true, CreatedAt: kitetest.Morning}
	return errors.Join(
		db.Clients().CreateClient(ctx, strategy, kite.TokenHash(sha256.Sum256([]byte("token of strategy")))),
		db.Clients().CreateClient(ctx, kite.APIClient{ID: "client-2", Name: "reader", AllAccounts: true, CreatedAt: kitetest.Morning}, kite.TokenHash(sha256.Sum256([]byte("token of reader")))),
		db.Clients().ClientUsed(ctx, "client-1", kitetest.Morning.Add(time.Hour)),
	)
}
