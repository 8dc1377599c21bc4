//go:build e2e

package e2e

import (
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
	"github.com/kiteaccounts/kite-accounts/e2e/kiteapp"
)

// Dialogs of the account form.
var (
	addForm       = dialog("Add account")
	editForm      = dialog("Edit account")
	duplicateForm = dialog("Duplicate account")
)

// newAccount is what a person types for an account of the sandbox.
type newAccount struct {
	name, clientID, apiKey, apiSecret, password string
}

// accountOf is that of one of the sandbox's users.
func accountOf(name string, user sandbox.User) newAccount {
	return newAccount{name, user.UserID, sandbox.SharedApp, sandbox.APISecret(sandbox.SharedApp), user.Password}
}

// addAccount goes through the form.
func (s *scene) addAccount(a newAccount) {
	s.t.Helper()
	s.press(kiteapp.AddAccount, nil)
	s.ok(anyError(s.Await(*addForm)))
	s.press("Sandbox", addForm)
	s.enter("Account name", a.name)
	s.enter("Client ID", a.clientID)
	s.enter("API key", a.apiKey)
	s.enter("API secret", a.apiSecret)
	if a.password != "" {
		s.enter("Password", a.password)
	}
	s.press(kiteapp.AddAccount, addForm)
	s.gone(*addForm)
	s.see(a.clientID, kiteapp.Card(a.name))
}

func anyError(_ *desktop.Element, err error) error { return err }

// menu chooses from an account's menu.
func (s *scene) menu(account, item string) {
	s.t.Helper()
	s.ok(s.OpenMenu("More for " + account))
	s.press(item, nil)
}

func TestAccounts(t *testing.T) {
	s := open(t, desktop.Options{})
	second := sandbox.UserNumber(2)
	mine := accountOf("Family trust", second)
	for _, part := range []struct {
		name string
		walk func()
	}{
		{"bad input is said beside the field, not saved and not lost", func() { badInput(s, mine) }},
		{"an account is added", func() { s.addAccount(mine) }},
		{"a stored secret never comes back", func() { storedSecret(s, mine) }},
		{"an account is renamed", func() { rename(s, mine.name, "Family") }},
		{"a duplicate starts without client ID and secrets", func() { duplicate(s, "Family", mine) }},
		{"deleting asks, and tells when Kite isn't there", func() { deleteWithoutKite(s, "Family", second) }},
	} {
		if !t.Run(part.name, func(t *testing.T) {
			s.t = t
			defer s.explainFailure()
			part.walk()
		}) {
			break
		}
	}
	s.t = t
}

func badInput(s *scene, a newAccount) {
	s.press(kiteapp.AddAccount, nil)
	s.ok(anyError(s.Await(*addForm)))
	s.enter("Account name", a.name)
	s.enter("Client ID", "12")
	s.see("Zerodha", addForm)
	for _, bad := range []struct{ url, says string }{
		{"http://example.com/callback", "Use https"},
		{"http://127.0.0.1:6000/callback", "Browsers refuse port 6000"},
		{"https://example.com/callback?x=1", "Leave out everything from ? or # on"},
	} {
		s.enter("Callback URL", bad.url)
		s.see(bad.says, addForm)
	}
	s.press(kiteapp.AddAccount, addForm)
	s.picture("20-bad-input")
	s.see("Leave out everything", addForm)
	entry, err := s.Entry("Account name")
	s.ok(err)
	if entry.Text != a.name {
		s.t.Errorf("the name typed became %q", entry.Text)
	}
	if rows := s.sql("SELECT count(*) FROM kite_accounts"); rows != "0" {
		s.t.Errorf("bad input was saved: %s rows", rows)
	}
	s.press("Cancel", addForm)
	s.press("Discard", dialog("Discard what you entered?"))
	s.gone(*addForm)
}

func storedSecret(s *scene, a newAccount) {
	s.press("Edit "+a.name, nil)
	s.see("Stored, encrypted", editForm)
	s.unseen(a.apiSecret, editForm)
	s.unseen(a.password, editForm)
	s.picture("21-edit")
	s.press("Close", editForm)
	s.gone(*editForm)
}

func rename(s *scene, from, to string) {
	s.press("Edit "+from, nil)
	s.ok(anyError(s.Await(*editForm)))
	s.enter("Account name", to)
	s.press("Save", editForm)
	s.gone(*editForm)
	s.see(to, kiteapp.Card(to))
	if sealed := s.sql("SELECT count(*) FROM kite_accounts WHERE api_secret IS NOT NULL AND password IS NOT NULL"); sealed != "1" {
		s.t.Error("renaming lost the stored secrets")
	}
}

func duplicate(s *scene, name string, a newAccount) {
	s.menu(name, "Duplicate…")
	s.see("API key", duplicateForm)
	s.unseen("Stored, encrypted", duplicateForm)
	entry, err := s.Entry("Client ID")
	s.ok(err)
	if strings.TrimSpace(entry.Text) != "" {
		s.t.Errorf("client ID of the duplicate is %q", entry.Text)
	}
	// The same client ID with the same key, and the same name, are refused.
	s.enter("Client ID", a.clientID)
	s.enter("Account name", strings.ToUpper(name))
	s.enter("API secret", a.apiSecret)
	s.press(kiteapp.AddAccount, duplicateForm)
	s.see("already", duplicateForm)
	s.picture("22-duplicate-refused")
	s.enter("Client ID", sandbox.UserNumber(3).UserID)
	s.enter("Account name", "Family 2")
	s.press(kiteapp.AddAccount, duplicateForm)
	s.gone(*duplicateForm)
	s.see(sandbox.UserNumber(3).UserID, kiteapp.Card("Family 2"))
}

func deleteWithoutKite(s *scene, name string, user sandbox.User) {
	card := kiteapp.Card(name)
	s.logIn(kiteapp.GetSessionToken, card, user)
	question := dialog("Delete account?")
	s.menu(name, "Delete…")
	s.see("ended at Kite too", question)
	s.press("Cancel", question)
	s.gone(*question)
	s.ok(s.Faults(sandbox.Faults{API: "drop"}))
	s.menu(name, "Delete…")
	s.press("Delete", question)
	s.see("06:00 IST", question)
	s.picture("23-delete-anyway")
	s.press("Delete anyway", question)
	s.gone(*question)
	s.gone(*card)
	s.ok(s.Faults(sandbox.Faults{}))
	if rows := s.sql("SELECT count(*) FROM kite_sessions"); rows != "0" {
		s.t.Errorf("%s sessions outlived their account", rows)
	}
}
