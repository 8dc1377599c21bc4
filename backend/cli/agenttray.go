package cli

import (
	"context"

	"github.com/kiteaccounts/kite-accounts/backend/program"
)

// runBeside runs the agent's work in a goroutine, with a tray whose loop runs
// in the caller's: macOS wants it on the main thread.
func runBeside(icon program.Tray, work func(program.Tray) error) error {
	lent := &lentTray{Tray: icon, loops: make(chan func())}
	ended := make(chan error, 1)
	go func() { ended <- work(lent) }()
	for {
		select {
		case loop := <-lent.loops:
			loop()
		case err := <-ended:
			return err
		}
	}
}

// lentTray is a tray that runs elsewhere.
type lentTray struct {
	program.Tray
	loops chan func()
}

// Run waits for the tray's own.
func (t *lentTray) Run(ctx context.Context) {
	ended := make(chan struct{})
	t.loops <- func() { // there is one until the work ends, and this is part of it
		defer close(ended)
		t.Tray.Run(ctx)
	}
	<-ended
}
