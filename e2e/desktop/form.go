package desktop

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Roles that go by several names, depending on element and version.
var (
	Buttons = []string{"push button", "button", "toggle button"}
	Entries = []string{"entry", "password text", "text"}
	Tabs    = []string{"page tab"}
	Links   = []string{"link"}
	Dialogs = []string{"dialog", "alert"}
)

// Fill replaces what an entry holds by typing, as a person would: WebKit's
// entries can't be set through AT-SPI. The entry's window must be in front. It
// fails if the entry then holds anything else; a key press can be lost while
// the page redraws, so the caller finds the entry again and repeats it.
func (d *Desktop) Fill(entry *Element, text string) error {
	if err := d.TakeKeyboard(entry); err != nil {
		return err
	}
	if err := d.Key("ctrl+a"); err != nil {
		return err
	}
	if text == "" {
		if err := d.Key("Delete"); err != nil {
			return err
		}
	} else if err := d.Type(text); err != nil {
		return err
	}
	return d.AwaitTyped(entry, func(now Element) bool { return holds(now, text) })
}

// holds compares; of a password only the length can be seen.
func holds(entry Element, text string) bool {
	if entry.Role == "password text" {
		return utf8.RuneCountInString(entry.Text) == utf8.RuneCountInString(text)
	}
	return strings.TrimSuffix(entry.Text, "\n") == text
}

// AwaitTyped waits until what was typed into an entry is there. It fails once
// the entry holds something else and that no longer changes: keys that a busy
// page has yet to take would mix with those of another try.
func (d *Desktop) AwaitTyped(entry *Element, there func(Element) bool) error {
	before, since := "", time.Now()
	for {
		began := time.Now()
		now := d.Refresh(entry)
		took := time.Since(began)
		switch {
		case there(now):
			return nil
		case now.Text != before || took > answerDeadline:
			before, since = now.Text, time.Now()
		case time.Since(since) > fillDeadline:
			return fmt.Errorf("the entry %q holds something else than was typed", entry.Name)
		}
		time.Sleep(max(poll, took))
	}
}

// TakeKeyboard makes key presses go to the entry, whose window must be in
// front.
func (d *Desktop) TakeKeyboard(entry *Element) error {
	if err := d.Focus(entry); err != nil {
		return err
	}
	focused := func() bool { now := d.Refresh(entry); return now.Is(Focused) }
	if Await("focus", focusDeadline, focused) == nil {
		return nil
	}
	r, err := d.Extents(entry)
	if err != nil {
		return err
	}
	if r.Width <= 0 || r.Height <= 0 {
		return errors.New("entry isn't on the screen")
	}
	if err := d.Click(int(r.X+r.Width/2), int(r.Y+r.Height/2)); err != nil {
		return err
	}
	return Await("focus", fillDeadline, focused)
}
