//go:build e2e

package e2e

import (
	"io"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
	"github.com/kiteaccounts/kite-accounts/e2e/kiteapp"
)

// apiToken is how the token of a program looks.
var apiToken = regexp.MustCompile(`ka_[A-Za-z0-9_-]{43}`)

// occupied is a port of this computer that another program has.
func (s *scene) occupied() (port string, release func()) {
	s.t.Helper()
	port = strconv.Itoa(kitetest.FreePort(s.t))
	l, err := (&net.ListenConfig{}).Listen(s.t.Context(), "tcp4", "127.0.0.1:"+port)
	s.ok(err)
	s.t.Cleanup(func() { _ = l.Close() })
	return port, func() { s.ok(l.Close()) }
}

// asProgram asks the local API as a program with that token does; status 0 if
// nobody listens.
func (s *scene) asProgram(port, path, token string) (status int, body string) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, "http://127.0.0.1:"+port+path, nil)
	s.ok(err)
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err.Error()
	}
	defer answer.Body.Close() //nolint:errcheck // read to its end
	text, err := io.ReadAll(answer.Body)
	s.ok(err)
	return answer.StatusCode, string(text)
}

func (s *scene) servesAccounts(port, token string) {
	s.t.Helper()
	status, body := s.asProgram(port, "/v1/accounts", token)
	if status != http.StatusOK || !strings.Contains(body, first.UserID) || !strings.Contains(body, `"active"`) {
		s.t.Fatalf("accounts: %d %s", status, body)
	}
}

// serveOn opens Preferences and lets programs in at that port.
func (s *scene) serveOn(port string) {
	s.t.Helper()
	s.press("Preferences", nil)
	s.ok(anyError(s.Await(*preferencesPage)))
	s.enter("Port", port)
	s.leave("Port")
	s.press("Let programs on this computer get sessions", preferencesPage)
}

// addProgram goes through the dialogs and returns the token that is shown.
func (s *scene) addProgram(name string) string {
	s.t.Helper()
	s.press("Add program", preferencesPage)
	form := dialog("Add program")
	s.ok(anyError(s.Await(*form)))
	s.enter("Name", name)
	s.press("Add program", form)
	shown := dialog("Copy the token now")
	s.see("see it again", shown)
	token := apiToken.FindString(s.Says(shown))
	if token == "" {
		s.t.Fatalf("no token is shown:\n%s", s.Says(shown))
	}
	s.ok(s.AwaitStill())
	s.picture("95-program-token")
	s.press("Copy token", shown)
	s.awaitClipboard(token)
	s.see("Clipboard clears in", nil)
	s.press("Done", shown)
	s.gone(*shown)
	return token
}

// TestProgramsAreLetInAndRevoked: from the switch to the last refusal, with and
// without a window; the token stays nowhere but with who copied it.
func TestProgramsAreLetInAndRevoked(t *testing.T) {
	s := open(t, withTray)
	s.trySandbox()
	s.logIn(kiteapp.GetSessionToken, sandboxCard, first)
	port, release := s.occupied()
	release()
	s.serveOn(port)
	s.see("Listening on http://127.0.0.1:"+port, preferencesPage)
	if status, _ := s.asProgram(port, "/v1/accounts", "ka_guessed"); status != http.StatusUnauthorized {
		t.Errorf("a guessed token: %d", status)
	}
	token := s.addProgram("strategy.py")
	s.servesAccounts(port, token)
	s.see("last used today", preferencesPage)
	s.picture("96-programs")
	s.press("Close", preferencesPage)
	s.ok(s.CloseMain(kiteapp.KeepRunning))
	s.servesAccounts(port, token)

	s.ok(s.Start())
	s.see("Active", sandboxCard)
	s.press("Preferences", nil)
	s.press("Revoke strategy.py", preferencesPage)
	s.press("Revoke", dialog("Revoke this program?"))
	s.see("None yet.", preferencesPage)
	if status, body := s.asProgram(port, "/v1/accounts", token); status != http.StatusUnauthorized {
		t.Errorf("revoked: %d %s", status, body)
	}
	s.press("Let programs on this computer get sessions", preferencesPage)
	s.see("Off: no port is open.", preferencesPage)
	s.ok(desktop.Await("nobody to listen", 30*time.Second, func() bool {
		status, _ := s.asProgram(port, "/v1/accounts", token)
		return status == 0
	}))
	s.press("Close", preferencesPage)
	if files := s.searchFiles([]canary{{"token of the program", token}}, ""); files < 10 {
		t.Errorf("only %d files were searched", files)
	}
	s.ok(s.Quit())
	s.searchFiles([]canary{{"token of the program", token}}, "")
}

// TestProgramsPortIsTaken: no other port is used silently, and the one that was
// chosen as soon as it is free.
func TestProgramsPortIsTaken(t *testing.T) {
	s := open(t, withTray)
	port, release := s.occupied()
	s.serveOn(port)
	s.see("Port "+port+" is taken by another program", preferencesPage)
	s.ok(s.AwaitStill())
	s.picture("97-port-taken")
	release()
	s.ok(s.SetClock(at(tradingDay, 10, 5)))
	s.see("Listening on http://127.0.0.1:"+port, preferencesPage)
	s.press("Close", preferencesPage)
	s.ok(s.Quit())
}
