package kiteapp

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
)

// Names that the page gives; the buttons' are the product's own words.
const (
	AddAccount      = "Add account"
	TrySandbox      = "Try the sandbox"
	GetSessionToken = "Get Session Token"
	RefreshSession  = "Refresh Session"
	ManageAccount   = "Manage Account"
	Overview        = "Overview"
	Credentials     = "Credentials"
	TestConnection  = "Test Connection"
)

// Card is where an account is shown: a part of the window to look in. It is
// the item of the list, since WebKit gives the text of an article to that.
func Card(accountName string) *desktop.Query {
	return &desktop.Query{
		Roles: []string{"list item"},
		Has:   &desktop.Query{Roles: []string{"article"}, Name: accountName},
	}
}

// Dialog is the dialog on top: a part of the window to look in.
func Dialog() *desktop.Query { return &desktop.Query{Roles: desktop.Dialogs} }

// pressable are the roles of what a person presses; the summary of a folded
// part has a role that AT-SPI doesn't know.
var pressable = append(append([]string{"check box", "radio button", "menu item", "link", "unknown"}, desktop.Buttons...), desktop.Tabs...)

// Await waits for something in the main window.
func (a *App) Await(q desktop.Query) (*desktop.Element, error) {
	var found *desktop.Element
	err := a.await(q.String(), stepDeadline, func() bool {
		found, _ = a.Find(a.Process.PID, q)
		return found != nil
	})
	return found, err
}

// Shows looks once.
func (a *App) Shows(q desktop.Query) bool {
	found, err := a.Find(a.Process.PID, q)
	return err == nil && found != nil
}

// Gone waits until something isn't there any more.
func (a *App) Gone(q desktop.Query) error { return a.AwaitGone(a.Process.PID, q, stepDeadline) }

// Press presses the enabled button, tab or menu item of that name. Within, if
// not nil, is where to look.
func (a *App) Press(name string, within *desktop.Query) error {
	q := desktop.Query{Roles: pressable, Name: name, Within: within, State: desktop.Enabled}
	return a.PressWhenThere(a.Process.PID, q, stepDeadline)
}

// Entry waits for the entry of that label; a field that may stay empty says
// so after its label.
func (a *App) Entry(label string) (*desktop.Element, error) {
	var found *desktop.Element
	err := a.await("entry "+strconv.Quote(label), stepDeadline, func() bool {
		root, err := a.Look(a.Process.PID)
		if err != nil {
			return false
		}
		for _, e := range (desktop.Query{Roles: desktop.Entries}).In(root) {
			if strings.TrimSpace(strings.TrimSuffix(e.Name, "optional")) == label {
				found = e
				return true
			}
		}
		return false
	})
	return found, err
}

// attempts are how often an entry is filled in before that counts as failed.
const attempts = 3

// Enter types a text into the entry of that label, in place of what it holds.
func (a *App) Enter(label, text string) error {
	w, err := a.MainWindow()
	if err != nil {
		return err
	}
	return a.enter(w, text, func() (*desktop.Element, error) { return a.Entry(label) })
}

// enter finds the entry anew each time, since a page may replace it.
func (a *App) enter(w desktop.Window, text string, find func() (*desktop.Element, error)) (err error) {
	for range attempts {
		var entry *desktop.Element
		if entry, err = find(); err != nil {
			return err
		}
		if err = a.Activate(w); err != nil {
			continue
		}
		if err = a.Fill(entry, text); err == nil {
			return nil
		}
	}
	return fmt.Errorf("enter: %w", err)
}

// See waits until the window, or a part of it, says a text somewhere.
func (a *App) See(text string, within *desktop.Query) error {
	q := desktop.Query{}
	if within != nil {
		q = *within
	}
	said := ""
	err := a.await(fmt.Sprintf("%q in %s", text, q), stepDeadline, func() bool {
		root, err := a.Look(a.Process.PID)
		if err != nil {
			return false
		}
		for _, e := range q.In(root) {
			if said = e.Says(); strings.Contains(said, text) {
				return true
			}
		}
		return false
	})
	if err != nil {
		return fmt.Errorf("%w; it says:\n%s", err, said)
	}
	return nil
}

// Says is all text in the window, or in a part of it.
func (a *App) Says(within *desktop.Query) string {
	root, err := a.Look(a.Process.PID)
	if err != nil || root == nil {
		return ""
	}
	q := desktop.Query{}
	if within != nil {
		q = *within
	}
	if found := q.In(root); len(found) > 0 {
		return found[0].Says()
	}
	return ""
}

// Escape presses Escape in the window until what the query picks has gone: a
// key press can be lost.
func (a *App) Escape(q desktop.Query) error {
	w, err := a.MainWindow()
	if err != nil {
		return err
	}
	for range attempts {
		if err = a.Activate(w); err == nil {
			err = a.Key("Escape")
		}
		if a.AwaitGone(a.Process.PID, q, closing) == nil {
			return nil
		}
	}
	return errors.Join(err, fmt.Errorf("%s doesn't go on Escape", q))
}

// OpenMenu opens the menu of that name as the keyboard does, again if that was
// lost.
func (a *App) OpenMenu(name string) error {
	w, err := a.MainWindow()
	if err != nil {
		return err
	}
	for range attempts {
		var button *desktop.Element
		if button, err = a.Await(desktop.Query{Name: name, State: desktop.Focusable}); err != nil {
			return err
		}
		if err = errors.Join(a.Activate(w), a.choose(button)); err != nil {
			continue
		}
		err = desktop.Await("the menu "+strconv.Quote(name), closing, func() bool {
			return a.Shows(desktop.Query{Roles: []string{"menu item"}})
		})
		if err == nil {
			return nil
		}
	}
	return err
}

// choose presses Return on what can have the keyboard. Unlike for an entry, a
// click would press it.
func (a *App) choose(e *desktop.Element) error {
	if err := a.Focus(e); err != nil {
		return err
	}
	err := desktop.Await("focus", closing, func() bool { now := a.Refresh(e); return now.Is(desktop.Focused) })
	if err != nil {
		return err
	}
	return a.Key("Return")
}
