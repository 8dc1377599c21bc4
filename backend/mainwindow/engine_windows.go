package mainwindow

import "github.com/wailsapp/go-webview2/webviewloader"

// Engine is what shows the page, with the version that is installed; without a
// version if that can't be told,
// https://learn.microsoft.com/en-us/microsoft-edge/webview2/reference/win32/webview2-idl#getavailablecorewebview2browserversionstring.
func Engine() (name, version string) {
	version, err := webviewloader.GetAvailableCoreWebView2BrowserVersionString("")
	if err != nil {
		return "WebView2", ""
	}
	return "WebView2", version
}
