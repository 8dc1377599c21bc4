//go:build !linux

package cli

import (
	"context"
	"os"
	"path/filepath"

	"github.com/kiteaccounts/kite-accounts/backend/doctor"
)

// tray: Windows and macOS always have one.
func (e *examination) tray(context.Context) []doctor.Check {
	return []doctor.Check{doctor.CheckTray(doctor.Bus{Owned: true}, e.agent())}
}

// notifications: Windows and macOS show them unless the user forbids it, which
// the agent notices.
func (e *examination) notifications(context.Context) []doctor.Check {
	return []doctor.Check{doctor.CheckNotifications(doctor.Bus{Owned: true})}
}

// webView can only see whether the program is there.
func (e *examination) webView(context.Context) []doctor.Check {
	found := doctor.WebView{Expected: "the system's web view"}
	folder, err := ownFolder()
	if err == nil {
		found.Program = filepath.Join(folder, windowName)
		_, err = os.Stat(found.Program)
	}
	found.Exists = err == nil
	return []doctor.Check{doctor.CheckWebView(found)}
}

func systemName() string { return "" }
