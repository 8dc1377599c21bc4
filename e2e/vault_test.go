//go:build e2e

package e2e

import (
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
	"github.com/kiteaccounts/kite-accounts/e2e/kiteapp"
)

// keyringService is the attribute of all entries of the program.
const keyringService = "io.github.kiteaccounts.KiteAccounts"

// passphrase is the test's own.
const passphrase = "correct horse battery staple"

// choosePassphrase goes through the panel of a first run without keyring.
func (s *scene) choosePassphrase() {
	s.t.Helper()
	s.see("Choose a passphrase", nil)
	s.enter("Passphrase", passphrase)
	s.enter("The same again", passphrase)
	s.press("Protect with this passphrase", nil)
	s.see(kiteapp.TrySandbox, nil)
}

// revealsPassword proves that the vault is open.
func (s *scene) revealsPassword() {
	s.t.Helper()
	s.press(kiteapp.ManageAccount, sandboxCard)
	s.press(kiteapp.Credentials, manage)
	s.press("Reveal Password", manage)
	s.see(first.Password, manage)
	s.press("Close", manage)
	s.gone(*manage)
}

// withSession is a scene whose account has a session, with the program ended.
func withSession(t *testing.T, o desktop.Options) *scene {
	t.Helper()
	s := open(t, o)
	s.trySandbox()
	s.logIn(kiteapp.GetSessionToken, sandboxCard, first)
	s.ok(s.Quit())
	return s
}

// daemons counts the D-Bus daemons of the desktop.
func (s *scene) daemons() int {
	n := 0
	for _, p := range s.Processes() {
		if strings.Contains(p.Command, "dbus-daemon") || strings.Contains(p.Command, "dbus-launch") {
			n++
		}
	}
	return n
}

func TestNoBus(t *testing.T) {
	s := newScene(t, desktop.Options{Keyring: desktop.KeyringNone, NoBus: true})
	before := s.daemons()
	s.ok(s.Start())
	s.see("No keyring is running", nil)
	s.picture("40-choose-passphrase")
	s.choosePassphrase()
	s.trySandbox()
	s.logIn(kiteapp.GetSessionToken, sandboxCard, first)
	s.revealsPassword()
	if after := s.daemons(); after != before {
		t.Errorf("%d D-Bus daemons were started: %v", after-before, s.Processes())
	}
	s.ok(s.Quit(), s.Start())
	s.see("Enter your passphrase", nil)
	s.see("Active", sandboxCard)
	s.picture("41-enter-passphrase")
	s.enter("Passphrase", "not this one at all")
	s.press("Open", nil)
	s.see("That isn't the passphrase of this vault", nil)
	s.enter("Passphrase", passphrase)
	s.press("Open", nil)
	s.gone(desktop.Query{TextHas: "Enter your passphrase"})
	s.revealsPassword()
}

func TestBusWithoutKeyring(t *testing.T) {
	s := open(t, desktop.Options{Keyring: desktop.KeyringNone})
	s.choosePassphrase()
	s.trySandbox()
}

func TestKeyringWithoutCollection(t *testing.T) {
	s := open(t, desktop.Options{Keyring: desktop.KeyringNoCollection})
	s.see("keyring", nil)
	s.picture("42-no-collection")
	if made := s.sql("SELECT count(*) FROM key_slots"); made != "0" {
		t.Errorf("%s key slots were made", made)
	}
}

func TestLockedKeyring(t *testing.T) {
	s := withSession(t, desktop.Options{Keyring: desktop.KeyringGuarded})
	s.ok(s.LockKeyring(), s.Start())
	s.see("The keyring is locked", nil)
	s.see("Active", sandboxCard) // what a list needs isn't sealed
	s.picture("43-locked")
	s.press("Unlock", nil)
	s.ok(s.AnswerKeyring(""))
	s.see("The keyring wasn't unlocked", nil)
	s.see("The keyring is locked", nil)
	s.press("Unlock", nil)
	s.ok(s.AnswerKeyring(desktop.KeyringPassword))
	s.gone(desktop.Query{TextHas: "The keyring is locked"})
	s.revealsPassword()
}

