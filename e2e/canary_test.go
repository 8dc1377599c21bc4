//go:build e2e

package e2e

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/e2e/kiteapp"
)

// canary is a secret that must be found nowhere.
type canary struct{ name, value string }

// forms are the ways in which it could be written down.
func (c canary) forms() map[string][]byte {
	forms := map[string][]byte{
		"plain": []byte(c.value),
		"hex":   []byte(hex.EncodeToString([]byte(c.value))), "HEX": []byte(strings.ToUpper(hex.EncodeToString([]byte(c.value)))),
		"URL": []byte(url.QueryEscape(c.value)),
	}
	var little, big []byte
	for _, unit := range utf16.Encode([]rune(c.value)) {
		little, big = append(little, byte(unit), byte(unit>>8)), append(big, byte(unit>>8), byte(unit))
	}
	forms["UTF-16LE"], forms["UTF-16BE"] = little, big
	// In a longer text base64 depends on where the secret begins; the first
	// and last characters depend on the neighbours.
	for shift := range 3 {
		encoded := base64.RawStdEncoding.EncodeToString(append(make([]byte, shift), c.value...))
		forms["base64+"+string(rune('0'+shift))] = []byte(encoded[(shift*8+5)/6 : len(encoded)-1])
		forms["base64url+"+string(rune('0'+shift))] = []byte(strings.NewReplacer("+", "-", "/", "_").Replace(encoded[(shift*8+5)/6 : len(encoded)-1]))
	}
	return forms
}

// search tells which canaries are in the content, and in which form.
func search(content []byte, canaries []canary) []string {
	var found []string
	for _, c := range canaries {
		for form, pattern := range c.forms() {
			if bytes.Contains(content, pattern) {
				found = append(found, c.name+" in "+form)
			}
		}
	}
	return found
}

func TestSearchFindsEveryForm(t *testing.T) {
	c := canary{"trial", "Canary+/?ü1234567"}
	wide := func(order func(uint16) []byte) (b []byte) {
		for _, unit := range utf16.Encode([]rune(c.value)) {
			b = append(b, order(unit)...)
		}
		return b
	}
	for name, content := range map[string][]byte{
		"plain": []byte("x" + c.value + "y"), "hex": []byte(hex.EncodeToString([]byte(c.value))),
		"little": wide(func(u uint16) []byte { return []byte{byte(u), byte(u >> 8)} }),
		"big":    wide(func(u uint16) []byte { return []byte{byte(u >> 8), byte(u)} }),
		"base64": []byte(base64.StdEncoding.EncodeToString([]byte(c.value))),
		"within": []byte(base64.StdEncoding.EncodeToString([]byte("a" + c.value + "b"))),
		"deeper": []byte(base64.URLEncoding.EncodeToString([]byte("ab" + c.value + "bcd"))),
		"query":  []byte(url.Values{"x": {c.value}}.Encode()),
	} {
		if len(search(content, []canary{c})) == 0 {
			t.Errorf("%s isn't found", name)
		}
	}
	if found := search([]byte("nothing of it"), []canary{c}); len(found) > 0 {
		t.Errorf("found where it isn't: %v", found)
	}
}

// ofExec says that it is the environment of a command that exec has become, or
// of one that this has started: the one place where a token may be. Whose it
// was is looked up after it was read, since a command never becomes kitectl.
func ofExec(pid int, environ []byte) bool {
	if !bytes.Contains(environ, []byte("\x00KITE_ACCESS_TOKEN=")) {
		return false
	}
	arguments, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "cmdline"))
	program, _, _ := strings.Cut(string(arguments), "\x00")
	return !slices.Contains([]string{"kitectl", "kite-accounts"}, filepath.Base(program))
}

// watcher keeps the arguments and environments of the desktop's processes.
type watcher struct {
	s     *scene
	mu    sync.Mutex
	known map[string]bool
	seen  bytes.Buffer
	done  chan struct{}
	work  sync.WaitGroup
}

// watch looks at all processes of the desktop until stopped.
func (s *scene) watch() *watcher {
	w := &watcher{s: s, known: map[string]bool{}, done: make(chan struct{})}
	w.work.Go(func() {
		for {
			w.look()
			select {
			case <-w.done:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	})
	return w
}

// look looks once: at what waits just now for the test, and could end before the
// next look.
func (w *watcher) look() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range w.s.Processes() {
		for _, part := range []string{"environ", "cmdline"} {
			path := filepath.Join("/proc", strconv.Itoa(p.PID), part)
			text, err := os.ReadFile(path)
			if err == nil && !w.known[path+string(text)] && !ofExec(p.PID, text) {
				w.known[path+string(text)] = true
				w.seen.Write(text)
				w.seen.WriteByte('\n')
			}
		}
	}
}

// stop ends it and returns what it saw.
func (w *watcher) stop() []byte {
	close(w.done)
	w.work.Wait()
	return w.seen.Bytes()
}

// searchFiles looks through everything below the desktop's folder: home, data
// folder, temporary files, what was printed and logged; all but one folder, if
// that is named.
func (s *scene) searchFiles(canaries []canary, but string) (files int) {
	s.t.Helper()
	err := filepath.WalkDir(s.Root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || (but != "" && strings.HasPrefix(path, but)) {
			return nil //nolint:nilerr // gone meanwhile
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return nil //nolint:nilerr // gone meanwhile
		}
		files++
		for _, found := range search(append(content, path...), canaries) {
			s.t.Errorf("%s: %s", strings.TrimPrefix(path, s.Root), found)
		}
		return nil
	})
	s.ok(err)
	return files
}

