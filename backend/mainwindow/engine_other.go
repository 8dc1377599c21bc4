//go:build !linux && !windows

package mainwindow

// Engine is what shows the page. It comes with the system, whose version says
// which one it is.
func Engine() (name, version string) { return "WebKit", "" }
