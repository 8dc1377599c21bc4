package tray

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	user32            = windows.NewLazySystemDLL("user32.dll")
	peekMessage       = user32.NewProc("PeekMessageW")
	postThreadMessage = user32.NewProc("PostThreadMessageW")
)

const wmQuit = 0x0012

// message is a MSG of winuser.h.
type message struct {
	window         windows.HWND
	kind           uint32
	wParam, lParam uintptr
	time           uint32
	x, y           int32
}

// prepare sees to the end of the loop where Windows doesn't take the icon, as a
// taskbar that is busy while the user logs in may not. The library then listens
// all the same, never calls back, and can't be told to end.
func (t *Tray) prepare() {
	// By this the thread has a queue, without which messages to it are lost:
	// https://learn.microsoft.com/en-us/windows/win32/api/winuser/nf-winuser-postthreadmessagew.
	_, _, _ = peekMessage.Call(uintptr(unsafe.Pointer(new(message))), 0, 0, 0, 0) //nolint:gosec // the call takes an address; PM_NOREMOVE
	thread := windows.GetCurrentThreadId()
	t.abandon = func() {
		if t.Present() { // endWith ends it
			return
		}
		if posted, _, err := postThreadMessage.Call(uintptr(thread), wmQuit, 0, 0); posted == 0 {
			t.log.Error("tray doesn't end", "error", err)
		}
	}
}

func (t *Tray) ready() {}
