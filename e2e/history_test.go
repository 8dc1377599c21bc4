//go:build e2e

package e2e

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
	"github.com/kiteaccounts/kite-accounts/e2e/kiteapp"
)

func TestHistoryTellsWhatHappened(t *testing.T) {
	s, d := newDay(t, withTray)
	s.ok(s.Start())
	s.trySandbox()
	w := s.beginLogin(kiteapp.GetSessionToken, sandboxCard)
	s.ok(w.See("User ID"), w.Close(), s.NoHelper())
	s.logIn(kiteapp.GetSessionToken, sandboxCard, first)
	s.press(kiteapp.ManageAccount, sandboxCard)
	s.press(kiteapp.Credentials, manage)
	s.press("Copy Password", manage)
	s.press(kiteapp.TestConnection, manage)
	s.press("Test now", manage)
	s.see("The session works", manage)
	s.press("Close", manage)
	s.gone(*manage)
	s.ok(s.SetClock(at(d.Next(), 6, 0)))
	s.see("Session expired", sandboxCard)
	s.ok(s.OpenMenu("Menu"))
	s.press("History", nil)
	page := dialog("History")
	for _, words := range []string{"Login failed", "Logged in", "Checked: works", "Handed out", "Session expired"} {
		s.see(words, page)
	}
	s.picture("83-history")
	s.enter("Search the history", "password")
	s.gone(desktop.Query{TextHas: "Checked: works", Within: page})
	s.see("Password copied.", page)
	exported := s.exportHistory(page)
	if lines := strings.Split(strings.TrimSpace(exported), "\r\n"); len(lines) != 2 || !strings.HasSuffix(lines[1], ",export,yes,Password copied.") {
		t.Errorf("what was found is exported as %q", exported)
	}
	if kinds := s.sql("SELECT group_concat(kind, ', ') FROM (SELECT kind FROM history ORDER BY id)"); kinds != "failed login, login, export, test, expired" {
		t.Errorf("recorded: %s", kinds)
	}
	s.press("Close", page)
	s.gone(*page)
	s.ok(s.Quit())
}

// exportHistory saves what the dialog shows through the desktop's own file
// dialog, and returns what is in the file, which only its user may read.
func (s *scene) exportHistory(page *desktop.Query) string {
	s.t.Helper()
	path := s.Path("home/exported.csv")
	s.press("Export CSV", page)
	s.ok(desktop.Await("the file dialog", 30*time.Second, func() bool {
		windows, err := s.Windows()
		i := slices.IndexFunc(windows, func(w desktop.Window) bool { return w.Title == "Export history" })
		return err == nil && i >= 0 && s.Activate(windows[i]) == nil
	}))
	s.picture("84-history-export")
	s.ok(s.Key("ctrl+a"), s.Type(path), s.Key("Return"))
	var content []byte
	s.ok(desktop.Await("the exported file", 30*time.Second, func() bool {
		var err error
		content, err = os.ReadFile(path)
		return err == nil && len(content) > 0
	}))
	s.see("exported.csv", nil)
	info, err := os.Stat(path)
	s.ok(err)
	if info.Mode().Perm() != 0o600 {
		s.t.Errorf("the exported file has mode %o", info.Mode().Perm())
	}
	return string(content)
}
