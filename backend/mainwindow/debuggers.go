package mainwindow

import (
	"os"
	"strings"
)

// debuggers begin the names of variables by which WebKitGTK and WebView2 open
// the page to whoever connects to a port, as any user of this computer could,
// or take another browser: see WebKitGTK's "Remote inspector" and Microsoft's
// "Globals" of WebView2's reference.
var debuggers = []string{"WEBKIT_INSPECTOR_", "WEBVIEW2_"}

// ForgetDebuggers takes these variables out of the environment. It must come
// before the window's toolkit is started.
func ForgetDebuggers() {
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		for _, start := range debuggers {
			if strings.HasPrefix(strings.ToUpper(name), start) {
				_ = os.Unsetenv(name) // it was there, so its name is none that can't be
			}
		}
	}
}
