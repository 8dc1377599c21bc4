package webview

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"unsafe"

	"golang.org/x/sys/windows"
)

// window is the login window: the bar above the page, and where the page goes.
// All but later belongs to its own thread.
type window struct {
	handle windows.HWND
	bar    bar
	title  string

	// What the page's side does; set before run.
	placed  func(windows.Rect) // the page's place, in pixels of the window
	moved   func()
	focused func()              // the page is to have the keyboard
	tabbed  func(forwards bool) // Tab leads into the page
	again   func()
	closed  func()

	mailbox windows.HWND // handle, for other threads: it stays
	mu      sync.Mutex
	queue   []func()
}

const className = "KiteAccountsLogin"

// shownWindow is the one window of the process, for Windows' calls.
var shownWindow *window

// newWindow makes the window, in the middle of the screen and not shown yet.
func newWindow(title, account, clientID string) (*window, error) {
	if has(procDPIAwareness) { // fails where a manifest says it already
		_, _, _ = procDPIAwareness.Call(dpiPerMonitor)
	}
	instance, err := instanceHandle()
	if err != nil {
		return nil, err
	}
	if err := registerClass(instance); err != nil {
		return nil, err
	}
	w := &window{title: title}
	shownWindow = w
	w.handle, err = createWindow(className, title, wsOverlappedWindow|wsClipChildren, 0, 0, instance)
	if err != nil {
		return nil, err
	}
	w.mailbox = w.handle
	if err := w.bar.create(w.handle, instance, account, clientID); err != nil {
		return nil, err
	}
	w.bar.setFonts(dpiOf(w.handle))
	w.centre()
	return w, nil
}

func instanceHandle() (uintptr, error) {
	var module windows.Handle
	if err := windows.GetModuleHandleEx(0, nil, &module); err != nil {
		return 0, fmt.Errorf("find own program: %w", err)
	}
	return uintptr(module), nil
}

// iconID is the number under which the build links the program's icon.
const iconID = 3

var procedure = sync.OnceValue(func() uintptr {
	return windows.NewCallback(func(handle windows.HWND, message uint32, wParam, lParam uintptr) uintptr {
		return shownWindow.handleMessage(handle, message, wParam, lParam)
	})
})

func registerClass(instance uintptr) error {
	name, err := windows.UTF16PtrFromString(className)
	if err != nil {
		return err
	}
	class := windowClass{procedure: procedure(), instance: instance, background: colourFace + 1, name: name}
	class.size = uint32(unsafe.Sizeof(class))
	class.cursor, _, _ = procLoadCursor.Call(0, cursorArrow)
	class.icon, _, _ = procLoadIcon.Call(instance, iconID)
	if atom, _, err := procRegisterClass.Call(uintptr(unsafe.Pointer(&class))); atom == 0 && !errors.Is(err, windows.ERROR_CLASS_ALREADY_EXISTS) {
		return fmt.Errorf("register window class: %w", err)
	}
	return nil
}

func createWindow(class, text string, style uint32, parent windows.HWND, id, instance uintptr) (windows.HWND, error) {
	c, err := windows.UTF16PtrFromString(class)
	if err != nil {
		return 0, err
	}
	t, err := windows.UTF16PtrFromString(text)
	if err != nil {
		return 0, err
	}
	handle, _, err := procCreateWindow.Call(0, uintptr(unsafe.Pointer(c)), uintptr(unsafe.Pointer(t)), uintptr(style),
		0, 0, 0, 0, uintptr(parent), id, instance, 0)
	if handle == 0 {
		return 0, fmt.Errorf("create window: %w", err)
	}
	return windows.HWND(handle), nil
}

func dpiOf(handle windows.HWND) int32 {
	if !has(procDPIForWindow) {
		return normalDPI
	}
	dpi, _, _ := procDPIForWindow.Call(uintptr(handle))
	if dpi == 0 {
		return normalDPI
	}
	return int32(dpi) // some hundreds
}

// The window's size, in pixels at 96 DPI, as on Linux.
const windowWidth, windowHeight = 480, 720

func (w *window) centre() {
	var area windows.Rect
	_, _, _ = procParameters.Call(spiWorkArea, 0, uintptr(unsafe.Pointer(&area)), 0)
	dpi := dpiOf(w.handle)
	width := min(scale(windowWidth, dpi), area.Right-area.Left)
	height := min(scale(windowHeight, dpi), area.Bottom-area.Top)
	setPlace(w.handle, windows.Rect{
		Left: (area.Left + area.Right - width) / 2, Top: (area.Top + area.Bottom - height) / 2,
		Right: (area.Left+area.Right-width)/2 + width, Bottom: (area.Top+area.Bottom-height)/2 + height,
	})
}

func scale(n, dpi int32) int32 { return n * dpi / normalDPI }

func setPlace(handle windows.HWND, r windows.Rect) {
	_, _, _ = procSetWindowPos.Call(uintptr(handle), 0, uintptr(r.Left), uintptr(r.Top), uintptr(r.Right-r.Left), uintptr(r.Bottom-r.Top),
		swpNoZOrder|swpNoActivate)
}

// show shows the window before the others.
func (w *window) show() {
	_, _, _ = procShowWindow.Call(uintptr(w.handle), swShow)
	w.raise()
}

func (w *window) raise() {
	if iconic, _, _ := procIsIconic.Call(uintptr(w.handle)); iconic != 0 {
		_, _, _ = procShowWindow.Call(uintptr(w.handle), swRestore)
	}
	_, _, _ = procForeground.Call(uintptr(w.handle))
}

// destroy ends the window, and run with it.
func (w *window) destroy() { _, _, _ = procDestroyWindow.Call(uintptr(w.handle)) }

// later does something on the window's thread, from any.
func (w *window) later(f func()) {
	w.mu.Lock()
	w.queue = append(w.queue, f)
	w.mu.Unlock()
	_, _, _ = procPostMessage.Call(uintptr(w.mailbox), wmApp, 0, 0)
}

func (w *window) doQueued() {
	w.mu.Lock()
	queue := w.queue
	w.queue = nil
	w.mu.Unlock()
	for _, f := range queue {
		f()
	}
}

// run handles messages until the window is destroyed.
func (w *window) run() {
	var m message
	for {
		got, _, err := procGetMessage.Call(uintptr(unsafe.Pointer(&m)), 0, 0, 0)
		switch int32(got) { // a BOOL that may be -1
		case 0:
			return
		case -1:
			fmt.Fprintln(os.Stderr, "login-window: message loop:", err)
			return
		}
		if m.message == wmKeyDown && w.key(m.window, uint32(m.wParam)) { // a key's code
			continue
		}
		_, _, _ = procTranslateMessage.Call(uintptr(unsafe.Pointer(&m)))
		_, _, _ = procDispatchMessage.Call(uintptr(unsafe.Pointer(&m)))
	}
}

// key is what the keyboard does outside the page.
func (w *window) key(target windows.HWND, key uint32) (taken bool) {
	if target != w.handle && target != w.bar.again {
		return false
	}
	switch key {
	case vkEscape:
		w.close()
	case vkTab:
		shift, _, _ := procKeyState.Call(vkShift)
		w.tabbed(int16(shift) >= 0) // the highest of 16 bits says down
	case vkReturn:
		_, _, _ = procSendMessage.Call(uintptr(w.bar.again), bmClick, 0, 0)
	default:
		return false
	}
	return true
}

// close is what the cross in the title does.
func (w *window) close() { _, _, _ = procPostMessage.Call(uintptr(w.handle), wmClose, 0, 0) }
