package mainwindow

/*
#cgo CFLAGS: -x objective-c -fobjc-arc
// Wails' dialogs need the last one, and leave it to who links them.
#cgo LDFLAGS: -framework Cocoa -framework WebKit -framework UniformTypeIdentifiers
#include "confine_darwin.h"
*/
import "C"

import (
	"context"
	"errors"
	"fmt"
)

// ErrNoWebView says that the process has no window with a web view yet.
var ErrNoWebView = errors.New("no web view found")

// Confine confines every web view of this process. It may be called again, as
// after a reload; it waits for Cocoa's loop.
func Confine(context.Context) error {
	if C.confine_all() == 0 {
		return fmt.Errorf("confine window: %w", ErrNoWebView)
	}
	return nil
}
