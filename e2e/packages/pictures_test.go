//go:build packages

package packages

import (
	"path/filepath"
	"strconv"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/e2e/kiteapp"
)

// family are accounts as the README's picture shows them; the first of them
// get a session.
var family = []string{"Family", "HUF", "Meera, long term", "Personal trading", "Algo server"}

const withSession = 3

// TestSeveralAccounts adds accounts with kitectl, logs some in with Log in all,
// and takes the window's picture for the README.
func TestSeveralAccounts(t *testing.T) {
	s := newSystem(t, equipped(t))
	k := newDesk(t, s, "/usr/bin")
	for i, name := range family {
		k.mustShell("kitectl account add --sandbox")
		k.mustShell("kitectl account edit 'Sandbox " + sandbox.UserNumber(i+1).UserID + "' --name='" + name + "'")
	}
	k.open()
	k.press("Choose…", nil)
	for _, name := range family[:withSession] {
		k.press("Select "+name, nil)
	}
	k.press("Log in "+strconv.Itoa(withSession)+" selected", nil)
	for i, name := range family[:withSession] {
		w, err := k.LoginWindowOf(name)
		k.ok(err)
		k.ok(w.LogIn(sandbox.UserNumber(i + 1)))
	}
	k.ok(k.NoHelper())
	for _, name := range family[:withSession] {
		k.see(living, kiteapp.Card(name))
	}
	k.press("Dismiss", nil)
	k.press("Not now", nil)
	window, err := k.MainWindow()
	k.ok(err)
	k.ok(k.AwaitStill(), k.Picture(window.ID, filepath.Join(screenshots, "package-8-several.png")))
}
