package pasteboard

/*
#cgo CFLAGS: -x objective-c -fobjc-arc
#cgo LDFLAGS: -framework Cocoa
#include "board_darwin.h"
*/
import "C"

import (
	"github.com/kiteaccounts/kite-accounts/backend/clipboard"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Board is the user's general pasteboard. Its methods wait for Cocoa's loop.
type Board struct{}

var _ clipboard.Board = Board{}

// Set puts text on the pasteboard. A secret stays on this computer, where
// others would show up on the user's telephone, and carries the type that makes
// clipboard managers leave it out of their history, see
// http://nspasteboard.org. Apple doesn't say whether the history that macOS has
// of its own since version 26 heeds it: what certainly keeps a text out of that
// isn't public. The number is the pasteboard's change count.
func (Board) Set(text string, secret bool) (copied uint64, err error) {
	data := C.CBytes([]byte(text))
	defer C.board_wipe(data, C.size_t(len(text)))
	hide := C.int(0)
	if secret {
		hide = 1
	}
	number := C.board_set((*C.char)(data), C.size_t(len(text)), hide)
	if number < 0 {
		return 0, kite.Errorf(kite.EINTERNAL, "The clipboard didn't take it.").
			WithHint("Copy again. If it keeps failing, reveal the value and select it.")
	}
	return uint64(number), nil
}

// Clear empties the pasteboard if nothing was copied since.
func (Board) Clear(copied uint64) error {
	C.board_clear(C.longlong(copied)) //nolint:gosec // a change count that Set returned
	return nil
}
