//go:build packages

package packages

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
	"github.com/kiteaccounts/kite-accounts/e2e/kiteapp"
)

// TestDesktopEntry starts the program as its user does, from the desktop's
// menu, goes through a login in the embedded window, and uses the actions.
func TestDesktopEntry(t *testing.T) {
	s := newSystem(t, equipped(t))
	k := newDesk(t, s, "/usr/bin")
	before := files(t, s.top)
	for _, part := range []struct {
		name string
		walk func(*desk)
	}{
		{"opens the window", opensTheWindow},
		{"a login in the embedded window becomes green", becomesGreen},
		{"kitectl gives the session to programs", kitectlHandsOut},
		{"a second start raises the window", startRaises},
		{"Open raises the window", openRaises},
		{"Log in all logs in and raises the window", logInAllLogsIn},
		{"Open opens the window anew", openOpens},
		{"Log in all opens the window and logs in", logInAllOpens},
	} {
		if !t.Run(part.name, func(t *testing.T) {
			k.t = t
			defer k.explainFailure()
			part.walk(k)
		}) {
			break
		}
	}
	k.t = t
	t.Run("nothing was written outside of the user's folders", func(t *testing.T) { expectOnlyUserFiles(t, k, before) })
}

func opensTheWindow(k *desk) {
	k.open()
	k.see("All your Kite sessions in one place", nil)
	window, err := k.MainWindow()
	k.ok(err)
	class, err := k.Command("", "xprop", "-id", window.ID, "WM_CLASS")
	k.ok(err)
	entry, err := os.ReadFile(k.system.path(desktopEntry))
	k.ok(err)
	_, wanted, _ := strings.Cut(string(entry), "\nStartupWMClass=")
	wanted, _, _ = strings.Cut(wanted, "\n")
	if wanted == "" || !strings.Contains(class, `"`+wanted+`"`) { // else the window has no icon in the dock
		k.t.Errorf("the window's class is %s, the entry's %q", class, wanted)
	}
	k.picture("1-empty")
}

func becomesGreen(k *desk) {
	k.trySandbox()
	k.press(kiteapp.GetSessionToken, sandboxCard)
	w, err := k.LoginWindow()
	k.ok(err)
	k.ok(w.See("Password"))
	k.picture("2-login")
	k.ok(w.LogIn(first), k.NoHelper())
	k.see(living, sandboxCard)
	k.picture("3-active")
}

func kitectlHandsOut(k *desk) {
	for line, want := range map[string]string{
		"kitectl list":           "Sandbox " + first.UserID,
		"kitectl agent --status": "version " + version,
		"kitectl version":        version,
		"kitectl doctor":         "holds the key, and it opens the vault",
	} {
		if out := k.mustShell(line); !strings.Contains(out, want) {
			k.t.Errorf("%s says %q, not %q", line, out, want)
		}
	}
	// The token stays in the shell.
	length := k.mustShell(`t=$(kitectl token ` + sandboxSlug + `) && printf %s ${#t}`)
	same := k.mustShell(`t=$(kitectl token ` + sandboxSlug + `) && kitectl exec ` + sandboxSlug + ` -- sh -c 'test "$KITE_ACCESS_TOKEN" = "$0" && echo same' "$t"`)
	if length != "32" || strings.TrimSpace(same) != "same" {
		k.t.Errorf("the token has %s characters, and exec's is %q", length, same)
	}
}

// inFront waits until the window has the keyboard, and is the only one.
func (k *desk) inFront() {
	k.t.Helper()
	k.ok(desktop.Await("the window in front", 30*time.Second, func() bool {
		out, err := k.Command("", "xdotool", "getactivewindow", "getwindowpid")
		return err == nil && strings.TrimSpace(out) == fmt.Sprint(k.Process.PID)
	}))
	k.alone()
}

