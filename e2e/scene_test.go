//go:build e2e

// Package e2e proves the real program on a virtual desktop: what a person sees
// and does, from outside.
//
//	scene_test.go           the program on a desktop of its own, for one test
//	day_test.go             a trading day: planted accounts, notices, the tray
//	journey_test.go         from the empty window to an expired session
//	accounts_test.go        add, edit, duplicate, delete; what can't be saved
//	login_failures_test.go  every way in which a login ends without a session
//	browser_login_test.go   the user's own browser; two logins at once
//	round_test.go           log in all and check all: skipped, failed, stopped
//	agent_test.go           the agent through closes, crashes, suspends, clocks
//	notices_test.go         what is told, when, once, and what its buttons do
//	tray_test.go            the icon and its menu; trays that come late
//	preferences_test.go     preferences in window and agent; start with the computer
//	history_test.go         what happened: shown, searched, exported
//	programs_test.go        programs that get sessions: let in, served, revoked
//	vault_test.go           keyrings that are absent, locked, emptied, foreign, killed
//	storage_test.go         databases that are damaged, newer, gone, unwritable
//	window_test.go          one window, hostile names, many accounts, sizes
//	clipboard_test.go       what is copied and when it is taken back
//	updates_test.go         newer versions: told, skipped, not believed; what tells versions
//	security_test.go        the release build: hardening, real time
//	cli_test.go             kitectl beside the window, without one, over SSH, at a terminal
//	localapi_test.go        a program asks, a person logs in; a serving agent is hardened
//	canary_test.go          every secret is searched for wherever it could leak
//	canary_programs_test.go the same for kitectl and the local API
package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
	"github.com/kiteaccounts/kite-accounts/e2e/kiteapp"
)

// scene is the program on a desktop. Its methods fail the test, and then a
// picture and all that was shown and logged stay in screenshots/failures.
type scene struct {
	*kiteapp.App
	t *testing.T
}

// programs is the folder with the binaries built for tests.
func programs(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("KITE_E2E_BIN")
	if dir == "" {
		t.Fatal("the desktop tests need the programs built for tests: run them with make test, or with make e2e alone")
	}
	return dir
}

// newScene brings up a desktop; the program isn't started yet. Its clock says
// 10:00 in India on a trading day, whenever the tests run. Tests share nothing,
// so they run side by side.
func newScene(t *testing.T, o desktop.Options) *scene {
	t.Helper()
	t.Parallel()
	d, err := desktop.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
		if left := d.Processes(); len(left) > 0 {
			t.Errorf("processes left behind: %v", left)
		}
	})
	app, err := kiteapp.New(d, programs(t))
	if err != nil {
		t.Fatal(err)
	}
	s := &scene{app, t}
	t.Cleanup(s.explainFailure)
	s.ok(app.SetClock(at(tradingDay, 10, 0)))
	return s
}

// open is newScene with the program started.
func open(t *testing.T, o desktop.Options) *scene {
	t.Helper()
	s := newScene(t, o)
	s.ok(s.Start())
	return s
}

// screenshots is where pictures are kept.
const screenshots = "screenshots"

func (s *scene) explainFailure() {
	if !s.t.Failed() {
		return
	}
	base := filepath.Join(screenshots, "failures", strings.ReplaceAll(s.t.Name(), "/", "-"))
	if err := s.App.Screenshot(base + ".png"); err != nil {
		s.t.Log(err)
		return
	}
	if err := os.WriteFile(base+".txt", []byte(s.Describe()), 0o600); err != nil {
		s.t.Log(err)
		return
	}
	s.t.Logf("what was shown and logged: e2e/%s.png and .txt", base)
}

// ok fails the test on any of these errors.
func (s *scene) ok(errs ...error) {
	s.t.Helper()
	for _, err := range errs {
		if err != nil {
			s.t.Fatal(err)
		}
	}
}

func (s *scene) press(name string, within *desktop.Query) {
	s.t.Helper()
	s.ok(s.Press(name, within))
}

func (s *scene) enter(label, text string) {
	s.t.Helper()
	s.ok(s.Enter(label, text))
}

func (s *scene) see(text string, within *desktop.Query) {
	s.t.Helper()
	s.ok(s.See(text, within))
}

// unseen fails if a text is there now.
func (s *scene) unseen(text string, within *desktop.Query) {
	s.t.Helper()
	if said := s.Says(within); strings.Contains(said, text) {
		s.t.Fatalf("%q is shown:\n%s", text, said)
	}
}

func (s *scene) gone(q desktop.Query) {
	s.t.Helper()
	s.ok(s.Gone(q))
}

// picture keeps the screen as screenshots/NAME.png.
func (s *scene) picture(name string) {
	s.t.Helper()
	s.ok(s.App.Screenshot(filepath.Join(screenshots, name+".png")))
}

// button is a query for an enabled button.
func button(name string, within *desktop.Query) desktop.Query {
	return desktop.Query{Roles: desktop.Buttons, Name: name, Within: within, State: desktop.Enabled}
}

// dialog is the dialog of that title.
func dialog(title string) *desktop.Query {
	return &desktop.Query{Roles: desktop.Dialogs, Name: title}
}

// first is the user that the sandbox gives to the first account.
var first = sandbox.UserNumber(1)

// sandboxCard is the card of the account that Try the sandbox makes first.
var sandboxCard = kiteapp.Card("Sandbox " + first.UserID)

// trySandbox makes that account. Where the keyring hasn't answered yet, the
// window asks to wait a moment.
func (s *scene) trySandbox() {
	s.t.Helper()
	s.ok(s.AddSandbox(sandboxCard))
}

// beginLogin presses the button and waits for the login window.
func (s *scene) beginLogin(words string, card *desktop.Query) *kiteapp.LoginWindow {
	s.t.Helper()
	s.press(words, card)
	w, err := s.LoginWindow()
	s.ok(err)
	return w
}

// logIn takes a card to green.
func (s *scene) logIn(words string, card *desktop.Query, user sandbox.User) {
	s.t.Helper()
	w := s.beginLogin(words, card)
	s.ok(w.LogIn(user))
	s.see("Active", card)
}

// keepsTrue fails if something stops being so within the time.
func (s *scene) keepsTrue(what string, during time.Duration, so func() bool) {
	s.t.Helper()
	for end := time.Now().Add(during); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if !so() {
			s.t.Fatalf("%s: no longer", what)
		}
	}
}

// sql asks the database with SQLite's own command line.
func (s *scene) sql(query string) string {
	s.t.Helper()
	out, err := s.Command("", "sqlite3", "-cmd", ".timeout 30000", s.Database(), query)
	s.ok(err)
	return strings.TrimSpace(out)
}

// sessions counts the account's sessions in the database.
func (s *scene) sessions() string {
	s.t.Helper()
	return s.sql("SELECT count(*) FROM kite_sessions")
}
