// Package webview is the helper process: one native web view, one page, one
// login. It is linked by the windowed program alone.
//
//	main.go           messages in and out; ends with its parent
//	browser.go        decisions, in Go, the same on every platform
//	view_cgo.go       the calls between Go and C, of which view.h is one half
//	view_linux.c      WebKitGTK: settings and signals, no decision
//	view_darwin.m     WKWebView's window; judge_darwin.m: what it asks and is
//	                  refused; bar_darwin.m: what is above the page
//	view_windows.go   WebView2's window: page_windows.go and events_windows.go
//	                  are the web view, bar_windows.go what is above it
//	navigation.go, intercept.go, answer.go, arguments.go, proxies.go: what
//	                  WebView2 says, judged, and what it is told; so that Linux
//	                  can test it
//	view_other.go     platforms without a web view yet
//
// On Windows a request waits for browser's word in the DevTools protocol, and
// is asked about twice more: what starts a navigation and what loads a resource
// can be refused by themselves. None of the three is asked about sockets (ws:,
// wss:, WebTransport, WebRTC) or about connections ahead of requests; there
// arguments.go leaves all other hosts without an address: chromium_linux_test.go
// shows it with Chromium. That doesn't hold behind a proxy, which finds hosts
// by itself: there a socket reaches whom the proxy lets it. It knows no ports
// either. Network.setBlockedURLs of the DevTools protocol stops no socket.
//
// Two things stay out of reach: choosers of files, and printing. Scripts run
// among the page's own, since WebView2 has no world for ours.
//
// WebView2 has never been run with this program: msedgetest stands for it in
// the tests.
package webview
