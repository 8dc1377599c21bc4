package gtk_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/clipboard"
	"github.com/kiteaccounts/kite-accounts/backend/clipboard/gtk"
	"github.com/kiteaccounts/kite-accounts/backend/gtkloop"
	"github.com/kiteaccounts/kite-accounts/backend/gtkloop/gtklooptest"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

func TestMain(m *testing.M) {
	gtkloop.Patience = time.Minute // for a loop that starts processes on a busy computer
	gtklooptest.Main(m)
}

// What other programs see is read with xclip, a program of its own.

func TestSet_other_programs_read_the_text(t *testing.T) {
	for name, text := range map[string]string{
		"plain": "token-1", "many scripts": "पतंग ₹ 🪁", "lines": "a\nb\n", "long": strings.Repeat("x", 300_000),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := (gtk.Board{}).Set(text, true); err != nil {
				t.Fatal(err)
			}
			for _, target := range []string{"UTF8_STRING", "text/plain;charset=utf-8"} {
				if got := paste(t, target); got != text {
					t.Errorf("%s gives %d bytes, want %d", target, len(got), len(text))
				}
			}
		})
	}
}

func TestSet_only_a_secret_carries_the_password_manager_hint(t *testing.T) {
	const hint = "x-kde-passwordManagerHint"
	if _, err := (gtk.Board{}).Set("open", false); err != nil {
		t.Fatal(err)
	}
	if targets := strings.Fields(paste(t, "TARGETS")); slices.Contains(targets, hint) || !slices.Contains(targets, "UTF8_STRING") {
		t.Errorf("targets of a plain text: %v", targets)
	}
	if _, err := (gtk.Board{}).Set("hidden", true); err != nil {
		t.Fatal(err)
	}
	if targets := strings.Fields(paste(t, "TARGETS")); !slices.Contains(targets, hint) {
		t.Errorf("targets of a secret: %v", targets)
	}
	if got := paste(t, hint); got != "secret" {
		t.Errorf("hint = %q", got)
	}
}

func TestClear_empties_what_is_still_ours(t *testing.T) {
	copied, err := gtk.Board{}.Set("mine", true)
	if err != nil {
		t.Fatal(err)
	}
	if err := (gtk.Board{}).Clear(copied); err != nil {
		t.Fatal(err)
	}
	if text, held := tryPaste(t); held {
		t.Errorf("clipboard still gives %q", text)
	}
}

func TestClear_leaves_a_later_copy_of_ours(t *testing.T) {
	first, err := gtk.Board{}.Set("first", true)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (gtk.Board{}).Set("second", true); err != nil {
		t.Fatal(err)
	}
	if err := (gtk.Board{}).Clear(first); err != nil {
		t.Fatal(err)
	}
	if got := paste(t, "UTF8_STRING"); got != "second" {
		t.Errorf("clipboard gives %q", got)
	}
}

func TestKeeper_leaves_what_another_program_copied_since(t *testing.T) {
	var erase func() // what the timer would do
	keeper := clipboard.New(gtk.Board{})
	keeper.AfterFunc = func(_ time.Duration, f func()) func() bool {
		erase = f
		return func() bool { return true }
	}
	if _, err := keeper.Copy(kite.NewSecret("our secret"), true); err != nil {
		t.Fatal(err)
	}
	copyElsewhere(t, "their text")
	erase()
	if got := paste(t, "UTF8_STRING"); got != "their text" {
		t.Errorf("clipboard gives %q", got)
	}
}

func TestKeeper_clears_in_time_and_at_the_end(t *testing.T) {
	keeper := clipboard.New(gtk.Board{})
	if _, err := keeper.Copy(kite.NewSecret("at the end"), true); err != nil {
		t.Fatal(err)
	}
	if got := paste(t, "UTF8_STRING"); got != "at the end" {
		t.Fatalf("clipboard gives %q", got)
	}
	if err := keeper.Close(); err != nil {
		t.Fatal(err)
	}
	if text, held := tryPaste(t); held {
		t.Errorf("after the end the clipboard gives %q", text)
	}

	cleared := make(chan struct{})
	keeper.ClearAfter = time.Millisecond
	keeper.AfterFunc = func(d time.Duration, f func()) func() bool {
		return time.AfterFunc(d, func() { f(); close(cleared) }).Stop
	}
	if _, err := keeper.Copy(kite.NewSecret("in time"), true); err != nil {
		t.Fatal(err)
	}
	<-cleared
	if text, held := tryPaste(t); held {
		t.Errorf("after its time the clipboard gives %q", text)
	}
}

func paste(t *testing.T, target string) string {
	t.Helper()
	out, err := exec.Command("xclip", "-selection", "clipboard", "-out", "-target", target).Output() //nolint:gosec // a constant of this file
	if err != nil {
		t.Fatalf("xclip -out -target %s: %v", target, err)
	}
	return string(out)
}

// tryPaste says whether the clipboard holds any text. xclip fails if it doesn't.
func tryPaste(t *testing.T) (text string, held bool) {
	t.Helper()
	out, err := exec.Command("xclip", "-selection", "clipboard", "-out", "-target", "UTF8_STRING").Output()
	return string(out), err == nil
}

// copyElsewhere returns once xclip gives out the text: it goes into the
// background a moment before the X server has made it the owner.
func copyElsewhere(t *testing.T, text string) {
	t.Helper()
	cmd := exec.Command("xclip", "-selection", "clipboard", "-in")
	cmd.Stdin = strings.NewReader(text)
	if err := cmd.Run(); err != nil {
		t.Fatalf("xclip -in: %v", err)
	}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		given, held := tryPaste(t)
		if held && given == text {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the clipboard gives %q instead of what xclip copied", given)
		}
	}
}
