package webview

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

// bar is what stands above the page: whose login it is, where the page comes
// from, and a problem if there is one.
type bar struct {
	account, clientID, host, again, problem windows.HWND

	font, bold uintptr
	fontHeight int32 // in pixels
	hasProblem bool
	clientText string
}

const againText = "Start again"

func (b *bar) create(parent windows.HWND, instance uintptr, account, clientID string) error {
	b.clientText = clientID
	for _, control := range []struct {
		into  *windows.HWND
		class string
		text  string
		style uint32
	}{
		{&b.account, "STATIC", account, wsVisible | ssNoPrefix | ssEndEllipsis},
		{&b.clientID, "STATIC", clientID, wsVisible | ssNoPrefix},
		{&b.host, "STATIC", "", wsVisible | ssNoPrefix | ssEndEllipsis},
		{&b.again, "BUTTON", againText, wsVisible | wsTabStop},
		{&b.problem, "STATIC", "", ssNoPrefix},
	} {
		handle, err := createWindow(control.class, control.text, wsChild|control.style, parent, 0, instance)
		if err != nil {
			return err
		}
		*control.into = handle
	}
	return nil
}

const semiBold = 600

// setFonts gives all controls the system's font for messages in the size for
// that many dots per inch.
func (b *bar) setFonts(dpi int32) {
	m := metricsFor(dpi)
	b.deleteFonts()
	b.font, _, _ = procCreateFont.Call(uintptr(unsafe.Pointer(&m.messageFont)))
	m.messageFont.weight = semiBold
	b.bold, _, _ = procCreateFont.Call(uintptr(unsafe.Pointer(&m.messageFont)))
	for _, control := range []windows.HWND{b.clientID, b.host, b.again, b.problem} {
		_, _, _ = procSendMessage.Call(uintptr(control), wmSetFont, b.font, 1)
	}
	_, _, _ = procSendMessage.Call(uintptr(b.account), wmSetFont, b.bold, 1)
	b.fontHeight = b.measure(againText, 1<<15).Bottom
}

func metricsFor(dpi int32) (m nonClientMetrics) {
	m.size = uint32(unsafe.Sizeof(m))
	if has(procParametersForDPI) {
		_, _, _ = procParametersForDPI.Call(spiNonClientMetrics, uintptr(m.size), uintptr(unsafe.Pointer(&m)), 0, uintptr(dpi))
	} else { // for the first screen's DPI
		_, _, _ = procParameters.Call(spiNonClientMetrics, uintptr(m.size), uintptr(unsafe.Pointer(&m)), 0)
	}
	return m
}

func (b *bar) deleteFonts() {
	for _, font := range []*uintptr{&b.font, &b.bold} {
		if *font != 0 {
			_, _, _ = procDeleteObject.Call(*font)
		}
		*font = 0
	}
}

// measure is the size of a text, broken into lines of a width.
func (b *bar) measure(text string, width int32) windows.Rect {
	t, err := windows.UTF16FromString(text)
	if err != nil {
		return windows.Rect{}
	}
	context, _, _ := procGetDC.Call(uintptr(b.again))
	before, _, _ := procSelectObject.Call(context, b.font)
	r := windows.Rect{Right: width}
	_, _, _ = procDrawText.Call(context, uintptr(unsafe.Pointer(&t[0])), uintptr(len(t)-1), uintptr(unsafe.Pointer(&r)), dtCalcRect|dtWordBreak|dtNoPrefix)
	_, _, _ = procSelectObject.Call(context, before)
	_, _, _ = procReleaseDC.Call(uintptr(b.again), context)
	return r
}

// Distances, in pixels at 96 DPI.
const margin, buttonPadding, lineGap = 8, 10, 4

// place puts the controls at the top of area and returns where they end.
func (b *bar) place(area windows.Rect, dpi int32) (bottom int32) {
	gap, line := scale(margin, dpi), b.fontHeight
	left, right := area.Left+gap, area.Right-gap
	second := area.Top + gap + line + scale(lineGap, dpi)

	buttonWidth := b.measure(againText, 1<<15).Right + 2*scale(buttonPadding, dpi)
	buttonHeight := line + scale(buttonPadding, dpi)
	middle := area.Top + gap + (second+line-area.Top-gap)/2
	move(b.again, right-buttonWidth, middle-buttonHeight/2, buttonWidth, buttonHeight)
	right -= buttonWidth + gap

	clientWidth := b.measure(b.clientText, 1<<15).Right + 1
	move(b.clientID, right-clientWidth, area.Top+gap, clientWidth, line)
	move(b.account, left, area.Top+gap, right-clientWidth-gap-left, line)
	move(b.host, left, second, right-left, line)
	bottom = second + line + gap
	if !b.hasProblem {
		return bottom
	}
	width := area.Right - area.Left - 2*gap
	height := b.measure(textOf(b.problem), width).Bottom
	move(b.problem, left, bottom, width, height)
	return bottom + height + gap
}

func move(handle windows.HWND, x, y, width, height int32) {
	_, _, _ = procMoveWindow.Call(uintptr(handle), uintptr(x), uintptr(y), uintptr(max(width, 0)), uintptr(max(height, 0)), 1)
}

// maxProblem is above the longest sentence, in UTF-16 units.
const maxProblem = 1024

func textOf(handle windows.HWND) string {
	var text [maxProblem]uint16
	_, _, _ = procSendMessage.Call(uintptr(handle), wmGetText, maxProblem, uintptr(unsafe.Pointer(&text[0])))
	return windows.UTF16ToString(text[:])
}
