//go:build packages

package packages

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/e2e/cutoff"
	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
	"github.com/kiteaccounts/kite-accounts/e2e/kiteapp"
)

// nobody is the ordinary user of the tests: known here and in every Debian.
const nobody = 65534

// desk is the program of a system on a virtual desktop. The desktop's own
// services are this computer's; what is tested runs in the system.
type desk struct {
	*kiteapp.App
	t      *testing.T
	system *system
	starts int
	told   bool     // why it failed
	env    []string // of what is launched
}

// newDesk brings up a desktop with the program of the folder in the system. The
// program's clock is the computer's.
func newDesk(t *testing.T, s *system, programs string) *desk {
	t.Helper()
	cutoff.Pass(4 * time.Minute)
	d, err := desktop.Start(desktop.Options{User: nobody, System: s.dir, Panel: true, Notifications: desktop.NotificationsBubble})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
		if err := s.unbind(d.Root); err != nil {
			t.Error(err)
		}
	})
	s.bind(t, d.Root)
	s.bind(t, "/tmp/.X11-unix")
	k := &desk{App: kiteapp.Installed(d, programs), t: t, system: s}
	t.Cleanup(k.explainFailure)
	return k
}

const screenshots = "../screenshots"

func (k *desk) explainFailure() {
	if !k.t.Failed() || k.told {
		return
	}
	k.told = true
	path := filepath.Join(screenshots, "failures", strings.ReplaceAll(k.t.Name(), "/", "-")+".png")
	if err := k.Screenshot(path); err != nil {
		k.t.Log(err)
	}
	k.t.Logf("what was shown is in %s; what was shown and logged:\n%s", path, k.Describe())
}

// ok fails the test on any of these errors.
func (k *desk) ok(errs ...error) {
	k.t.Helper()
	for _, err := range errs {
		if err != nil {
			k.t.Fatal(err)
		}
	}
}

func (k *desk) see(text string, within *desktop.Query) {
	k.t.Helper()
	k.ok(k.See(text, within))
}

func (k *desk) press(name string, within *desktop.Query) {
	k.t.Helper()
	k.ok(k.Press(name, within))
}

func (k *desk) picture(name string) {
	k.t.Helper()
	k.ok(k.Screenshot(filepath.Join(screenshots, "package-"+name+".png")))
}

// launch lets a launcher of the system start something, and waits for the
// launcher.
func (k *desk) launch(words ...string) {
	k.t.Helper()
	k.starts++
	p, err := k.Run(fmt.Sprintf("launch-%d", k.starts), k.env, words[0], words[1:]...)
	k.ok(err)
	status, err := p.Wait(time.Minute)
	k.ok(err)
	if status != 0 {
		k.t.Fatalf("%s ended with status %d: %s", words, status, p.Text())
	}
}

// open opens the window from the desktop entry, as a click in a menu does.
func (k *desk) open() {
	k.t.Helper()
	k.launch("/usr/bin/gtk-launch", appID)
	k.ok(k.AwaitWindow())
}

// action launches an action of the desktop entry with GLib, as desktops do.
func (k *desk) action(name string) {
	k.t.Helper()
	inside := k.system.bring(k.t, filepath.Join(tools, "launch"))
	k.launch(inside, desktopEntry, name)
}

// living is what a card says of a session that lives, at any hour: its badge is
// Ends soon in the last two hours before 06:00 IST, and these are release builds,
// which know no other clock than the computer's.
const living = "Time left"

// first is the user that the sandbox gives to the first account.
var first = sandbox.UserNumber(1)

var sandboxCard = kiteapp.Card("Sandbox " + first.UserID)

// sandboxSlug is the short name of that account.
const sandboxSlug = "sandbox-sb0001"

// shell runs a shell line as the user and returns what it printed; variables
// such as $KITE of exec's child are its own.
func (k *desk) shell(line string) (string, error) {
	k.t.Helper()
	return k.ProgramCommand("", "/bin/sh", "-c", line)
}

func (k *desk) mustShell(line string) string {
	k.t.Helper()
	out, err := k.shell(line)
	k.ok(err)
	return out
}

// files are the paths of all files below a folder, without the folder.
func files(t *testing.T, folder string) (all []string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			all = append(all, strings.TrimPrefix(path, folder))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
