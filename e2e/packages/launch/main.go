//go:build packages

// Command launch starts an action of a desktop entry with GLib, which is what
// desktops do it with; no program of GTK's does.
package main

/*
#cgo pkg-config: gio-unix-2.0
#include <gio/gdesktopappinfo.h>
#include <stdlib.h>
*/
import "C"

import (
	"fmt"
	"os"
	"unsafe"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "launch FILE.desktop ACTION")
		os.Exit(2)
	}
	file, action := C.CString(os.Args[1]), C.CString(os.Args[2])
	defer C.free(unsafe.Pointer(file))
	defer C.free(unsafe.Pointer(action))
	info := C.g_desktop_app_info_new_from_filename(file)
	if info == nil {
		fmt.Fprintln(os.Stderr, "launch: that is no desktop entry")
		os.Exit(1)
	}
	for _, known := range unsafe.Slice(C.g_desktop_app_info_list_actions(info), 64) {
		if known == nil {
			break
		}
		if C.GoString((*C.char)(unsafe.Pointer(known))) == os.Args[2] {
			C.g_desktop_app_info_launch_action(info, action, nil)
			return
		}
	}
	fmt.Fprintln(os.Stderr, "launch: there is no such action")
	os.Exit(1)
}
