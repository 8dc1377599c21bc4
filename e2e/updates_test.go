//go:build e2e

package e2e

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"aead.dev/minisign"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/update"
	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
)

const (
	releasePage = "https://github.com/kiteaccounts/kite-accounts/releases/tag/v99.1.0"
	newerIsOut  = "Kite Accounts 99.1.0 is out."
	checkDaily  = "Check for new versions once a day"
)

// feed is a server with a feed of releases that the scene's programs trust.
type feed struct {
	*httptest.Server
	key minisign.PrivateKey

	mu    sync.Mutex
	files map[string][]byte
	asked int
}

func (s *scene) feed() *feed {
	s.t.Helper()
	public, private, err := minisign.GenerateKey(rand.Reader)
	s.ok(err)
	f := &feed{key: private, files: map[string][]byte{}}
	f.Server = httptest.NewServer(f)
	s.t.Cleanup(f.Close)
	text, err := json.Marshal(map[string]string{"url": f.URL + "/feed.json", "key": public.String()})
	s.ok(err)
	s.ok(os.WriteFile(filepath.Join(s.DataDir, "test-feed"), text, 0o644)) //nolint:gosec // read by the desktop's user
	now := s.Now().UTC()
	f.publish(s, update.Feed{Schema: update.Schema, Published: now.Add(-time.Hour), Expires: now.AddDate(0, 6, 0), Releases: []update.Release{
		{Version: "99.1.0", Date: kite.DayOf(now), Notes: []string{"A hole is closed."}, Page: releasePage, Security: true},
		{Version: "99.0.0", Date: kite.DayOf(now), Notes: []string{"<b>Everything</b> is better."}, Page: releasePage},
	}})
	return f
}

func (f *feed) publish(s *scene, content update.Feed) {
	s.t.Helper()
	text, err := json.Marshal(content)
	s.ok(err)
	reader := minisign.NewReader(bytes.NewReader(text))
	_, err = io.Copy(io.Discard, reader)
	s.ok(err)
	f.put("/feed.json", text)
	f.put("/feed.json.minisig", reader.Sign(f.key))
}

func (f *feed) put(path string, content []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.files[path] = content
}

// tamper changes the feed and leaves its signature.
func (f *feed) tamper() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.files["/feed.json"] = bytes.ReplaceAll(f.files["/feed.json"], []byte("99.1.0"), []byte("99.2.0"))
}

// ServeHTTP counts whatever is asked for.
func (f *feed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked++
	_, _ = w.Write(f.files[r.URL.Path])
}

func (f *feed) requests() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.asked
}

// switchChecksOn opens the preferences and lets the window check once a day.
func (s *scene) switchChecksOn() {
	s.t.Helper()
	s.press("Preferences", nil)
	s.press(checkDaily, preferencesPage)
	s.awaitPreferences("a daily check", func(p kite.Preferences) bool { return p.CheckUpdates })
}

func TestNewVersionIsToldOnceThatIsSwitchedOn(t *testing.T) {
	s := newScene(t, desktop.Options{})
	f := s.feed()
	browser, err := s.SystemBrowser()
	s.ok(err, s.Start(browser))
	s.trySandbox()
	if n := f.requests(); n > 0 {
		t.Fatalf("%d requests though nobody switched them on", n)
	}
	s.switchChecksOn()
	s.see("Kite Accounts 99.1.0 is out. You have ", preferencesPage)
	s.ok(s.AwaitStill())
	s.picture("100-updates")
	s.press("Close", preferencesPage)
	s.see(newerIsOut, nil)
	s.see("It closes a security hole of the version you have.", nil)
	s.ok(s.AwaitStill())
	s.picture("101-update-banner")
	s.press("What’s new", nil)
	news := dialog("What’s new")
	s.see("Security fix", news)
	s.see("<b>Everything</b> is better.", news)
	s.ok(s.AwaitStill())
	s.picture("102-whats-new")
	s.press("Open download page", news)
	opened, err := s.Opened()
	s.ok(err)
	if opened != releasePage {
		t.Errorf("opened %s", opened)
	}
	s.press("Close", news)
	s.press("Skip this version", nil)
	s.gone(desktop.Query{TextHas: newerIsOut})
	s.ok(s.Quit(), s.Start(browser))
	s.see("Sandbox", nil)
	s.unseen(newerIsOut, nil)
	if n := f.requests(); n != 2 {
		t.Errorf("%d requests in a day and two starts, want the feed and its signature", n)
	}
}

