//go:build windows || (darwin && cgo)

package tray

import (
	"context"
	"runtime"

	"fyne.io/systray"
)

// platform has what prepare sets.
type platform struct {
	abandon func() // ends the loop where the library will not; nil: it always will
}

func newPlatform() platform { return platform{} }

// Run shows the icon until ctx ends, once per process. On macOS it must be
// called on the main goroutine.
func (t *Tray) Run(ctx context.Context) {
	runtime.LockOSThread() // the icon's window belongs to the thread that hears for it
	defer runtime.UnlockOSThread()
	defer t.remove()
	t.prepare()
	if t.abandon != nil {
		defer context.AfterFunc(ctx, t.abandon)()
	}
	systray.Run(func() { // a goroutine, once the loop runs
		t.build()
		t.ready()
		go t.tellOpened(ctx)
		t.setPresent(true)
		go t.endWith(ctx)
	}, nil)
}

// endWith ends the loop with ctx; before the loop runs, the library would
// forget that it was to end. The menu is let go of first: on macOS each change
// to it waits for the loop.
func (t *Tray) endWith(ctx context.Context) {
	<-ctx.Done()
	t.letGo()
	systray.Quit()
}
