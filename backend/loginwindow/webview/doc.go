// Package webview is the helper process: one native web view, one page, one
// login. It is linked by the windowed program alone.
//
//	main.go           messages in and out; ends with its parent
//	browser.go        decisions, in Go, the same on every platform
//	view_cgo.go       the calls between Go and C, of which view.h is one half
//	view_linux.c      WebKitGTK: settings and signals, no decision
//	view_darwin.m     WKWebView's window; judge_darwin.m: what it asks and is
//	                  refused; bar_darwin.m: what is above the page
//	view_other.go     platforms without a web view yet
package webview
