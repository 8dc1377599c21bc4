package webview

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

// handleMessage is the window's procedure.
func (w *window) handleMessage(handle windows.HWND, message uint32, wParam, lParam uintptr) uintptr {
	if w.handle != 0 && handle == w.handle && w.took(message, wParam, lParam) {
		return 0
	}
	if message == wmControlColStatic && w.handle != 0 && windows.HWND(lParam) == w.bar.problem {
		return problemColours(wParam)
	}
	result, _, _ := procDefWindow.Call(uintptr(handle), uintptr(message), wParam, lParam)
	return result
}

func (w *window) took(message uint32, wParam, lParam uintptr) bool {
	switch message {
	case wmSize:
		w.layOut()
	case wmMove, wmMoving:
		w.did(w.moved)
		return message == wmMove
	case wmSetFocus:
		w.did(w.focused)
	case wmCommand:
		if windows.HWND(lParam) == w.bar.again {
			w.did(w.again)
		}
	case wmDPIChanged:
		w.bar.setFonts(int32(wParam & 0xffff)) // 16 bits
		setPlace(w.handle, **(**windows.Rect)(unsafe.Pointer(&lParam)))
		w.layOut()
	case wmApp:
		w.doQueued()
	case wmDestroy:
		w.did(w.closed)
		w.handle = 0
		w.bar.deleteFonts()
		_, _, _ = procPostQuit.Call(0)
	default:
		return false
	}
	return true
}

func (w *window) did(f func()) {
	if f != nil {
		f()
	}
}

// layOut places the bar and, below it, the page.
func (w *window) layOut() {
	if w.handle == 0 || w.bar.again == 0 {
		return
	}
	var area windows.Rect
	_, _, _ = procClientRect.Call(uintptr(w.handle), uintptr(unsafe.Pointer(&area)))
	area.Top = min(w.bar.place(area, dpiOf(w.handle)), area.Bottom)
	if w.placed != nil {
		w.placed(area)
	}
}

// setHost shows where the page comes from, in the title and in the bar.
func (w *window) setHost(host, line string) {
	title := w.title
	if host != "" {
		title += " — " + host
	}
	setText(w.handle, title)
	setText(w.bar.host, line)
}

// setProblem shows a sentence below the bar, or none.
func (w *window) setProblem(sentence string) {
	setText(w.bar.problem, sentence)
	w.bar.hasProblem = sentence != ""
	show := uintptr(swHide)
	if w.bar.hasProblem {
		show = swShow
	}
	_, _, _ = procShowWindow.Call(uintptr(w.bar.problem), show)
	w.layOut()
	if w.bar.hasProblem { // for screen readers: alerts are for the system alone to send
		_, _, _ = procNotifyEvent.Call(eventLiveRegionChanged, uintptr(w.bar.problem), objectClient, 0)
	}
}

func setText(handle windows.HWND, text string) {
	t, err := windows.UTF16PtrFromString(text)
	if err != nil || handle == 0 {
		return // a text with a NUL, which no host or sentence has
	}
	_, _, _ = procSetWindowText.Call(uintptr(handle), uintptr(unsafe.Pointer(t)))
}

func problemColours(context uintptr) uintptr {
	text, _, _ := procSysColor.Call(colourInfoText)
	back, _, _ := procSysColor.Call(colourInfoBack)
	_, _, _ = procTextColour.Call(context, text)
	_, _, _ = procBackColour.Call(context, back)
	brush, _, _ := procSysColorBrush.Call(colourInfoBack)
	return brush
}
