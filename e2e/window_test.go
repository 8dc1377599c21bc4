//go:build e2e

package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
	"github.com/kiteaccounts/kite-accounts/e2e/kiteapp"
)

// ourWindows are the program's windows on the screen.
func (s *scene) ourWindows() int {
	s.t.Helper()
	windows, err := s.Windows()
	s.ok(err)
	n := 0
	for _, w := range windows {
		if strings.Contains(w.Title, "Kite Accounts") {
			n++
		}
	}
	return n
}

func TestSecondInstanceRaisesTheFirst(t *testing.T) {
	s := open(t, desktop.Options{})
	main, err := s.MainWindow()
	s.ok(err)
	_, err = s.Command("", "xdotool", "windowminimize", "--sync", main.ID)
	s.ok(err)
	second, err := s.Launch()
	s.ok(err)
	status, err := second.Wait(90 * time.Second)
	s.ok(err)
	if status != 0 && status != 1 { // a handed-over window is a success with status 1
		t.Errorf("the second window ended with status %d: %s", status, second.Text())
	}
	s.ok(desktop.Await("the first window in front", 30*time.Second, func() bool {
		out, err := s.Command("", "xdotool", "getactivewindow", "getwindowpid")
		return err == nil && strings.TrimSpace(out) == fmt.Sprint(s.Process.PID)
	}))
	if n := s.ourWindows(); n != 1 {
		t.Errorf("there are %d windows", n)
	}
}

func TestSecondInstanceHandsItsWishOver(t *testing.T) {
	s := open(t, desktop.Options{})
	second, err := s.LaunchWith([]string{"--preferences"})
	s.ok(err)
	_, err = second.Wait(90 * time.Second)
	s.ok(err)
	s.see("Quiet hours", dialog("Preferences"))
	if n := s.ourWindows(); n != 1 {
		t.Errorf("there are %d windows", n)
	}
}

func TestFirstStartWithAWishFulfilsIt(t *testing.T) {
	s := newScene(t, desktop.Options{})
	p, err := s.LaunchWith([]string{"--preferences"})
	s.ok(err)
	s.Process = p
	s.see("Quiet hours", dialog("Preferences"))
}

func TestSecondInstanceWithoutBusIsTurnedAway(t *testing.T) {
	s := newScene(t, desktop.Options{Keyring: desktop.KeyringNone, NoBus: true})
	s.ok(s.Start())
	second, err := s.Launch()
	s.ok(err)
	status, err := second.Wait(90 * time.Second)
	s.ok(err)
	if status != 1 || !strings.Contains(second.Text(), "already open for this data folder") {
		t.Errorf("it ended with status %d and said %q", status, second.Text())
	}
	s.see("Choose a passphrase", nil)
}

// hostile names are shown as they are and stored as they are.
var hostileNames = []string{
	`<img src=x onerror="document.title='owned'">`,
	`'; DROP TABLE kite_accounts;--`,
	`<b>bold</b> & {{braces}}`,
}

func TestHostileNamesAreText(t *testing.T) {
	s := open(t, desktop.Options{})
	for i, name := range hostileNames {
		user := sandbox.UserNumber(i + 1)
		s.addAccount(accountOf(name, user))
		if stored := s.sql("SELECT account_name FROM kite_accounts WHERE client_id = '" + user.UserID + "'"); stored != name {
			t.Errorf("%q is stored as %q", name, stored)
		}
	}
	s.picture("60-hostile-names")
	w := s.beginLogin(kiteapp.GetSessionToken, kiteapp.Card(hostileNames[0]))
	var window desktop.Window
	err := desktop.Await("the login window's title", 30*time.Second, func() (titled bool) {
		window, _ = w.Window()
		return strings.Contains(window.Title, hostileNames[0])
	})
	if err != nil {
		t.Errorf("%v; it is %q", err, window.Title)
	}
	s.ok(w.Close(), s.NoHelper())
	if main, err := s.MainWindow(); err != nil || main.Title != "Kite Accounts" {
		t.Errorf("title of the window: %q, %v", main.Title, err)
	}
}

func TestHugePasteIsRefused(t *testing.T) {
	s := open(t, desktop.Options{})
	s.press(kiteapp.AddAccount, nil)
	s.ok(anyError(s.Await(*addForm)))
	s.enter("Client ID", "AB1234")
	const megabyte = 1 << 20
	s.ok(s.SetClipboard(strings.Repeat("z", megabyte)))
	entry, err := s.Entry("API secret")
	s.ok(err, s.TakeKeyboard(entry))
	s.keyUntil("ctrl+v", "what was pasted to be refused", func() bool { return strings.Contains(s.Says(addForm), "too long") })
	s.press("Cancel", addForm)
	s.press("Discard", dialog("Discard what you entered?"))
	s.gone(*addForm)
	if strings.Contains(s.Log(), "zzzzzzzz") {
		t.Error("what was pasted is in the log")
	}
}

