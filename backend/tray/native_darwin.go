//go:build cgo

package tray

/*
#cgo CFLAGS: -x objective-c -fobjc-arc
#cgo LDFLAGS: -framework Cocoa
#include "native_darwin.h"
*/
import "C"

// reopened is called when the user opens the application although this process
// of it, which has no window, runs already.
var reopened = func() {}

// prepare keeps the process out of the Dock; systray would have it there.
func (t *Tray) prepare() { C.tray_prepare() }

// ready makes a click on the application's icon open a window. macOS starts no
// second process of an application, so that the click comes here.
func (t *Tray) ready() {
	reopened = func() { t.chosen(Choice{}) }
	C.tray_hear_reopen()
}

// goTrayReopened comes on the thread of the loop, for which others may wait.
//
//export goTrayReopened
func goTrayReopened() { go reopened() }
