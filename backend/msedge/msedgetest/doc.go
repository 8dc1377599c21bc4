// Package msedgetest is a WebView2 for tests: it has the objects, events and
// answers of Microsoft's, and shows nothing. Where its methods are, and by which
// ids its interfaces and the program's handlers are known, is told by the names
// in interfaces.txt, in the order of Microsoft's WebView2.idl (of the SDK that
// has ICoreWebView2_28) and github.com/wailsapp/go-webview2 v1.0.22, so that
// package msedge's own numbers and ids are proved. (That package itself can't be
// linked: it panics at once, with handlers that Windows can't call.)
//
// It can't prove what the real one does, such as which events come when. Off
// Windows it is empty.
package msedgetest
