//go:build windows || (darwin && cgo)

package tray

import (
	"context"
	"runtime"

	"fyne.io/systray"
)

type platform struct{}

func newPlatform() platform { return platform{} }

// Run shows the icon until ctx ends, once per process. On macOS it must be
// called on the main goroutine.
func (t *Tray) Run(ctx context.Context) {
	runtime.LockOSThread() // the icon's window belongs to the thread that hears for it
	defer runtime.UnlockOSThread()
	defer t.remove()
	stop := context.AfterFunc(ctx, systray.Quit)
	defer stop()
	systray.Run(func() {
		t.build()
		go t.tellOpened(ctx)
		t.setPresent(true)
	}, nil)
}
