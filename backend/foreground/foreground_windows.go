package foreground

import "golang.org/x/sys/windows"

// PassOn lets any other program bring a window to the front, until the user does
// something else. Whoever asks another process to show itself calls it first.
// Where it fails, the window's button in the taskbar flashes.
// https://learn.microsoft.com/en-us/windows/win32/api/winuser/nf-winuser-allowsetforegroundwindow
func PassOn() {
	const anyProcess = 0xFFFFFFFF // ASFW_ANY
	_, _, _ = windows.NewLazySystemDLL("user32.dll").NewProc("AllowSetForegroundWindow").Call(anyProcess)
}
