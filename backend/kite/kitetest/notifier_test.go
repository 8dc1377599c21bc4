package kitetest_test

import (
	"errors"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
)

func TestNotifier_shows_replaces_and_withdraws(t *testing.T) {
	var n kitetest.Notifier
	show := func(key string, replaces kite.NoticeHandle) kite.NoticeHandle {
		h, err := n.Show(t.Context(), kite.Notice{Key: key}, replaces)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	first := show("a", "")
	second := show("b", "")
	if again := show("c", first); again != first || first == second {
		t.Errorf("handles: %q, %q, %q", first, second, again)
	}
	if screen := n.OnScreen(); len(screen) != 2 || screen[first].Key != "c" || screen[second].Key != "b" {
		t.Errorf("on screen: %+v", screen)
	}
	if err := n.Withdraw(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	if third := show("d", first); third == first || len(n.OnScreen()) != 2 || len(n.Withdrawn()) != 1 {
		t.Errorf("in place of what is gone: %q, %+v", third, n.OnScreen())
	}
	if shown := n.WaitForShown(t, 4); shown[2].Replaces != first || shown[3].Key != "d" {
		t.Errorf("shown: %+v", shown)
	}
}

func TestNotifier_fails_and_answers(t *testing.T) {
	var n kitetest.Notifier
	gone := errors.New("no service")
	n.Fail(gone)
	if _, err := n.Show(t.Context(), kite.Notice{}, ""); !errors.Is(err, gone) || len(n.Shown()) != 0 {
		t.Errorf("Show = %v", err)
	}
	if err := n.Withdraw(t.Context(), "x"); !errors.Is(err, gone) {
		t.Errorf("Withdraw = %v", err)
	}
	n.Fail(nil)
	h, err := n.Show(t.Context(), kite.Notice{Key: "a"}, "")
	if err != nil {
		t.Fatal(err)
	}
	n.Answer(h, kite.Request{LoginAll: true})
	if a := <-n.Answers(); a.Handle != h || !a.Do.LoginAll || len(n.OnScreen()) != 0 {
		t.Errorf("answer = %+v, on screen: %+v", a, n.OnScreen())
	}
}
