//go:build packages

package packages

import (
	"net"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
	"github.com/kiteaccounts/kite-accounts/e2e/kiteapp"
)

// family are accounts as the README's picture shows them; the first of them
// get a session.
var family = []string{"Family", "HUF", "Meera, long term", "Personal trading", "Algo server"}

const withSession = 3

// TestSeveralAccounts adds accounts with kitectl, logs some in with Log in all,
// lets programs in, and takes the pictures of the README.
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
	if notices, err := k.Notices(); err == nil && len(notices) > 0 { // on trading days, over the window's corner
		k.picture("9-reminder")
		k.ok(k.DismissNotice("no session for today"))
	}
	window, err := k.MainWindow()
	k.ok(err)
	k.ok(k.AwaitStill(), k.Picture(window.ID, filepath.Join(screenshots, "package-8-several.png")))
	for _, program := range []string{"Portfolio dashboard", "strategy.py"} {
		k.mustShell("kitectl client add '" + program + "' --all-accounts >/dev/null")
	}
	k.press("Preferences", nil)
	preferences := &desktop.Query{Roles: desktop.Dialogs, Name: "Preferences"}
	k.choosePort()
	k.press("Let programs on this computer get sessions", preferences)
	k.see("Listening on http://127.0.0.1:", preferences)
	k.see("strategy.py", preferences)
	k.ok(k.AwaitStill(), k.Picture(window.ID, filepath.Join(screenshots, "package-10-programs.png")))
}

// choosePort enters another port where a program of this computer has the usual
// one, which the kernel may give to who asks for any.
func (k *desk) choosePort() {
	k.t.Helper()
	usual, err := net.Listen("tcp4", "127.0.0.1:"+strconv.Itoa(kite.DefaultLocalAPIPort))
	if err == nil {
		k.ok(usual.Close())
		return
	}
	k.ok(k.Enter("Port", strconv.Itoa(kitetest.FreePort(k.t))), k.Key("Tab"))
}
