package msedge

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

// callWithRect passes a RECT by value, which on this processor means in two
// registers:
// https://learn.microsoft.com/en-us/cpp/build/arm64-windows-abi-conventions#parameter-passing
func (o *object) callWithRect(slot int, r windows.Rect) error {
	words := (*[2]uintptr)(unsafe.Pointer(&r))
	return o.call(slot, words[0], words[1])
}
