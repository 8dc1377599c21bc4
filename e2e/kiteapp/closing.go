package kiteapp

import (
	"errors"
	"fmt"
	"time"

	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
)

// Answers to the question at the first close of the window.
const (
	KeepRunning = "Keep running" // the agent stays
	QuitAll     = "Quit"
)

// ClosingQuestion is the dialog that asks it, by either of its titles: without
// an agent there is nothing to keep.
func ClosingQuestion() *desktop.Query {
	return &desktop.Query{Roles: desktop.Dialogs, Has: &desktop.Query{Roles: desktop.Buttons, Name: QuitAll}}
}

// DontAskAgain is the box in it.
const DontAskAgain = "Don’t ask again"

// closing is how long a window may take to go or to ask before it is closed
// again: a key press can be lost.
const closing = 10 * time.Second

// Quit closes the window, ends the agent, and waits for both.
func (a *App) Quit() error {
	if err := a.CloseMain(QuitAll); err != nil {
		return err
	}
	if a.AgentPID() == 0 {
		return nil
	}
	// An earlier answer was to keep it, or nobody could be asked.
	return a.StopAgent()
}

// CloseMain closes the window as a user does, gives that answer if asked, and
// waits for the program to end. Only the agent may be left.
func (a *App) CloseMain(answer string) error {
	if err := a.AskToClose(); err != nil {
		return err
	}
	button := desktop.Query{Roles: desktop.Buttons, Name: answer, Within: ClosingQuestion()}
	err := desktop.Await("the program to end", endDeadline, func() bool {
		if e, err := a.Find(a.Process.PID, button); err == nil && e != nil {
			_ = a.Desktop.Press(e) // the window may go while its button is pressed
		}
		return a.hasEnded()
	})
	if err != nil {
		return err
	}
	if status, err := a.Process.Wait(endDeadline); err != nil || status != 0 {
		return errors.Join(err, fmt.Errorf("ended with status %d: %s", status, a.Process.Text()))
	}
	return nil
}

// AskToClose closes the window as a user does and waits until it has gone or
// asks what that is to mean.
func (a *App) AskToClose() error {
	w, err := a.MainWindow()
	if err != nil {
		return err
	}
	for range attempts {
		if err = a.Activate(w); err == nil {
			err = a.Key("alt+F4")
		}
		if desktop.Await("the window to close", closing, func() bool { return a.hasEnded() || a.Shows(*ClosingQuestion()) }) == nil {
			return nil
		}
	}
	return errors.Join(err, errors.New("the window neither closes nor asks"))
}

func (a *App) hasEnded() bool {
	select {
	case <-a.Process.Done():
		return true
	default:
		return false
	}
}
