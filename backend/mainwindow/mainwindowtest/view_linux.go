// Package mainwindowtest shows a window with a web view as Wails makes it: its
// page comes from wails://. It is for tests only.
package mainwindowtest

/*
#cgo pkg-config: gtk+-3.0 webkit2gtk-4.1
#include <stdlib.h>
#include "view_linux.h"
*/
import "C"

import (
	"testing"
	"unsafe"

	"github.com/kiteaccounts/kite-accounts/backend/gtkloop"
)

// View is one web view in one window. At most one is shown at a time.
type View struct{ view unsafe.Pointer }

// What the view of the moment tells, from GTK's thread: the addresses it was
// about to go to, allowed or not, and those that loaded.
var (
	wanted = make(chan string, 100)
	loaded = make(chan string, 100)
)

// Show opens a window whose page is at wails://wails/ and waits until it has
// loaded. The window closes with the test.
func Show(t *testing.T) View {
	t.Helper()
	var v View
	do(t, func() {
		for len(wanted)+len(loaded) > 0 { // an earlier window's
			select {
			case <-wanted:
			case <-loaded:
			}
		}
		v.view = C.view_show()
	})
	t.Cleanup(func() { do(t, func() { C.view_close(v.view) }) })
	if want, got := v.Wanted(), v.Loaded(); want != got || got != "wails://wails/" {
		t.Fatalf("own page: wanted %s, loaded %s", want, got)
	}
	return v
}

// Script runs JavaScript in the page.
func (v View) Script(t *testing.T, script string) {
	t.Helper()
	text := C.CString(script)
	defer C.free(unsafe.Pointer(text))
	do(t, func() { C.view_script(v.view, text) })
}

// Wanted waits for the next navigation, allowed or not, and gives its address.
func (View) Wanted() string { return <-wanted }

// Loaded waits for the next page that has loaded and gives its address.
func (View) Loaded() string { return <-loaded }

// Inspectable says whether the inspector can be opened.
func (v View) Inspectable(t *testing.T) (can bool) {
	t.Helper()
	do(t, func() { can = C.view_inspectable(v.view) != 0 })
	return can
}

func do(t *testing.T, f func()) {
	t.Helper()
	if err := gtkloop.Do(f); err != nil {
		t.Fatal(err)
	}
}

//export mainwindowtestWanted
func mainwindowtestWanted(address *C.char) { wanted <- C.GoString(address) }

//export mainwindowtestLoaded
func mainwindowtestLoaded(address *C.char) { loaded <- C.GoString(address) }
