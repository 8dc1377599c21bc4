package webview

/*
#cgo CFLAGS: -x objective-c -fobjc-arc
#cgo LDFLAGS: -framework Cocoa -framework WebKit
*/
import "C"

import "runtime"

// Cocoa takes nothing but the process's first thread, which is the main
// goroutine's while packages are initialised.
func init() { runtime.LockOSThread() }
