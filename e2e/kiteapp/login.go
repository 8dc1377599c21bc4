package kiteapp

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
)

// LoginWindow is an open login window.
type LoginWindow struct {
	PID int
	app *App
}

// LoginWindow waits until a login window shows its page.
func (a *App) LoginWindow() (*LoginWindow, error) {
	var w *LoginWindow
	err := a.await("the login window", startDeadline, func() bool {
		for _, h := range a.Helpers() {
			if root, err := a.Look(h.PID); err == nil && root != nil {
				w = &LoginWindow{PID: h.PID, app: a}
				return true
			}
		}
		return false
	})
	return w, err
}

// LoginWindowOf waits for the login window of one account.
func (a *App) LoginWindowOf(accountName string) (*LoginWindow, error) {
	var w *LoginWindow
	err := a.await("the login window of "+accountName, startDeadline, func() bool {
		windows, err := a.Windows()
		if err != nil {
			return false
		}
		for _, candidate := range windows {
			if strings.Contains(candidate.Title, "Log in: "+accountName) && candidate.PID != 0 {
				w = &LoginWindow{PID: candidate.PID, app: a}
				return true
			}
		}
		return false
	})
	return w, err
}

// NoHelper waits until no login window is left, not even as a process.
func (a *App) NoHelper() error {
	return desktop.Await("the end of the login window", endDeadline, func() bool { return len(a.Helpers()) == 0 })
}

// await waits for something in the login window.
func (w *LoginWindow) await(q desktop.Query) (*desktop.Element, error) {
	var found *desktop.Element
	gone := false
	err := desktop.Await(q.String()+" in the login window", stepDeadline, func() bool {
		found, _ = w.app.Find(w.PID, q)
		gone = found == nil && !w.runs()
		return found != nil || gone
	})
	if gone {
		return nil, fmt.Errorf("%s: the login window has gone", q)
	}
	return found, err
}

// runs says whether the window's process is still there.
func (w *LoginWindow) runs() bool {
	for _, h := range w.app.Helpers() {
		if h.PID == w.PID {
			return true
		}
	}
	return false
}

// Window is the window on the screen.
func (w *LoginWindow) Window() (desktop.Window, error) {
	var found desktop.Window
	err := desktop.Await("the login window on the screen", stepDeadline, func() bool {
		windows, err := w.app.Windows()
		if err != nil {
			return false
		}
		for _, candidate := range windows {
			if candidate.PID == w.PID {
				found = candidate
				return true
			}
		}
		return false
	})
	return found, err
}

// Close closes the window as a user does.
func (w *LoginWindow) Close() error {
	window, err := w.Window()
	if err != nil {
		return err
	}
	return w.app.CloseWindow(window)
}

// Escape presses Escape in the window until that has gone: a key press can be
// lost.
func (w *LoginWindow) Escape() error {
	window, err := w.Window()
	if err != nil {
		return err
	}
	for range attempts {
		if err = w.app.Activate(window); err == nil {
			err = w.app.Key("Escape")
		}
		if desktop.Await("the login window to close", closing, func() bool { return !w.runs() }) == nil {
			return nil
		}
	}
	return errors.Join(err, errors.New("the login window doesn't close on Escape"))
}

// Enter types into one of the page's entries.
func (w *LoginWindow) Enter(label, text string) error {
	window, err := w.Window()
	if err != nil {
		return err
	}
	return w.app.enter(window, text, func() (*desktop.Element, error) {
		return w.await(desktop.Query{Roles: desktop.Entries, NameHas: label})
	})
}

// Press presses one of the page's buttons.
func (w *LoginWindow) Press(name string) error {
	return w.app.PressWhenThere(w.PID, desktop.Query{Roles: desktop.Buttons, Name: name}, stepDeadline)
}

// See waits for a text in the window.
func (w *LoginWindow) See(text string) error {
	_, err := w.await(desktop.Query{TextHas: text})
	return err
}

// Password goes through the first page: user ID, which is filled in, and
// password.
func (w *LoginWindow) Password(user sandbox.User) error {
	filled := ""
	err := desktop.Await("the user ID to be filled in", stepDeadline, func() bool {
		id, err := w.app.Find(w.PID, desktop.Query{Roles: desktop.Entries, NameHas: "User ID"})
		if err == nil && id != nil {
			filled = id.Text
		}
		return filled != ""
	})
	if err != nil {
		return err
	}
	if filled != user.UserID {
		if err := w.Enter("User ID", user.UserID); err != nil {
			return err
		}
	}
	return errors.Join(w.Enter("Password", user.Password), w.Press("Login"))
}

// Code goes through the second page, which sends itself after the sixth digit.
func (w *LoginWindow) Code(user sandbox.User) error {
	code, err := totp.GenerateCode(user.TOTPSecret, w.app.Now())
	if err != nil {
		return fmt.Errorf("make TOTP: %w", err)
	}
	return w.typeCode(code)
}

// WrongCode enters six digits that are no valid code.
func (w *LoginWindow) WrongCode() error { return w.typeCode("000000") }

// typeCode finds the entry anew each time, since the page may replace it, and
// types again if a digit was lost.
func (w *LoginWindow) typeCode(code string) error {
	window, err := w.Window()
	if err != nil {
		return err
	}
	for range attempts {
		var entry *desktop.Element
		if entry, err = w.await(desktop.Query{Roles: desktop.Entries, NameHas: "TOTP"}); err != nil {
			return err
		}
		if err = errors.Join(w.app.Activate(window), w.app.TakeKeyboard(entry), w.app.Key("ctrl+a")); err != nil {
			continue
		}
		if err = errors.Join(w.app.Type(code), w.sends(entry, code)); err == nil {
			return nil
		}
	}
	return fmt.Errorf("enter TOTP: %w", err)
}

// sends waits until the entry has the code, with which the page sends itself,
// or has left with its page.
func (w *LoginWindow) sends(entry *desktop.Element, code string) error {
	return w.app.AwaitTyped(entry, func(now desktop.Element) bool {
		return now.Role == "" || len(strings.TrimSpace(now.Text)) >= len(code)
	})
}

// Consent answers the app's question, which Kite asks once per user and app:
// "Authorise" or "Cancel".
func (w *LoginWindow) Consent(answer string) error { return w.Press(answer) }

// LogIn goes through all pages; consent may have been given before.
func (w *LoginWindow) LogIn(user sandbox.User) error {
	if err := errors.Join(w.Password(user), w.Code(user)); err != nil {
		return err
	}
	deadline := time.Now().Add(stepDeadline)
	for pressed := false; !pressed && w.runs() && time.Now().Before(deadline); {
		button, err := w.app.Find(w.PID, desktop.Query{Roles: desktop.Buttons, Name: "Authorise"})
		if err == nil && button != nil {
			// Once: a slow page still shows its button after it has answered, and
			// Kite takes only one answer.
			pressed = w.app.Desktop.Press(button) == nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return desktop.Await("the end of the login window", endDeadline, func() bool { return !w.runs() })
}
