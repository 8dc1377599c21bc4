package notify_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/dbustest"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

func TestShow_is_on_the_screen_replaced_and_withdrawn(t *testing.T) {
	b, _ := onScreen(t)
	n, _ := running(t)
	first := n.show(ending, "")
	displayed(t, b, 1)
	changed := ending
	changed.Title = "1 session ends at 06:00"
	if second := n.show(changed, first); second != first {
		t.Errorf("replaced %s by %s", first, second)
	}
	displayed(t, b, 1)
	n.withdraw(first)
	displayed(t, b, 0)
	n.withdraw(first) // gone is no error
	if h := history(t, b); len(h) != 1 || h[0]["summary"].Value() != changed.Title || h[0]["appname"].Value() != "Kite Accounts" {
		t.Errorf("history %v", h)
	}
	n.problem("")
}

func TestAnswer_of_a_click_on_the_notice_is_what_it_opens(t *testing.T) {
	b, _ := onScreen(t)
	n, _ := running(t)
	handle := n.show(ending, "")
	displayed(t, b, 1)
	ctl(t, b, "NotificationAction", uint32(0))
	if got, want := next(t, n.answers), (kite.NoticeAnswer{Handle: handle, Do: ending.Open}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	displayed(t, b, 0)
	if len(n.closed) > 0 {
		t.Error("an answered notice counts as dismissed")
	}
}

func TestAnswer_of_a_chosen_action(t *testing.T) {
	b, _ := onScreen(t)
	n, _ := running(t)
	handle := n.show(ending, "")
	displayed(t, b, 1)
	ctl(t, b, "ContextMenuCall")
	if got, want := next(t, n.answers), (kite.NoticeAnswer{Handle: handle, Do: kite.Request{Later: true}}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestClosed_tells_what_the_user_dismissed_and_nothing_else(t *testing.T) {
	b, _ := onScreen(t)
	n, _ := running(t)
	withdrawn := n.show(ending, "")
	n.withdraw(withdrawn)
	displayed(t, b, 0)
	dismissed := n.show(ending, "")
	displayed(t, b, 1)
	ctl(t, b, "NotificationCloseLast")
	if got := next(t, n.closed); got != dismissed {
		t.Errorf("%s, not %s", got, dismissed)
	}
}

func TestShow_lets_no_markup_through(t *testing.T) {
	b, _ := onScreen(t)
	n, _ := running(t)
	hostile := kite.Notice{
		Title: "<b>Bold</b> & <img src=x>", Body: `<img src=x> <b>bold</b> <a href="file:///etc">a</a> Rao & "Sons" it's` + "\n\x00\x1b\xff",
	}
	handle := n.show(hostile, "")
	displayed(t, b, 1)
	b.Screenshot(b.Home + "/markup.png")
	n.withdraw(handle)
	displayed(t, b, 0)
	h := history(t, b)[0]
	body, _ := h["body"].Value().(string)
	for _, tag := range []string{"<img", "<b>", "<a "} {
		if strings.Contains(body, tag) {
			t.Errorf("markup in the body: %s", body)
		}
	}
	if !strings.Contains(body, "&lt;img src=x&gt; &lt;b&gt;bold") {
		t.Errorf("body %q", body)
	}
	if summary, _ := h["summary"].Value().(string); strings.ContainsAny(summary, "\x00\x1b") || !strings.Contains(summary, "Bold") {
		t.Errorf("summary %q", summary)
	}
}

func TestShow_names_two_hundred_accounts(t *testing.T) {
	b, _ := onScreen(t)
	n, _ := running(t)
	var names []string
	for i := range 200 {
		names = append(names, fmt.Sprintf("खाता %d <&> 👨‍👩‍👧", i))
	}
	n.show(kite.Notice{Title: "200 sessions end at 06:00", Body: strings.Join(names, ", "), Urgent: true}, "")
	displayed(t, b, 1)
}

func TestShow_doesnt_wait_for_a_service_that_hangs(t *testing.T) {
	b, dunst := onScreen(t)
	n, _ := running(t)
	n.withdraw(n.show(ending, ""))
	dunst.Pause()
	n.Deadline = 2 * time.Second // for what the bus itself is asked
	_, err := n.Show(t.Context(), ending, "")
	if kite.ErrorCode(err) != kite.ETIMEOUT || kite.AsError(err).Message != hangs {
		t.Errorf("%v", err)
	}
	n.problem(hangs)
	if err := n.Withdraw(t.Context(), kite.NoticeHandle(b.WaitForName(service)+"/1")); kite.ErrorCode(err) != kite.ETIMEOUT {
		t.Errorf("withdraw: %v", err)
	}
	dunst.Resume()
	n.problem("")
	dbustest.Eventually(t, "the late notice is withdrawn", func() bool { return len(history(t, b)) == 2 })
	displayed(t, b, 0)
}

func TestHandle_is_one_servers_only(t *testing.T) {
	b, dunst := onScreen(t)
	n, _ := running(t)
	old := n.show(ending, "")
	dunst.Kill()
	n.problem(absent)
	startDunst(t, b)
	n.problem("")
	other := n.show(ending, "") // the same number, of another server
	displayed(t, b, 1)
	n.withdraw(old)
	second := n.show(ending, old)
	displayed(t, b, 2)
	if second == other || second == old {
		t.Errorf("%s, %s, %s", old, other, second)
	}
	if log := n.log.String(); strings.Count(log, "notices can't be shown") != 1 || strings.Count(log, "notices can be shown") != 1 {
		t.Errorf("log:\n%s", log)
	}
}

// dunst tells only the connection that showed a notice.
func TestShow_in_place_of_a_notice_from_before_hears_its_answer(t *testing.T) {
	b, _ := onScreen(t)
	before, stop := running(t)
	kept, dropped := before.show(ending, ""), before.show(ending, "")
	displayed(t, b, 2)
	stop()
	n, _ := running(t)
	n.withdraw(dropped)
	displayed(t, b, 1)
	if again := n.show(ending, kept); again != kept {
		t.Errorf("%s in place of %s", again, kept)
	}
	displayed(t, b, 1)
	ctl(t, b, "ContextMenuCall")
	if got, want := next(t, n.answers), (kite.NoticeAnswer{Handle: kept, Do: kite.Request{Later: true}}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestRun_comes_back_after_the_bus_died(t *testing.T) {
	b, dunst := onScreen(t)
	n, _ := running(t)
	n.show(ending, "")
	b.Kill()
	n.problem(absent)
	if _, err := n.Show(t.Context(), ending, ""); kite.AsError(err).Message != absent {
		t.Errorf("%v", err)
	}
	dunst.Kill()
	b.Revive()
	startDunst(t, b)
	n.problem("")
	handle := n.show(ending, "")
	displayed(t, b, 1)
	ctl(t, b, "NotificationAction", uint32(0))
	if got := next(t, n.answers); got.Handle != handle {
		t.Errorf("%+v", got)
	}
}

func TestShow_starts_a_service_that_the_bus_knows(t *testing.T) {
	b := dbustest.Start(t)
	b.Display()
	b.Startable(service, "/usr/bin/env DISPLAY="+os.Getenv("DISPLAY")+" dunst -config "+dunstConfig(t, b, ""))
	n, _ := running(t)
	n.problem("")
	handle := n.show(ending, "")
	displayed(t, b, 1)
	ctl(t, b, "NotificationAction", uint32(0))
	if got, want := next(t, n.answers), (kite.NoticeAnswer{Handle: handle, Do: ending.Open}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}