func TestHungKeyring(t *testing.T) {
	s := withSession(t, desktop.Options{})
	s.ok(s.KeyringProcess().Signal(desktop.Freeze), s.Start())
	s.see("Active", sandboxCard)
	s.see("The keyring doesn’t answer", nil)
	s.press("Edit Sandbox "+first.UserID, nil) // the window lives
	s.press("Close", editForm)
	s.picture("44-hung")
	s.ok(s.KeyringProcess().Signal(desktop.Thaw))
	s.press("Try again", nil)
	s.gone(desktop.Query{TextHas: "The keyring doesn’t answer"})
	s.revealsPassword()
}

// TestKeyringDiesWhileInUse: what was opened stays so, sessions go on, and the
// next start says what is missing (K9).
func TestKeyringDiesWhileInUse(t *testing.T) {
	s := open(t, withTray)
	s.trySandbox()
	s.logIn(kiteapp.GetSessionToken, sandboxCard, first)
	agent, err := s.AwaitAgent(0)
	s.ok(err, s.KillKeyring())
	s.press("Check all", nil)
	s.see("1 session works", nil)
	s.revealsPassword()
	second := sandbox.UserNumber(2)
	s.addAccount(accountOf("Second", second))
	s.logIn(kiteapp.GetSessionToken, kiteapp.Card("Second"), second)
	if pid := s.AgentPID(); pid != agent || !s.AgentAnswers() {
		t.Errorf("the agent was process %d and is %d", agent, pid)
	}
	s.ok(s.CloseMain(kiteapp.KeepRunning), s.Start())
	s.see("No keyring is running", nil)
	s.see("Active", sandboxCard)
	s.picture("47-keyring-gone")
	s.ok(s.Quit())
}

// TestOtherKeyring: after a switch to another desktop both keyrings are named
// (K11).
func TestOtherKeyring(t *testing.T) {
	s := withSession(t, desktop.Options{})
	before := s.content()
	s.ok(s.KillKeyring(), s.StartOtherKeyring("other-keyring"), s.Start())
	s.see("The key is missing", nil)
	s.see("Secret Service (other-keyring), in place of Secret Service (gnome-keyring-daemon), no longer has the key", nil)
	s.see("Active", sandboxCard)
	s.picture("48-other-keyring")
	if after := s.content(); after != before {
		t.Error("the database was changed while its key was away")
	}
}

// keyEntry is the name of the keyring entry that opens the vault.
func (s *scene) keyEntry() string {
	s.t.Helper()
	return "vault/" + s.sql("SELECT vault_id FROM vault") + "/kek/1"
}

func (s *scene) storeKey(value string) {
	s.t.Helper()
	_, err := s.Command(value, "secret-tool", "store", "--label=trial", "service", keyringService, "username", s.keyEntry())
	s.ok(err)
}

// content is all of the database that must survive, as text.
func (s *scene) content() string {
	s.t.Helper()
	return s.sql(".dump")
}

func TestDeletedAndForeignKey(t *testing.T) {
	s := withSession(t, desktop.Options{})
	before := s.content()
	key, err := s.Command("", "secret-tool", "lookup", "service", keyringService, "username", s.keyEntry())
	s.ok(err)
	_, err = s.Command("", "secret-tool", "clear", "service", keyringService, "username", s.keyEntry())
	s.ok(err, s.Start())
	s.see("The key is missing", nil)
	s.see("Active", sandboxCard)
	s.picture("45-key-missing")
	s.storeKey("kek1:bm90IHRoZSBrZXkgb2YgdGhpcyB2YXVsdCBhdCBhbGw=")
	s.press("Try again", nil)
	s.see("The key doesn’t fit", nil)
	s.picture("46-key-foreign")
	s.press(kiteapp.RefreshSession, sandboxCard)
	s.see("The vault with your keys isn't open", nil)
	if after := s.content(); after != before {
		t.Error("the database was changed while its key was away")
	}
	s.storeKey(key)
	s.press("Try again", nil)
	s.gone(desktop.Query{TextHas: "The key doesn’t fit"})
	s.revealsPassword()
}

func TestStartOverWithoutKey(t *testing.T) {
	s := withSession(t, desktop.Options{})
	before := s.content()
	_, err := s.Command("", "secret-tool", "clear", "service", keyringService, "username", s.keyEntry())
	s.ok(err, s.Start())
	s.see("The key is missing", nil)
	s.startOver()
	s.see(kiteapp.TrySandbox, nil)
	if after := s.sqlOf(s.setAside(), ".dump"); after != before {
		t.Error("the old database isn't what it was")
	}
	s.trySandbox()
}
