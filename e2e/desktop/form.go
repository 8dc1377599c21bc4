package desktop

import (
	"errors"
	"strings"
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
	return Await("text in the entry", fillDeadline, func() bool { return d.holds(entry, text) })
}

// holds compares; of a password only the length can be seen.
func (d *Desktop) holds(entry *Element, text string) bool {
	now := d.Refresh(entry)
	if now.Role == "password text" {
		return utf8.RuneCountInString(now.Text) == utf8.RuneCountInString(text)
	}
	return strings.TrimSuffix(now.Text, "\n") == text
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
