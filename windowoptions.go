package main

import (
	"path/filepath"

	"github.com/wailsapp/wails/v2/pkg/options/windows"
)

// windowsOptions are those of Windows alone. Wails leaves the others as they
// are safest: no swiping back, the renderer takes no unsigned code, SmartScreen
// learns of no page.
//
// What WebView2 keeps goes into the data folder, which is the user's own
// choice; otherwise Wails would put it into %APPDATA%, which a domain copies
// from computer to computer.
func (a *app) windowsOptions() *windows.Options {
	return &windows.Options{
		WebviewUserDataPath:                 filepath.Join(a.dir.Path(), "webview2"),
		Theme:                               windows.SystemDefault,
		IsZoomControlEnabled:                true, // larger text is for everybody who needs it
		EnableSwipeGestures:                 false,
		WebviewDisableRendererCodeIntegrity: false,
	}
}
