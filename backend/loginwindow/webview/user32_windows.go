package webview

import "golang.org/x/sys/windows"

// What golang.org/x/sys/windows leaves out of Windows' user interface:
// https://learn.microsoft.com/en-us/windows/win32/api/winuser/
var (
	user32 = windows.NewLazySystemDLL("user32.dll")
	gdi32  = windows.NewLazySystemDLL("gdi32.dll")

	procRegisterClass    = user32.NewProc("RegisterClassExW")
	procCreateWindow     = user32.NewProc("CreateWindowExW")
	procDestroyWindow    = user32.NewProc("DestroyWindow")
	procDefWindow        = user32.NewProc("DefWindowProcW")
	procShowWindow       = user32.NewProc("ShowWindow")
	procForeground       = user32.NewProc("SetForegroundWindow")
	procSetWindowPos     = user32.NewProc("SetWindowPos")
	procMoveWindow       = user32.NewProc("MoveWindow")
	procClientRect       = user32.NewProc("GetClientRect")
	procSetWindowText    = user32.NewProc("SetWindowTextW")
	procGetMessage       = user32.NewProc("GetMessageW")
	procTranslateMessage = user32.NewProc("TranslateMessage")
	procDispatchMessage  = user32.NewProc("DispatchMessageW")
	procPostMessage      = user32.NewProc("PostMessageW")
	procPostQuit         = user32.NewProc("PostQuitMessage")
	procSendMessage      = user32.NewProc("SendMessageW")
	procSetFocus         = user32.NewProc("SetFocus")
	procKeyState         = user32.NewProc("GetKeyState")
	procLoadCursor       = user32.NewProc("LoadCursorW")
	procLoadIcon         = user32.NewProc("LoadIconW")
	procGetDC            = user32.NewProc("GetDC")
	procReleaseDC        = user32.NewProc("ReleaseDC")
	procDrawText         = user32.NewProc("DrawTextW")
	procParameters       = user32.NewProc("SystemParametersInfoW")
	procParametersForDPI = user32.NewProc("SystemParametersInfoForDpi")
	procDPIAwareness     = user32.NewProc("SetProcessDpiAwarenessContext")
	procDPIForWindow     = user32.NewProc("GetDpiForWindow")
	procSysColor         = user32.NewProc("GetSysColor")
	procSysColorBrush    = user32.NewProc("GetSysColorBrush")
	procIsIconic         = user32.NewProc("IsIconic")
	procNotifyEvent      = user32.NewProc("NotifyWinEvent")

	procCreateFont   = gdi32.NewProc("CreateFontIndirectW")
	procSelectObject = gdi32.NewProc("SelectObject")
	procDeleteObject = gdi32.NewProc("DeleteObject")
	procTextColour   = gdi32.NewProc("SetTextColor")
	procBackColour   = gdi32.NewProc("SetBkColor")
)

// Messages, styles and other numbers of WinUser.h.
const (
	wmDestroy          = 0x0002
	wmMove             = 0x0003
	wmSize             = 0x0005
	wmSetFocus         = 0x0007
	wmClose            = 0x0010
	wmSetFont          = 0x0030
	wmGetText          = 0x000d
	wmKeyDown          = 0x0100
	wmCommand          = 0x0111
	wmMoving           = 0x0216
	wmControlColStatic = 0x0138
	wmDPIChanged       = 0x02e0
	wmApp              = 0x8000

	bmClick = 0x00f5

	vkTab    = 0x09
	vkReturn = 0x0d
	vkShift  = 0x10
	vkEscape = 0x1b

	wsOverlappedWindow = 0x00cf0000
	wsClipChildren     = 0x02000000
	wsChild            = 0x40000000
	wsVisible          = 0x10000000
	wsTabStop          = 0x00010000
	ssNoPrefix         = 0x0080
	ssEndEllipsis      = 0x4000

	swShow, swHide, swRestore = 5, 0, 9

	swpNoZOrder, swpNoActivate = 0x0004, 0x0010

	dtCalcRect, dtWordBreak, dtNoPrefix = 0x0400, 0x0010, 0x0800

	colourFace, colourInfoText, colourInfoBack = 15, 23, 24

	spiWorkArea, spiNonClientMetrics = 0x0030, 0x0029

	eventLiveRegionChanged = 0x8019
	objectClient           = 0xfffffffc

	cursorArrow = 32512

	normalDPI = 96
)

// has says whether this Windows has a function. WebView2 runs on versions before
// 1607 and 1703 of Windows 10, which brought those about DPI.
func has(function *windows.LazyProc) bool { return function.Find() == nil }

// dpiPerMonitor is DPI_AWARENESS_CONTEXT_PER_MONITOR_AWARE_V2, -4.
const dpiPerMonitor = ^uintptr(3)

type windowClass struct {
	size, style                        uint32
	procedure                          uintptr
	classExtra, windowExtra            int32
	instance, icon, cursor, background uintptr
	menu, name                         *uint16
	smallIcon                          uintptr
}

type message struct {
	window  windows.HWND
	message uint32
	wParam  uintptr
	lParam  uintptr
	time    uint32
	x, y    int32
	private uint32
}

type logFont struct {
	height, width, escapement, orientation, weight                                  int32
	italic, underline, strikeOut, charSet, outPrecision, clipPrecision, quality, pf byte
	face                                                                            [32]uint16
}

type nonClientMetrics struct {
	size                                   uint32
	borderWidth, scrollWidth, scrollHeight int32
	captionWidth, captionHeight            int32
	captionFont                            logFont
	smallCaptionWidth, smallCaptionHeight  int32
	smallCaptionFont                       logFont
	menuWidth, menuHeight                  int32
	menuFont, statusFont, messageFont      logFont
	paddedBorderWidth                      int32
}