// alone waits until one process of the window is left: a second start ends a
// little after the first window has come to the front.
func (k *desk) alone() {
	k.t.Helper()
	var open []desktop.Running
	err := desktop.Await("a single window", time.Minute, func() bool {
		open = k.Windowed()
		return len(open) == 1
	})
	if err != nil {
		k.t.Errorf("%v: %v", err, open)
	}
}

// ended waits until nothing of the window writes any more: WebKit's processes
// end after it.
func (k *desk) ended() {
	k.t.Helper()
	k.ok(desktop.Await("the end of WebKit", time.Minute, func() bool {
		return !slices.ContainsFunc(k.Processes(), func(p desktop.Running) bool { return strings.Contains(p.Command, "/WebKit") })
	}))
}

func (k *desk) minimize() {
	k.t.Helper()
	window, err := k.MainWindow()
	k.ok(err)
	_, err = k.Command("", "xdotool", "windowminimize", "--sync", window.ID)
	k.ok(err)
}

func startRaises(k *desk) {
	k.minimize()
	k.launch("/usr/bin/gtk-launch", appID)
	k.inFront()
}

func openRaises(k *desk) {
	k.minimize()
	k.action("open")
	k.inFront()
}

// logOut ends the session, so that there is a login to do.
func (k *desk) logOut() {
	k.t.Helper()
	manage := desktop.Query{Roles: desktop.Dialogs, Name: "Sandbox " + first.UserID}
	k.press(kiteapp.ManageAccount, sandboxCard)
	k.press("Log out", &manage)
	k.press("Log out", &desktop.Query{Roles: desktop.Dialogs, Name: "Log out?"})
	k.see("This session has ended", &manage)
	k.press("Close", &manage)
	k.ok(k.Gone(manage))
	k.see("Logged out", sandboxCard)
}

func (k *desk) logsIn() {
	k.t.Helper()
	w, err := k.LoginWindow()
	k.ok(err)
	k.ok(w.LogIn(first), k.NoHelper())
	k.see(living, sandboxCard)
}

func logInAllLogsIn(k *desk) {
	k.logOut()
	k.minimize()
	k.action("log-in-all")
	k.logsIn()
	k.inFront()
	k.picture("4-log-in-all")
	if k.Shows(desktop.Query{Roles: desktop.Buttons, Name: "Close", Within: kiteapp.Dialog()}) {
		k.press("Close", kiteapp.Dialog()) // what came of it
	}
}

func openOpens(k *desk) {
	k.ok(k.CloseMain(kiteapp.KeepRunning))
	k.action("open")
	k.ok(k.AwaitWindow())
	k.see(living, sandboxCard)
}

func logInAllOpens(k *desk) {
	k.logOut()
	k.ok(k.CloseMain(kiteapp.KeepRunning))
	k.action("log-in-all")
	k.ok(k.AwaitWindow())
	k.logsIn()
	k.ok(k.Quit())
	k.ended()
}

// expectOnlyUserFiles looks at what the program has written: into the system
// nothing, and in the user's home folder only where such things belong.
func expectOnlyUserFiles(t *testing.T, k *desk, before []string) {
	for _, path := range files(t, k.system.top) {
		if !slices.Contains(before, path) && path != "/tmp/launch" { // that is the tests'
			t.Errorf("written into the system: %s", path)
		}
	}
	for _, path := range files(t, k.Home) {
		switch {
		case strings.HasPrefix(path, "/.local/share/kite-accounts/"), // the data, WebKit's included
			strings.HasPrefix(path, "/.cache/"),
			strings.HasPrefix(path, "/.local/share/keyrings/"),                      // the keyring's
			strings.HasPrefix(path, "/.config/") && !strings.Contains(path, "kite"): // the desktop's
		default:
			t.Errorf("written into the home folder: %s", path)
		}
	}
	for _, path := range files(t, k.Temp) {
		t.Errorf("left in the folder for temporary files: %s", path)
	}
	if left, _ := filepath.Glob(k.Path("run/kite*")); len(left) > 0 {
		t.Errorf("left at run time: %q", left)
	}
}
