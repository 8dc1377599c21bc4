//go:build e2e

package e2e

import (
	"bytes"
	"crypto/sha256"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
	"github.com/kiteaccounts/kite-accounts/e2e/kiteapp"
)

// startOver types the phrase where a screen offers it.
func (s *scene) startOver() {
	s.t.Helper()
	s.press("Start over with an empty database", nil)
	s.enter("Type “start over” to confirm", "start over")
	s.press("Start over", nil)
}

// setAside is the database that starting over has renamed.
func (s *scene) setAside() string {
	s.t.Helper()
	found, err := filepath.Glob(s.Database() + ".old-*")
	s.ok(err)
	for _, path := range found {
		if !strings.HasSuffix(path, "-wal") && !strings.HasSuffix(path, "-shm") {
			return path
		}
	}
	s.t.Fatal("no database was set aside")
	return ""
}

func (s *scene) sqlOf(path, query string) string {
	s.t.Helper()
	out, err := s.Command("", "sqlite3", path, query)
	s.ok(err)
	return strings.TrimSpace(out)
}

func (s *scene) read(path string) []byte {
	s.t.Helper()
	content, err := os.ReadFile(path)
	s.ok(err)
	return content
}

func (s *scene) write(path string, content []byte) {
	s.t.Helper()
	s.ok(os.WriteFile(path, content, 0o600))
}

func TestDamagedDatabase(t *testing.T) {
	s := withSession(t, desktop.Options{})
	damaged := s.read(s.Database())
	copy(damaged, bytes.Repeat([]byte{0xAB}, 16))
	s.write(s.Database(), damaged)
	s.ok(s.Start())
	s.see("The database is damaged", nil)
	s.see(s.Database(), nil)
	s.picture("50-damaged")
	if sha256.Sum256(s.read(s.Database())) != sha256.Sum256(damaged) {
		t.Error("the damaged file was changed")
	}
	s.startOver()
	s.see(kiteapp.TrySandbox, nil)
	if sha256.Sum256(s.read(s.setAside())) != sha256.Sum256(damaged) {
		t.Error("the damaged file that was set aside isn't what it was")
	}
	s.trySandbox()
}

func TestDatabaseOfANewerVersion(t *testing.T) {
	s := withSession(t, desktop.Options{})
	s.sql("PRAGMA user_version = 999")
	before := sha256.Sum256(s.read(s.Database()))
	s.ok(s.Start())
	s.see("The database is from a newer version", nil)
	s.see("Install the newer version again", nil)
	s.picture("51-newer")
	s.ok(s.Quit())
	if sha256.Sum256(s.read(s.Database())) != before {
		t.Error("the database was changed")
	}
}

func TestDatabaseGone(t *testing.T) {
	s := withSession(t, desktop.Options{})
	whole := s.read(s.Database())
	s.write(s.Database(), nil)
	s.ok(s.Start())
	s.see("Your data isn’t here", nil)
	s.unseen(kiteapp.TrySandbox, nil)
	s.picture("52-data-missing")
	if made := s.sql("SELECT count(*) FROM key_slots"); made != "0" {
		t.Errorf("%s key slots were made", made)
	}
	s.ok(s.Quit())
	for _, suffix := range []string{"-wal", "-shm"} {
		_ = os.Remove(s.Database() + suffix)
	}
	s.write(s.Database(), whole)
	s.ok(s.Start())
	s.see("Active", sandboxCard)
	s.revealsPassword()
}

// ordinaryUser is who programs run as where the tests are root's, to whom
// permissions mean nothing.
const ordinaryUser = 65534 // nobody

func asOrdinaryUser() desktop.Options {
	if os.Getuid() != 0 {
		return desktop.Options{}
	}
	return desktop.Options{User: ordinaryUser}
}

func TestReadOnlyDatabase(t *testing.T) {
	s := withSession(t, asOrdinaryUser())
	s.ok(os.Chmod(s.Database(), 0o400))
	before := sha256.Sum256(s.read(s.Database()))
	s.ok(s.Start())
	s.see("The database can’t be written", nil)
	s.picture("53-read-only")
	if sha256.Sum256(s.read(s.Database())) != before {
		t.Error("the database was changed")
	}
	s.ok(os.Chmod(s.Database(), 0o600))
	s.press("Try again", nil)
	s.see("Active", sandboxCard)
}

func TestLoosenedPermissionsAreRepaired(t *testing.T) {
	s := withSession(t, desktop.Options{})
	s.ok(os.Chmod(s.Database(), 0o644), os.Chmod(s.DataDir, 0o755))
	s.ok(s.Start())
	s.see("Active", sandboxCard)
	for _, path := range []string{s.DataDir, s.Database(), s.Database() + "-wal", filepath.Join(s.DataDir, "logs", "kite-accounts.log")} {
		info, err := os.Stat(path)
		s.ok(err)
		if mode := info.Mode().Perm(); mode&0o077 != 0 {
			t.Errorf("%s has mode %o", path, mode)
		}
	}
}

func TestSwappedSecrets(t *testing.T) {
	s := open(t, desktop.Options{})
	s.trySandbox()
	second := sandbox.UserNumber(2)
	s.addAccount(accountOf("Second", second))
	s.addAccount(accountOf("Third", sandbox.UserNumber(3)))
	s.ok(s.Quit())
	s.sql("UPDATE kite_accounts SET api_secret = (SELECT api_secret FROM kite_accounts WHERE client_id = 'SB0003') WHERE client_id = 'SB0001'")
	s.ok(s.Start())
	s.press(kiteapp.GetSessionToken, sandboxCard)
	s.see("can't be read", nil)
	s.picture("54-unreadable")
	s.logIn(kiteapp.GetSessionToken, kiteapp.Card("Second"), second)
}
