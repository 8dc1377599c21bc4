// Package webview is the helper process: one native web view, one page, one
// login. It is linked by the windowed program alone.
//
//	main.go           messages in and out; ends with its parent
//	browser.go        decisions, in Go, the same on every platform
//	view_linux.go     the calls between Go and WebKitGTK
//	view_linux.c, .h  WebKitGTK: settings and signals, no decision
//	view_other.go     platforms without a web view yet
package webview