func TestChangedFeedIsNotBelieved(t *testing.T) {
	s := newScene(t, desktop.Options{})
	f := s.feed()
	f.tamper()
	s.ok(s.Start())
	s.switchChecksOn()
	s.ok(desktop.Await("a line in the log", 30*time.Second, func() bool { return strings.Contains(s.Log(), "not checked for updates") }))
	s.see("Not checked yet.", preferencesPage)
	s.press("Check now", preferencesPage)
	s.see("isn't signed by the makers of Kite Accounts", preferencesPage)
	s.ok(s.AwaitStill())
	s.picture("103-feed-changed")
	s.press("Close", preferencesPage)
	s.unseen("is out.", nil)
	s.ok(s.Quit())
}

func TestVersionsAreTold(t *testing.T) {
	s := newScene(t, desktop.Options{})
	f := s.feed()
	light, err := s.Control("version")
	s.ok(err)
	window, err := s.Command("", filepath.Join(s.Programs, "kite-accounts"), "--version")
	s.ok(err)
	version := strings.TrimPrefix(strings.TrimSpace(light), "kitectl ")
	if strings.TrimSpace(window) != "kite-accounts "+version {
		t.Errorf("%q and %q", light, window)
	}
	out, err := s.Control("doctor")
	if !strings.Contains(out, "kitectl "+version+", kite-accounts "+version+", go") {
		t.Errorf("doctor: %v\n%s", err, out)
	}
	if n := f.requests(); n > 0 {
		t.Errorf("%d requests though nobody asked", n)
	}
	out, err = s.Control("version", "--check")
	s.ok(err)
	if !strings.Contains(out, "Version 99.1.0 is out: "+releasePage) || !strings.Contains(out, "closes a security hole\n  - A hole is closed.") {
		t.Errorf("kitectl version --check: %s", out)
	}
	s.ok(s.Start())
	s.ok(s.OpenMenu("Menu"))
	s.press("About and help", nil)
	s.see("Version "+version, dialog("Kite Accounts"))
	s.see("WebKitGTK", dialog("Kite Accounts"))
	s.ok(s.AwaitStill())
	s.picture("104-about")
	s.ok(s.Quit())
}

// TestReleaseHasNoFeedOfATest: the name of the file that a test writes is in
// the programs built for tests, and in no other.
func TestReleaseHasNoFeedOfATest(t *testing.T) {
	for folder, wanted := range map[string]bool{programs(t): true, os.Getenv("KITE_RELEASE_BIN"): false} {
		for _, name := range []string{"kite-accounts", "kitectl"} {
			content, err := os.ReadFile(filepath.Join(folder, name))
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(content, []byte(update.FileName)) != wanted {
				t.Errorf("%s/%s: has %s: %t", folder, name, update.FileName, !wanted)
			}
		}
	}
}

// installedAs copies the programs to where a package manager puts them.
func (s *scene) installedAs(kind string) {
	s.t.Helper()
	bin, lib := s.Path("usr/bin"), s.Path("usr/lib/kite-accounts")
	s.ok(os.MkdirAll(bin, 0o755), os.MkdirAll(lib, 0o755), os.WriteFile(filepath.Join(lib, "packaged-as"), []byte(kind+"\n"), 0o644)) //nolint:gosec // as a package does
	for _, name := range []string{"kite-accounts", "kitectl"} {
		content, err := os.ReadFile(filepath.Join(s.Programs, name))
		s.ok(err, os.WriteFile(filepath.Join(bin, name), content, 0o755)) //nolint:gosec // a program
	}
	s.Programs = bin
}

func TestPackageManagersInstallOffersNoCheck(t *testing.T) {
	const sentence = "Installed as a Debian package: your package manager updates it."
	s := newScene(t, desktop.Options{})
	f := s.feed()
	s.installedAs("deb")
	s.ok(s.Start())
	s.press("Preferences", nil)
	s.see("Logins, endings and exports are kept for", preferencesPage)
	s.unseen(checkDaily, preferencesPage)
	s.press("Close", preferencesPage)
	s.ok(s.OpenMenu("Menu"))
	s.press("About and help", nil)
	s.see(sentence, dialog("Kite Accounts"))
	if out, err := s.Control("version", "--check"); err == nil || !strings.Contains(out+err.Error(), sentence) {
		t.Errorf("kitectl version --check: %s, %v", out, err)
	}
	s.ok(s.Quit())
	if n := f.requests(); n > 0 {
		t.Errorf("%d requests", n)
	}
}
