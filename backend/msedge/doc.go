// Package msedge calls Microsoft's WebView2 through COM, as far as this
// program needs it. Off Windows it is empty.
//
//	com_windows.go          calls of the runtime's objects
//	handler_windows.go      Go functions as COM objects, for its events
//	slots_windows.go        where each method is in its object's table
//	loader_windows.go       finds the installed runtime
//	options_windows.go      what an environment is made with
//	environment_windows.go  a browser process and its web views
//	view_windows.go         one web view: its page, scripts, DevTools protocol
//	events_windows.go       what a web view tells and asks
//	settings_windows.go     what a page can't do
//
// The generated package pkg/webview2 of github.com/wailsapp/go-webview2 isn't
// used: it hands out texts it never received, passes BOOLs by their address,
// and looks for the methods of derived interfaces at the wrong place.
//
// All of it must be called on the one thread that created the environment,
// which has to run a message loop:
// https://learn.microsoft.com/en-us/microsoft-edge/webview2/concepts/threading-model
package msedge
