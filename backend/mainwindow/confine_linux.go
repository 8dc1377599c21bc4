package mainwindow

/*
#cgo pkg-config: gtk+-3.0 webkit2gtk-4.1
#include "confine_linux.h"
*/
import "C"

import (
	"context"
	"errors"
	"fmt"

	"github.com/kiteaccounts/kite-accounts/backend/gtkloop"
)

// ErrNoWebView says that the process has no window with a web view yet.
var ErrNoWebView = errors.New("no web view found")

// Confine confines every web view of this process. It may be called again, as
// after a reload; it waits for GTK's loop.
func Confine(context.Context) error {
	found := 0
	if err := gtkloop.Do(func() { found = int(C.confine_all()) }); err != nil {
		return fmt.Errorf("confine window: %w", err)
	}
	if found == 0 {
		return fmt.Errorf("confine window: %w", ErrNoWebView)
	}
	return nil
}
