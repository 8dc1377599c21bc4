package msedge

import (
	"fmt"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// object is a COM object of the runtime: its first word is the address of its
// table of methods.
type object struct{ table *[maxSlots]uintptr }

// maxSlots is more than the longest table that is used.
const maxSlots = 256

// The methods that every COM object begins with.
const (
	slotQueryInterface = 0
	slotRelease        = 2
)

// objectAt makes an object of an address that the runtime gave.
func objectAt(address uintptr) *object { return *(**object)(unsafe.Pointer(&address)) }

// call calls a method. Arguments are addresses and whole numbers; a BOOL goes
// as a number, an out parameter as the address of a variable.
//
//go:uintptrescapes
func (o *object) call(slot int, args ...uintptr) error {
	if o == nil {
		return windows.ERROR_INVALID_HANDLE
	}
	all := append([]uintptr{uintptr(unsafe.Pointer(o))}, args...)
	if result, _, _ := syscall.SyscallN(o.table[slot], all...); int32(result) < 0 { // an HRESULT: the sign says failure
		return hresult(result)
	}
	return nil
}

// hresult is a failure, as in https://learn.microsoft.com/en-us/windows/win32/seccrypto/common-hresult-values.
type hresult uint32

func (h hresult) Error() string { return fmt.Sprintf("WebView2 answered 0x%08x", uint32(h)) }

func (o *object) release() {
	if o != nil {
		_, _, _ = syscall.SyscallN(o.table[slotRelease], uintptr(unsafe.Pointer(o)))
	}
}

// as is another interface of the same object, to be released on its own.
func (o *object) as(id *windows.GUID) (*object, error) {
	var other *object
	if err := o.call(slotQueryInterface, uintptr(unsafe.Pointer(id)), uintptr(unsafe.Pointer(&other))); err != nil {
		return nil, err
	}
	return other, nil
}

// text reads a property that is a text. The runtime leaves it to the caller to
// free it.
func (o *object) text(slot int) (string, error) {
	var text *uint16
	if err := o.call(slot, uintptr(unsafe.Pointer(&text))); err != nil {
		return "", err
	}
	defer windows.CoTaskMemFree(unsafe.Pointer(text))
	return windows.UTF16PtrToString(text), nil
}

// number reads a property that is a BOOL, an enumeration or an INT32.
func (o *object) number(slot int) (int32, error) {
	var n int32
	err := o.call(slot, uintptr(unsafe.Pointer(&n)))
	return n, err
}

func (o *object) long(slot int) (uint64, error) {
	var n uint64
	err := o.call(slot, uintptr(unsafe.Pointer(&n)))
	return n, err
}

// object reads a property that is another object, to be released.
func (o *object) object(slot int) (*object, error) {
	var other *object
	err := o.call(slot, uintptr(unsafe.Pointer(&other)))
	return other, err
}

// withText calls a method whose first argument is a text.
//
//go:uintptrescapes
func (o *object) withText(slot int, text string, more ...uintptr) error {
	t, err := windows.UTF16PtrFromString(text)
	if err != nil {
		return err
	}
	defer runtime.KeepAlive(t)
	return o.call(slot, append([]uintptr{uintptr(unsafe.Pointer(t))}, more...)...)
}

// yes and no are BOOLs.
const (
	no  uintptr = 0
	yes uintptr = 1
)
