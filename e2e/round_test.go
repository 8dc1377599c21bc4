//go:build e2e

package e2e

import (
	"fmt"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
	"github.com/kiteaccounts/kite-accounts/e2e/kiteapp"
)

// roundNames are the accounts of a round, in the order of their names.
var roundNames = []string{"A first", "B second", "C third"}

// roundBar is where a round is seen while it runs, and then its summary.
var roundBar = desktop.Query{Roles: []string{"landmark"}, Name: "Log in all"}

// addRound adds them, one for each of the sandbox's first users.
func (s *scene) addRound() {
	s.t.Helper()
	for i, name := range roundNames {
		s.addAccount(accountOf(name, sandbox.UserNumber(i+1)))
	}
}

// step waits until the round is at that account and its login window is open.
func (s *scene) step(number int) *kiteapp.LoginWindow {
	s.t.Helper()
	name := roundNames[number-1]
	s.see(fmt.Sprintf("%d of %d · %s", number, len(roundNames), name), nil)
	w, err := s.LoginWindowOf(name)
	s.ok(err)
	return w
}

// TestLogInAll goes through a whole round: one logs in, one is skipped, one
// fails, and the failure stops nothing.
func TestLogInAll(t *testing.T) {
	s := open(t, withTray)
	s.addRound()
	s.press("Log in all", nil)
	w := s.step(1)
	s.picture("78-log-in-all")
	s.ok(w.LogIn(sandbox.UserNumber(3))) // not the account's own user
	s.step(2)
	s.press("Skip", nil)
	w = s.step(3)
	s.ok(w.LogIn(sandbox.UserNumber(3)))
	s.see("1 logged in, 1 skipped, 1 failed.", nil)
	s.see(sandbox.UserNumber(3).UserID, nil) // who logged in instead
	s.picture("79-log-in-all-summary")
	if n := s.sessions(); n != "1" {
		t.Errorf("%s sessions were made", n)
	}
	s.press("Try the failed ones again", nil)
	again, err := s.LoginWindowOf(roundNames[0])
	s.ok(err, again.LogIn(sandbox.UserNumber(1)))
	s.see("Logged in.", nil)
	s.press("Dismiss", &roundBar)
	s.gone(roundBar)
	s.see("Active", kiteapp.Card(roundNames[0]))
	s.ok(s.NoHelper())
}

func TestLogInAllIsStopped(t *testing.T) {
	s := open(t, withTray)
	s.addRound()
	s.press("Log in all", nil)
	s.step(1)
	s.press("Stop", nil)
	s.ok(s.NoHelper())
	s.see("1 skipped, 2 not logged in.", nil)
	if n := s.sessions(); n != "0" {
		t.Errorf("%s sessions were made", n)
	}
}

func TestCheckAllTellsEachRow(t *testing.T) {
	s := open(t, withTray)
	s.addRound()
	s.press("Log in all", nil)
	for number := range roundNames {
		s.ok(s.step(number + 1).LogIn(sandbox.UserNumber(number + 1)))
	}
	s.see("All 3 are logged in.", nil)
	s.ok(s.MasterLogout(sandbox.UserNumber(2).UserID))
	s.press("Check all", nil)
	s.see("2 sessions work, 1 was ended elsewhere.", nil)
	s.picture("80-check-all")
	s.see("Ended elsewhere", kiteapp.Card(roundNames[1]))
	s.see("works", kiteapp.Card(roundNames[0]))
}
