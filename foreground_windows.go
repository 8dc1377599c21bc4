package main

import "golang.org/x/sys/windows"

// letOthersRaise lets the open window come to the front when it is told of this
// start: Windows lets only the program that the user has just used or started
// do that, until it passes the right on. See "SetForegroundWindow" and
// https://learn.microsoft.com/en-us/windows/win32/api/winuser/nf-winuser-allowsetforegroundwindow.
// Where that fails, the window's button in the taskbar flashes.
func letOthersRaise() {
	const anyProcess = 0xFFFFFFFF // ASFW_ANY
	_, _, _ = windows.NewLazySystemDLL("user32.dll").NewProc("AllowSetForegroundWindow").Call(anyProcess)
}
