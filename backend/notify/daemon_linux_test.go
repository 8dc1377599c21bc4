package notify_test

import (
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/dbustest"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Withdrawing is tested with dunst alone: notification-daemon 3.20 tells that it
// closed a notice, and leaves it on the screen.

// popup is where notification-daemon shows its one notice.
type popup struct{ x, y, width, height int }

func startNotificationDaemon(t *testing.T) *dbustest.Bus {
	t.Helper()
	b := dbustest.Start(t)
	b.Display()
	t.Setenv("NO_AT_BRIDGE", "1")
	b.Run("/usr/lib/notification-daemon/notification-daemon")
	b.WaitForName(service)
	return b
}

// windows are the popups on the screen.
func windows() []string {
	out, _ := exec.Command("xdotool", "search", "--onlyvisible", "--name", "^Notification$").Output() // fails for none
	return strings.Fields(string(out))
}

func onlyPopup(t *testing.T) (p popup) {
	t.Helper()
	dbustest.Eventually(t, "a notice on the screen", func() bool { return len(windows()) == 1 })
	out, err := exec.Command("xdotool", "getwindowgeometry", "--shell", windows()[0]).Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		if to, ok := map[string]*int{"X": &p.x, "Y": &p.y, "WIDTH": &p.width, "HEIGHT": &p.height}[name]; ok {
			*to, _ = strconv.Atoi(value)
		}
	}
	return p
}

// click presses the mouse so far from the popup's right and lower edges.
func (p popup) click(t *testing.T, right, bottom int) {
	t.Helper()
	x, y := strconv.Itoa(p.x+p.width-right), strconv.Itoa(p.y+p.height-bottom)
	if out, err := exec.Command("xdotool", "mousemove", "--sync", x, y, "click", "1").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

func TestAnswer_of_a_button_pressed_with_the_mouse(t *testing.T) {
	b := startNotificationDaemon(t)
	n, _ := running(t)
	urgent := ending
	urgent.Urgent, urgent.Body = true, "Rao & <b>Sons</b>"
	handle := n.show(urgent, "")
	at := onlyPopup(t)
	b.Screenshot(b.Home + "/notice.png")
	at.click(t, 80, 39) // Later, the last button
	if got, want := next(t, n.answers), (kite.NoticeAnswer{Handle: handle, Do: kite.Request{Later: true}}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	dbustest.Eventually(t, "an answered notice leaves", func() bool { return len(windows()) == 0 })
}

func TestAdopt_answers_for_a_process_that_ended(t *testing.T) {
	startNotificationDaemon(t)
	before, stop := running(t)
	staying := ending
	staying.Urgent = true // others leave by themselves after seven seconds
	handle := before.show(staying, "")
	at := onlyPopup(t)
	stop()
	n, _ := running(t)
	n.Adopt(handle, kite.Request{LoginAll: true})
	n.Adopt(":9.9/1", kite.Request{})                                            // of a service that is gone
	n.withdraw(kite.NoticeHandle(strings.Split(string(handle), "/")[0] + "/99")) // connected
	at.click(t, 340, 100)                                                        // the notice itself
	if got, want := next(t, n.answers), (kite.NoticeAnswer{Handle: handle, Do: kite.Request{LoginAll: true}}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}
