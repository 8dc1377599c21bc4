package msedge

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

// callWithRect passes a RECT by value, which on this processor means by the
// address of a copy:
// https://learn.microsoft.com/en-us/cpp/build/x64-calling-convention#parameter-passing
func (o *object) callWithRect(slot int, r windows.Rect) error {
	return o.call(slot, uintptr(unsafe.Pointer(&r)))
}