// many is more accounts than anybody has.
const many = 200

// multiply makes copies of the first account in the database, by SQL.
func (s *scene) multiply() {
	s.t.Helper()
	s.sql(fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i+1 FROM n WHERE i < %d)
		INSERT INTO kite_accounts SELECT printf('00000000-0000-4000-8000-%%012d', i), 'Client ' || printf('%%03d', i), 'client ' || printf('%%03d', i),
		printf('SB%%04d', i), phone_number, NULL, api_key, NULL, account_type, callback_url, postback_url, login_url, api_root, ttl, allowed_hosts,
		NULL, created_at, updated_at, printf('client-%%03d', i), login_way FROM kite_accounts, n WHERE client_id = 'SB0001'`, many))
}

func TestManyAccounts(t *testing.T) {
	s := open(t, desktop.Options{})
	s.trySandbox()
	s.ok(s.Quit())
	s.multiply()
	began := time.Now()
	s.ok(s.Start())
	s.see("Client 200", kiteapp.Card("Client 200"))
	t.Logf("%d accounts were shown and read after %s", many, time.Since(began).Round(time.Millisecond))
	s.see(fmt.Sprintf("All %d", many), nil)
	s.picture("61-many-cards")
	s.enter("Search accounts", "client 150")
	s.gone(*kiteapp.Card("Client 200"))
	s.see("Client 150", kiteapp.Card("Client 150"))
	s.press("Clear search", nil)
	s.press("List", nil)
	s.see("Client 200", kiteapp.Card("Client 200"))
	s.picture("62-many-list")
	main, err := s.MainWindow()
	s.ok(err, s.Resize(main, 900, 600))
	s.ok(desktop.Await("the page to fit the smaller window", 20*time.Second, func() bool { return s.fits(900) }))
	s.picture("63-many-900x600")
	s.ok(s.Quit(), s.Start())
	s.see("Client 200", kiteapp.Card("Client 200"))
	size := ""
	err = desktop.Await("the window's size of before", 30*time.Second, func() bool {
		size, err = s.Command("", "xdotool", "getwindowgeometry", "--shell", s.mainID())
		return err == nil && strings.Contains(size, "WIDTH=900\n") && strings.Contains(size, "HEIGHT=600\n")
	})
	if err != nil {
		t.Errorf("the window's size isn't remembered: %v; %s", err, size)
	}
	s.picture("64-remembered")
}

// fits says whether the menu's button at the right is within a window of that width.
func (s *scene) fits(width int32) bool {
	outer, err := s.Find(s.Process.PID, desktop.Query{Roles: []string{"document web"}})
	if err != nil || outer == nil {
		return false
	}
	inner, err := s.Find(s.Process.PID, desktop.Query{Name: "Menu", State: desktop.Enabled})
	if err != nil || inner == nil {
		return false
	}
	page, err := s.Extents(outer)
	if err != nil {
		return false
	}
	menu, err := s.Extents(inner)
	return err == nil && menu.X+menu.Width <= page.X+width
}

func (s *scene) mainID() string {
	s.t.Helper()
	main, err := s.MainWindow()
	s.ok(err)
	return main.ID
}

// keyUntil presses a key until it has come to that: a busy browser can lose one.
// To press it once more than needed must change nothing.
func (s *scene) keyUntil(key, what string, so func() bool) {
	s.t.Helper()
	var err error
	for range 3 {
		s.ok(s.Key(key))
		if err = desktop.Await(what, 20*time.Second, so); err == nil {
			return
		}
	}
	s.t.Fatalf("%s: %v", key, err)
}

// TestKeyboardAlone adds and finds an account without a mouse.
func TestKeyboardAlone(t *testing.T) {
	s := open(t, desktop.Options{})
	s.trySandbox()
	main, err := s.MainWindow()
	s.ok(err, s.Activate(main))
	focused := func(name string) func() bool {
		return func() bool {
			return s.Shows(desktop.Query{NameHas: name, State: desktop.Focused, Roles: slices.Concat(desktop.Entries, desktop.Buttons)})
		}
	}
	s.keyUntil("ctrl+n", "the form", focused("Account name"))
	s.keyUntil("Escape", "the form's end", func() bool { return !s.Shows(*addForm) })
	s.gone(*addForm)
	s.keyUntil("ctrl+f", "the search", focused("Search accounts"))
	s.enter("Search accounts", "nobody")
	s.see("No account matches", nil)
	s.keyUntil("Escape", "the card", func() bool { return s.Shows(*sandboxCard) })
	for _, key := range []string{"F12", "ctrl+shift+i", "ctrl+shift+F12", "F5"} {
		s.ok(s.Key(key))
	}
	s.see(first.UserID, sandboxCard)
	if n := s.ourWindows(); n != 1 {
		t.Errorf("a developer's window opened: %d windows", n)
	}
}
