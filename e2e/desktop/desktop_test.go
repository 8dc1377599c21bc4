//go:build e2e

package desktop_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
)

// page is a form as the app's own pages have them.
const page = `<!doctype html><meta charset="utf-8"><title>Trial</title>
<form onsubmit="document.querySelector('output').textContent='Hello '+who.value+'!';return false">
<label for="who">Name</label><input id="who"><label for="pin">Secret</label><input id="pin" type="password">
<button>Greet</button></form><output></output>`

// browser starts WebKitGTK's own small browser, which comes with the library.
func browser(t *testing.T, d *desktop.Desktop) *desktop.Process {
	t.Helper()
	found, _ := filepath.Glob("/usr/lib*/*/webkit2gtk-4.1/MiniBrowser")
	if len(found) == 0 {
		t.Fatal("WebKitGTK has no MiniBrowser here: install libwebkit2gtk-4.1-0")
	}
	path := d.Path("home/page.html")
	if err := os.WriteFile(path, []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
	p, err := d.Run("browser", nil, found[0], "--private", "file://"+path)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func start(t *testing.T, o desktop.Options) *desktop.Desktop {
	t.Helper()
	d, err := desktop.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
		if left := d.Processes(); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	})
	return d
}

const limit = 30 * time.Second

func TestPageIsReadAndDriven(t *testing.T) {
	d := start(t, desktop.Options{})
	// The ₹ gets a key of its own: xdotool borrows one else, which a busy browser
	// looks up when it has been given back.
	if _, err := d.Command("", "setxkbmap", "-layout", "us", "-option", "rupeesign:4"); err != nil {
		t.Fatal(err)
	}
	p := browser(t, d)
	entry, err := d.Await(p.PID, desktop.Query{Roles: desktop.Entries, Name: "Name"}, limit)
	if err != nil {
		explain(t, d, p, err)
	}
	for range 3 { // a key press can be lost
		if err = d.Fill(entry, "Ada <3 & ₹ Co"); err == nil {
			break
		}
	}
	if err != nil {
		explain(t, d, p, err)
	}
	button, err := d.Await(p.PID, desktop.Query{Roles: desktop.Buttons, Name: "Greet"}, limit)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Press(button); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Await(p.PID, desktop.Query{TextHas: "Hello Ada <3 & ₹ Co!"}, limit); err != nil {
		explain(t, d, p, err)
	}
	shot := filepath.Join(t.TempDir(), "page.png")
	if err := d.Screenshot(shot); err != nil {
		t.Fatal(err)
	}
}

// explain fails the test with all that can be seen.
func explain(t *testing.T, d *desktop.Desktop, p *desktop.Process, err error) {
	t.Helper()
	root, lookErr := d.Look(p.PID)
	var dump strings.Builder
	if root != nil {
		root.Dump(&dump)
	}
	t.Fatalf("%v (%v)\n%s\n%s", err, lookErr, dump.String(), p.Text())
}

func TestKeyringStates(t *testing.T) {
	t.Run("open", func(t *testing.T) {
		d := start(t, desktop.Options{})
		if _, err := d.Command("word", "secret-tool", "store", "--label=trial", "service", "trial"); err != nil {
			t.Fatal(err)
		}
		if out, err := d.Command("", "secret-tool", "lookup", "service", "trial"); err != nil || out != "word" {
			t.Fatalf("looked up %q, %v", out, err)
		}
	})
	t.Run("locked", func(t *testing.T) {
		d := start(t, desktop.Options{Keyring: desktop.KeyringGuarded})
		if err := d.LockKeyring(); err != nil {
			t.Fatal(err)
		}
		if locked, err := d.KeyringIsLocked(); err != nil || !locked {
			t.Fatalf("locked: %t, %v", locked, err)
		}
	})
}

func TestTwoDesktopsAtOnce(t *testing.T) {
	a, b := start(t, desktop.Options{}), start(t, desktop.Options{Keyring: desktop.KeyringNone})
	if err := a.SetClipboard("of a"); err != nil {
		t.Fatal(err)
	}
	if text := b.Clipboard(); text != "" {
		t.Fatalf("the other desktop's clipboard holds %q", text)
	}
}

func TestAdoptedProcessIsFollowedToItsEnd(t *testing.T) {
	d := start(t, desktop.Options{Keyring: desktop.KeyringNone})
	// The shell becomes a program that waits, and never looks after its child.
	if _, err := d.Run("parent", nil, "sh", "-c", "sleep 1000 & exec sleep 2000"); err != nil {
		t.Fatal(err)
	}
	var child desktop.Running
	if err := desktop.Await("the child", limit, func() bool {
		for _, p := range d.Processes() {
			if p.Command == "sleep 1000" {
				child = p
			}
		}
		return child.PID != 0
	}); err != nil {
		t.Fatal(err)
	}
	adopted := d.Adopt("child", child.PID)
	if _, err := adopted.Wait(200 * time.Millisecond); err == nil {
		t.Fatal("it ended before it was ended")
	}
	if err := adopted.Signal(desktop.Kill); err != nil {
		t.Fatal(err)
	}
	if _, err := adopted.Wait(limit); err != nil {
		t.Error(err)
	}
}