// The secrets of an account whose login must fail.
const (
	unknownAPISecret = "canarysecretcanarysecretcanary42"
	plantedPassword  = "Pw-canary-7h3-p4ssw0rd"
)

// TestCanary uses every secret there is, also where things fail, and searches
// for all of them wherever the program could have left them.
func TestCanary(t *testing.T) {
	s, d := newDay(t, withTray)
	watched := s.watch()
	browser, err := s.SystemBrowser()
	s.ok(err, s.Start(browser))
	s.trySandbox()
	canaries := []canary{
		{"password", first.Password}, {"API secret", sandbox.APISecret(sandbox.SharedApp)},
		{"planted API secret", unknownAPISecret}, {"planted password", plantedPassword}, {"TOTP seed", first.TOTPSecret},
	}
	canaries = append(canaries, s.useSecrets(t)...)
	key, err := s.Command("", "secret-tool", "lookup", "service", keyringService, "username", s.keyEntry())
	s.ok(err)
	kek, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(strings.TrimSpace(key), "kek1:"))
	s.ok(err)
	keys := []canary{{"key of the vault", string(kek)}, {"key of the vault as stored", strings.TrimSpace(key)}}
	for _, found := range search([]byte(s.told(d)), append(canaries, keys...)) {
		t.Errorf("notices, tray, log of the agent or history: %s", found)
	}
	// While it runs, and once it has ended.
	for range 2 {
		if files := s.searchFiles(canaries, ""); files < 10 {
			t.Errorf("only %d files were searched", files)
		}
		s.searchFiles(keys, s.Path("home/.local/share/keyrings"))
		if s.ourWindows() > 0 {
			s.ok(s.Quit())
		}
	}
	seen := watched.stop()
	for _, program := range []string{"kite-accounts\x00", "login-window\x00", "kitectl\x00agent\x00"} {
		if !bytes.Contains(seen, []byte(program)) {
			t.Errorf("no process was looked at with %q in its arguments", program)
		}
	}
	for _, found := range search(seen, append(canaries, keys...)) {
		t.Errorf("arguments or environment of a process: %s", found)
	}
}

// useSecrets goes through logins that succeed and fail, copies, reveals and
// edits, and returns the tokens that came up.
func (s *scene) useSecrets(t *testing.T) []canary {
	t.Helper()
	// A wrong API secret: the exchange is refused.
	s.addAccount(newAccount{"Planted", sandbox.UserNumber(2).UserID, sandbox.SharedApp, unknownAPISecret, plantedPassword})
	card := kiteapp.Card("Planted")
	w := s.beginLogin(kiteapp.GetSessionToken, card)
	s.ok(w.LogIn(sandbox.UserNumber(2)))
	s.see("API secret", card)
	// A request_token that is known here, through the user's own browser.
	s.menu("Sandbox "+first.UserID, "Paste the redirect URL…")
	paste := dialog("Paste the redirect URL")
	s.press("Open the login", paste)
	loginURL, err := s.Opened()
	s.ok(err)
	redirect, err := s.LogInByBrowser(loginURL, first, sandbox.DefaultCallback)
	s.ok(err)
	target, err := url.Parse(redirect)
	s.ok(err)
	s.enter("Redirect URL", redirect)
	s.press("Use this URL", paste)
	s.see("Active", sandboxCard)
	// The access token, revealed and copied.
	s.press(kiteapp.ManageAccount, sandboxCard)
	s.press(kiteapp.Credentials, manage)
	s.press("Reveal Access token", manage)
	_, err = s.Await(button("Hide Access token", manage))
	s.ok(err)
	shown := regexp.MustCompile(`(?m)^[A-Za-z0-9]{32,}$`).FindString(s.Says(manage))
	s.press("Copy Access token", manage)
	s.press("Copy API secret", manage)
	s.press("Copy Password", manage)
	s.press(kiteapp.TestConnection, manage)
	s.press("Test now", manage)
	s.see("The session works", manage)
	// A failure on the way, and the session's end.
	s.ok(s.Faults(sandbox.Faults{API: "garbage"}))
	s.press("Test now", manage)
	s.see("can't be understood", manage)
	s.ok(s.Faults(sandbox.Faults{}))
	s.press("Close", manage)
	s.gone(*manage)
	if shown == "" {
		t.Fatal("no access token was revealed")
	}
	return []canary{{"access token", shown}, {"request token", target.Query().Get("request_token")}}
}

// told is what goes to the desktop and stays outside of the window: notices, the
// tray's words, the agent's log, and the history as its user saves it.
func (s *scene) told(d kite.Day) string {
	s.t.Helper()
	s.ok(s.OpenMenu("Menu"))
	s.press("History", nil)
	page := dialog("History")
	s.see("Password copied.", page)
	history := s.exportHistory(page)
	s.press("Close", page)
	s.gone(*page)
	s.ok(s.SetClock(at(d.Next(), 8, 30)))
	s.notice("no session for today")
	menu := s.menuHas("No account is ready")
	icon := s.tray(anyTray)
	return fmt.Sprintf("%s\n%s\n%+v\n%+v\n%s\n%s\n%s", history, s.sql("SELECT * FROM history"), s.Told(), menu, icon.Title, icon.ToolTip,
		s.read(filepath.Join(s.DataDir, "logs", "agent.log")))
}
