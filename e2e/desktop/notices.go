package desktop

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ShownNotice is a bubble of notification-daemon as it is on the screen. There
// is one at a time: others wait in the service's queue until it has gone. A
// later notice takes its place, but to withdraw it (CloseNotification) doesn't
// take it from the screen: what needs that is tried with dunst.
type ShownNotice struct {
	Title   string
	Body    string // as it is read, without markup
	Buttons []string

	bubble *Element
}

func (n ShownNotice) has(text string) bool {
	return strings.Contains(n.Title, text) || strings.Contains(n.Body, text)
}

// button is the bubble's button of that label, nil if it has none.
func (n ShownNotice) button(label string) *Element {
	for _, b := range (Query{Roles: Buttons}).In(n.bubble) {
		if b.Name == label {
			return b
		}
	}
	return nil
}

// Notices are the bubbles on the screen.
func (d *Desktop) Notices() ([]ShownNotice, error) {
	if d.notifications == nil {
		return nil, nil
	}
	if d.options.Notifications != NotificationsBubble {
		return nil, errors.New("look at notices: only notification-daemon's can be read")
	}
	root, err := d.Look(d.notifications.PID)
	if err != nil || root == nil {
		return nil, err
	}
	var notices []ShownNotice
	for _, bubble := range root.Children {
		if bubble.Is(Showing) {
			notices = append(notices, readBubble(bubble))
		}
	}
	return notices, nil
}

// readBubble finds title and body as the first and second label, and the
// buttons by their names; the cross has none.
func readBubble(bubble *Element) ShownNotice {
	n := ShownNotice{bubble: bubble}
	for i, label := range (Query{Roles: []string{"label"}}).In(bubble) {
		switch i {
		case 0:
			n.Title = label.Name
		case 1:
			n.Body = label.Name
		}
	}
	for _, b := range (Query{Roles: Buttons}).In(bubble) {
		if b.Name != "" {
			n.Buttons = append(n.Buttons, b.Name)
		}
	}
	return n
}

// AwaitNotice waits for a bubble whose title or body has the text.
func (d *Desktop) AwaitNotice(text string) (ShownNotice, error) {
	var found ShownNotice
	var shown []ShownNotice
	err := Await(fmt.Sprintf("a notice with %q", text), noticeDeadline, func() bool {
		shown, _ = d.Notices()
		i := slices.IndexFunc(shown, func(n ShownNotice) bool { return n.has(text) })
		if i >= 0 {
			found = shown[i]
		}
		return i >= 0
	})
	if err != nil {
		return found, fmt.Errorf("%w; shown: %+v; sent: %+v", err, shown, d.Told())
	}
	return found, nil
}

// AwaitNoNotice waits until no bubble has the text, since the user answered or
// another took its place.
func (d *Desktop) AwaitNoNotice(text string) error {
	return Await(fmt.Sprintf("the notice with %q to go", text), noticeDeadline, func() bool {
		shown, err := d.Notices()
		return err == nil && !slices.ContainsFunc(shown, func(n ShownNotice) bool { return n.has(text) })
	})
}

// AnswerNotice presses a button of the bubble with the text, and waits until
// the bubble has gone.
func (d *Desktop) AnswerNotice(text, label string) error {
	return d.clickNotice(text, func(n ShownNotice) (*Element, error) {
		if b := n.button(label); b != nil {
			return b, nil
		}
		return nil, fmt.Errorf("the notice %q has no button %q: %q", n.Title, label, n.Buttons)
	})
}

// ClickNotice clicks on the bubble itself, beside its buttons.
func (d *Desktop) ClickNotice(text string) error {
	return d.clickNotice(text, func(n ShownNotice) (*Element, error) {
		if labels := (Query{Roles: []string{"label"}}).In(n.bubble); len(labels) > 0 {
			return labels[0], nil
		}
		return nil, fmt.Errorf("the notice %q shows nothing", n.Title)
	})
}

// DismissNotice closes the bubble with its cross.
func (d *Desktop) DismissNotice(text string) error {
	return d.clickNotice(text, func(n ShownNotice) (*Element, error) {
		if cross := n.button(""); cross != nil {
			return cross, nil
		}
		return nil, fmt.Errorf("the notice %q has no cross", n.Title)
	})
}

// clickNotice clicks on a part of the bubble with the text until that has
// gone. A bubble that has just appeared may still move, and takes no click
// before it is drawn.
func (d *Desktop) clickNotice(text string, part func(ShownNotice) (*Element, error)) error {
	n, err := d.AwaitNotice(text)
	if err != nil {
		return err
	}
	for range clicks {
		var e *Element
		if e, err = part(n); err == nil {
			err = d.clickOn(e)
		}
		var left []ShownNotice
		gone := Await("the answered notice to go", answerDeadline, func() bool {
			shown, err := d.Notices()
			left = slices.DeleteFunc(shown, func(s ShownNotice) bool { return !s.has(text) })
			return err == nil && len(left) == 0
		}) == nil
		if gone {
			return err // if it wasn't clicked, it went by itself
		}
		if len(left) > 0 {
			n = left[0]
		}
	}
	return errors.Join(fmt.Errorf("the notice with %q doesn't go when it is clicked", text), err)
}

// clickOn presses the mouse on an element once that stays where it is: a
// bubble's parts listen to that alone.
func (d *Desktop) clickOn(e *Element) error {
	var r Rectangle
	err := Await("an element to stay where it is", answerDeadline, func() bool {
		before := r
		var err error
		r, err = d.Extents(e)
		return err == nil && r.Width > 0 && r == before
	})
	if err != nil {
		return err
	}
	return d.Click(int(r.X+r.Width/2), int(r.Y+r.Height/2))
}
