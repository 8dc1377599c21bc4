//go:build e2e

package e2e

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
	"github.com/kiteaccounts/kite-accounts/e2e/kiteapp"
)

// clears is how long a copied secret stays on the clipboard.
const clears = 30 * time.Second

func (s *scene) awaitClipboard(text string) {
	s.t.Helper()
	s.ok(desktop.Await("the clipboard", clears, func() bool { return s.Clipboard() == text }))
}

// TestClipboard copies secrets without showing them; each is taken back, unless
// something else was copied meanwhile.
func TestClipboard(t *testing.T) {
	s := open(t, desktop.Options{})
	s.trySandbox()
	s.logIn(kiteapp.GetSessionToken, sandboxCard, first)
	s.press(kiteapp.ManageAccount, sandboxCard)
	s.press(kiteapp.Credentials, manage)
	pressed := time.Now()
	s.press("Copy Password", manage)
	s.awaitClipboard(first.Password)
	s.unseen(first.Password, manage)
	s.see("Clipboard clears in", nil)
	if targets := s.ClipboardTargets(); !slices.Contains(targets, "x-kde-passwordManagerHint") {
		t.Errorf("the clipboard doesn't say that it holds a secret: %v", targets)
	}
	s.keepsTrue("the secret stays on the clipboard", clears-5*time.Second-time.Since(pressed), func() bool {
		return s.Clipboard() == first.Password || time.Since(pressed) > clears // by then: a look can take long
	})
	s.awaitClipboard("")

	s.press("Copy API secret", manage)
	s.awaitClipboard(sandbox.APISecret(sandbox.SharedApp))
	copied := time.Now()
	s.ok(s.SetClipboard("of another program"))
	s.keepsTrue("what another program copied stays", clears+3*time.Second-time.Since(copied), func() bool {
		return s.Clipboard() == "of another program"
	})

	s.press("Copy Authorization header", manage)
	s.ok(desktop.Await("the header", clears, func() bool {
		return strings.HasPrefix(s.Clipboard(), "Authorization: token "+sandbox.SharedApp+":")
	}))
	if token := strings.TrimPrefix(s.Clipboard(), "Authorization: token "+sandbox.SharedApp+":"); len(token) < 32 || strings.Contains(token, "•") {
		t.Errorf("the copied header has no real token")
	}
	s.press("Close", manage)
	s.gone(*manage)
	s.ok(s.CloseMain(kiteapp.KeepRunning)) // the agent that stays never had it
	s.awaitClipboard("")
	s.ok(s.StopAgent())
}
