// Package gtk is the clipboard of a Linux desktop, through GTK.
package gtk

/*
#cgo pkg-config: gtk+-3.0
#include "board_linux.h"
*/
import "C"

import (
	"github.com/kiteaccounts/kite-accounts/backend/clipboard"
	"github.com/kiteaccounts/kite-accounts/backend/gtkloop"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Board is the clipboard of the desktop that GTK's loop runs on.
type Board struct{}

var _ clipboard.Board = Board{}

// Set puts text on the clipboard. A secret also carries the target
// x-kde-passwordManagerHint, which makes Klipper and others leave it out of
// their history, and isn't handed to a clipboard manager when the program ends.
func (Board) Set(text string, secret bool) (copied uint64, err error) {
	err = gtkloop.Do(func() {
		data := C.CBytes([]byte(text))
		defer C.board_wipe(data, C.gsize(len(text)))
		copied = uint64(C.board_set((*C.char)(data), C.gsize(len(text)), gboolean(secret)))
	})
	if err != nil {
		return 0, refused.Because(err)
	}
	if copied == 0 {
		return 0, refused
	}
	return copied, nil
}

// Clear empties the clipboard if it still holds that copy.
func (Board) Clear(copied uint64) error {
	if err := gtkloop.Do(func() { C.board_clear(C.guint64(copied)) }); err != nil {
		return refused.Because(err)
	}
	return nil
}

var refused = kite.Errorf(kite.EINTERNAL, "The desktop's clipboard didn't take it.").
	WithHint("Copy again. If it keeps failing, reveal the value and select it.")

func gboolean(b bool) C.gboolean {
	if b {
		return C.TRUE
	}
	return C.FALSE
}
