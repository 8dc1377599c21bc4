package mainwindow

/*
#cgo pkg-config: gtk+-3.0 webkit2gtk-4.1
#include <webkit2/webkit2.h>
*/
import "C"

import "fmt"

// Engine is what shows the page, with the version that is installed.
func Engine() (name, version string) {
	return "WebKitGTK", fmt.Sprintf("%d.%d.%d", uint(C.webkit_get_major_version()), uint(C.webkit_get_minor_version()), uint(C.webkit_get_micro_version()))
}
