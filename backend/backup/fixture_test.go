package backup_test

import (
	"bytes"
	"fmt"
	"os"
	"testing"

	"filippo.io/age"
	"github.com/google/uuid"

	"github.com/kiteaccounts/kite-accounts/backend/backup"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
)

// Tests pay little for a passphrase, but for the one that pins the cost.
func TestMain(m *testing.M) {
	backup.SetWork(1, 5)
	os.Exit(m.Run())
}

const phrase = "correct horse battery"

var passphrase = kite.NewSecret(phrase)

// id is a UUID that follows from a word.
func id(word string) string { return uuid.NewSHA1(uuid.Nil, []byte(word)).String() }

// account is valid, and like no other's of another word.
func account(word string) kite.Account {
	a := kitetest.Account(id(word))
	a.Name, a.Slug = "Account "+word, kite.SlugOf("Account "+word, "")
	return a
}

func entry(word string) backup.Entry {
	a := account(word)
	a.HasPassword, a.HasAPISecret = true, true
	a.AllowedHosts = []string{"static.example.com"}
	return backup.Entry{Account: a, Secrets: kite.Secrets{
		Password: kite.NewSecret("pass<&>\"word " + word), APISecret: kite.NewSecret("apisecret" + word),
	}}
}

func withSession(e backup.Entry, word string) backup.Entry {
	s := kitetest.Session(id("session "+word), e.Account, kitetest.Morning)
	e.Session, e.Tokens = &s, kitetest.Tokens(word)
	e.Account.LastLoginAt = kitetest.Morning
	return e
}

func archiveOf(entries ...backup.Entry) backup.Archive {
	return backup.Archive{Created: kitetest.Morning, Accounts: entries}
}

// full has everything an archive may have.
func full() backup.Archive {
	a := archiveOf(entry("one"), withSession(entry("two"), "two"))
	preferences := kite.DefaultPreferences()
	preferences.Theme, preferences.LoginOrder = "dark", []string{id("two"), id("one")}
	preferences.HolidaysAdded = []kite.NamedDay{{Date: "2026-12-24", Name: "Heiligabend"}}
	a.Preferences = &preferences
	return a
}

func secretsOf(words ...string) []string {
	all := []string{phrase}
	for _, w := range words {
		all = append(all, "pass<&>\"word "+w, "apisecret"+w, "access"+w, "request"+w, "public"+w)
	}
	return all
}

func written(t testing.TB, a backup.Archive) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := backup.Write(&file, a, passphrase); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// sealed is any payload in a file that the passphrase opens.
func sealed(t testing.TB, payload []byte) []byte {
	t.Helper()
	recipient, err := age.NewScryptRecipient(phrase)
	if err != nil {
		t.Fatal(err)
	}
	recipient.SetWorkFactor(1)
	return encryptedTo(t, payload, recipient)
}

func encryptedTo(t testing.TB, payload []byte, recipient age.Recipient) []byte {
	t.Helper()
	var file bytes.Buffer
	w, err := age.Encrypt(&file, recipient)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(payload); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func read(file []byte) (backup.Archive, error) { return backup.Read(bytes.NewReader(file), passphrase) }

// expectRefusal wants a sentence for a person, without any secret.
func expectRefusal(t testing.TB, err error, code, says string) {
	t.Helper()
	e := kite.AsError(err)
	if err == nil || e.Code != code || !bytes.Contains([]byte(e.Message), []byte(says)) || e.Hint == "" && e.Field == "" {
		t.Errorf("got %v, want %s %q", err, code, says)
	}
	kitetest.NoSecretInError(t, err, secretsOf("one", "two")...)
}

// same compares all that a backup keeps, secrets too.
func same(a, b backup.Archive) error {
	if !a.Created.Equal(b.Created) || len(a.Accounts) != len(b.Accounts) {
		return fmt.Errorf("%v with %d accounts, want %v with %d", a.Created, len(a.Accounts), b.Created, len(b.Accounts))
	}
	if plain(a) != plain(b) {
		return fmt.Errorf("got  %s\nwant %s", plain(a), plain(b))
	}
	return nil
}

func plain(a backup.Archive) string {
	text := ""
	for _, e := range a.Accounts {
		text += fmt.Sprintf("%+v %q %q\n", e.Account, e.Secrets.Password.Reveal(), e.Secrets.APISecret.Reveal())
		if e.Session != nil {
			text += fmt.Sprintf("%+v %q %q %q %q\n", *e.Session, e.Tokens.Access.Reveal(), e.Tokens.Request.Reveal(), e.Tokens.Public.Reveal(), e.Tokens.Refresh.Reveal())
		}
	}
	if a.Preferences != nil {
		text += fmt.Sprintf("%+v", *a.Preferences)
	}
	return text
}

// numbered is one of many small accounts.
func numbered(i int) backup.Entry {
	e := entry(fmt.Sprint(i))
	e.Account.ClientID = fmt.Sprintf("AB%06d", i)
	return e
}
