//go:build e2e

package e2e

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
	"github.com/kiteaccounts/kite-accounts/e2e/kiteapp"
)

// labels are the menu's entries that can be chosen or read.
func labels(menu []desktop.MenuEntry) (labels []string) {
	for _, e := range menu {
		if !e.Separator {
			labels = append(labels, e.Label)
		}
	}
	return labels
}

func TestTrayShowsTheWorstStateInShapeAndWords(t *testing.T) {
	s, d := newDay(t, withTray, "Personal", "my_family__trust", `<b>HUF</b> & Co`)
	s.plantUntilCutOff(d, 3)
	s.agent()
	looks := map[string]string{}
	see := func(state, line string) {
		t.Helper()
		menu := s.menuHas(line)
		item := s.tray(func(i desktop.TrayItem) bool { return i.Icon != "" && !slices.Contains(values(looks), i.Icon) })
		if !strings.Contains(item.ToolTip, line) && !strings.Contains(item.Title, line) {
			t.Errorf("a pointer on the icon reads title %q and tip %q, not %q", item.Title, item.ToolTip, line)
		}
		looks[state] = item.Icon
		if !strings.HasPrefix(menu[0].Label, line) || menu[0].Enabled {
			t.Errorf("the first line is %+v", menu[0])
		}
	}
	see("ready", "All 3 ready, until 06:00 tomorrow")
	before, err := s.AwaitPanelIcons(1)
	s.ok(err)
	s.picture("72-tray-ready")
	for _, name := range []string{"Personal", "my_family__trust", `<b>HUF</b> & Co`} {
		menu := s.menuHas(name) // the lines change one after another
		if !slices.ContainsFunc(menu, func(e desktop.MenuEntry) bool { return strings.HasPrefix(e.Label, name) }) {
			t.Errorf("no entry begins with %q: %q", name, labels(menu))
		}
	}
	s.ok(s.SetClock(at(d.Next(), 4, 30)))
	see("ends soon", "All 3 ready, until 06:00")
	s.ok(s.SetClock(at(d.Next(), 6, 0)))
	see("needs login", "No account is ready")
	s.menuHas("Log in all")
	s.ok(desktop.Await("another icon on the screen", 30*time.Second, func() bool {
		after, err := s.AwaitPanelIcons(1)
		return err == nil && before[0].Looks != after[0].Looks
	}))
	s.picture("73-tray-needs-login")
}

func values(m map[string]string) (values []string) {
	for _, v := range m {
		values = append(values, v)
	}
	return values
}

// TestTrayOpensTheWindow: every entry of the menu does what it says, from the
// tray alone.
func TestTrayOpensTheWindow(t *testing.T) {
	s, d := newDay(t, withTray, "Personal", "Family")
	s.plantUntilCutOff(d, 1)
	s.agent()
	s.choose("Open")
	s.ok(s.AwaitWindow())
	s.see("Personal", kiteapp.Card("Personal"))
	s.choose("Preferences")
	s.ok(anyError(s.Await(*dialog("Preferences"))))
	s.ok(s.Escape(*dialog("Preferences")))
	s.choose("Personal…")
	s.ok(anyError(s.Await(shownAccount("Personal"))))
	// One that only passes on what was asked may still be ending.
	s.ok(desktop.Await("one window alone", 30*time.Second, func() bool { return len(s.Windowed()) == 1 }))
	s.choose("Quit")
	_, err := s.Process.Wait(30 * time.Second)
	s.ok(err, s.NoAgent())
	s.keepsTrue("nobody starts another agent", 3*time.Second, func() bool { return s.AgentPID() == 0 })
}

// TestTrayThatComesLate: none at first, then one, then it restarts (N3).
func TestTrayThatComesLate(t *testing.T) {
	s, _ := newDay(t, desktop.Options{Notifications: desktop.NotificationsBubble}, "Personal")
	s.agent()
	s.keepsTrue("the agent answers without a tray", 2*time.Second, s.AgentAnswers)
	status, err := s.AgentStatus()
	s.ok(err)
	if !strings.Contains(status, "no tray") {
		t.Errorf("without a tray the agent says: %s", status)
	}
	for range 2 {
		s.ok(s.StartPanel())
		_, err := s.AwaitPanelIcons(1)
		s.ok(err)
		s.menuHas("No account is ready")
		s.ok(desktop.Await("the agent to know its tray", 30*time.Second, func() bool {
			status, err := s.AgentStatus()
			return err == nil && !strings.Contains(status, "no tray")
		}))
		s.ok(s.StopPanel())
	}
}

// TestTrayAfterAKeyringPrompt: the keyring asks while no tray is there; the
// icon still appears when one comes (K10).
func TestTrayAfterAKeyringPrompt(t *testing.T) {
	s := newScene(t, desktop.Options{Keyring: desktop.KeyringGuarded})
	s.ok(s.Start())
	s.trySandbox()
	s.ok(s.CloseMain(kiteapp.KeepRunning), s.LockKeyring(), s.Start())
	s.press("Unlock", nil)
	s.ok(s.AnswerKeyring(desktop.KeyringPassword))
	s.revealIsPossible()
	s.ok(s.StartPanel())
	_, err := s.AwaitPanelIcons(1)
	s.ok(err)
	s.menuHas("No account is ready")
}

// revealIsPossible waits for the open vault.
func (s *scene) revealIsPossible() {
	s.t.Helper()
	s.gone(button("Unlock", nil))
	s.see(kiteapp.GetSessionToken, sandboxCard)
}
