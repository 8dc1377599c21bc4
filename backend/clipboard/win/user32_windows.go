package win

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// https://learn.microsoft.com/en-us/windows/win32/dataxchg/using-the-clipboard
var (
	user32   = windows.NewLazySystemDLL("user32.dll")
	kernel32 = windows.NewLazySystemDLL("kernel32.dll")

	procCreateWindow   = user32.NewProc("CreateWindowExW")
	procDestroyWindow  = user32.NewProc("DestroyWindow")
	procOpen           = user32.NewProc("OpenClipboard")
	procClose          = user32.NewProc("CloseClipboard")
	procEmpty          = user32.NewProc("EmptyClipboard")
	procSetData        = user32.NewProc("SetClipboardData")
	procGetData        = user32.NewProc("GetClipboardData")
	procIsAvailable    = user32.NewProc("IsClipboardFormatAvailable")
	procRegisterFormat = user32.NewProc("RegisterClipboardFormatW")

	procAlloc  = kernel32.NewProc("GlobalAlloc")
	procFree   = kernel32.NewProc("GlobalFree")
	procLock   = kernel32.NewProc("GlobalLock")
	procUnlock = kernel32.NewProc("GlobalUnlock")
	procSize   = kernel32.NewProc("GlobalSize")
)

const (
	formatText = 13 // CF_UNICODETEXT

	memoryMovable = 0x0002 // GMEM_MOVEABLE, as SetClipboardData wants it
)

// messageOnly is HWND_MESSAGE, -3: the parent of windows that nobody sees.
const messageOnly = ^uintptr(2)

// Another program may have the clipboard for a moment.
const openPause = 25 * time.Millisecond

var openTries = 20

// open takes the clipboard for a window, without which nothing could be put
// there, and returns what gives it back. The window is gone then: one that
// stays would have to answer others' messages.
func open() (release func(error) error, err error) {
	class, err := windows.UTF16PtrFromString("STATIC")
	if err != nil {
		return nil, err
	}
	window, _, err := procCreateWindow.Call(0, uintptr(unsafe.Pointer(class)), 0, 0, 0, 0, 0, 0, messageOnly, 0, 0, 0)
	if window == 0 {
		return nil, fmt.Errorf("create window for clipboard: %w", err)
	}
	for try := 1; ; try++ {
		opened, _, err := procOpen.Call(window)
		if opened != 0 {
			break
		}
		if try == openTries {
			_, _, _ = procDestroyWindow.Call(window)
			return nil, fmt.Errorf("open clipboard: %w", err)
		}
		time.Sleep(openPause)
	}
	return func(done error) error {
		closed, _, err := procClose.Call()
		_, _, _ = procDestroyWindow.Call(window)
		if closed == 0 {
			return errors.Join(done, fmt.Errorf("close clipboard: %w", err))
		}
		return done
	}, nil
}

func empty() error {
	if done, _, err := procEmpty.Call(); done == 0 {
		return fmt.Errorf("empty clipboard: %w", err)
	}
	return nil
}

// put adds data in a format. The memory is the clipboard's afterwards.
func put(format uint32, data []byte) error {
	memory, _, err := procAlloc.Call(memoryMovable, uintptr(len(data)))
	if memory == 0 {
		return fmt.Errorf("get memory for clipboard: %w", err)
	}
	address, _, err := procLock.Call(memory)
	if address == 0 {
		_, _, _ = procFree.Call(memory)
		return fmt.Errorf("get memory for clipboard: %w", err)
	}
	copy(bytesAt(address, len(data)), data)
	_, _, _ = procUnlock.Call(memory)
	if put, _, err := procSetData.Call(uintptr(format), memory); put == 0 {
		_, _, _ = procFree.Call(memory)
		return fmt.Errorf("put into clipboard: %w", err)
	}
	return nil
}

// get is a copy of the data in a format, if there is any.
func get(format uint32) (data []byte, there bool, err error) {
	if there, _, _ := procIsAvailable.Call(uintptr(format)); there == 0 {
		return nil, false, nil
	}
	memory, _, err := procGetData.Call(uintptr(format))
	if memory == 0 {
		return nil, false, fmt.Errorf("get from clipboard: %w", err)
	}
	size, _, _ := procSize.Call(memory)
	address, _, err := procLock.Call(memory)
	if address == 0 {
		return nil, false, fmt.Errorf("get from clipboard: %w", err)
	}
	defer procUnlock.Call(memory)                                      //nolint:errcheck // its result counts locks
	return append([]byte{}, bytesAt(address, int(size))...), true, nil // a size of memory
}

func bytesAt(address uintptr, n int) []byte {
	return unsafe.Slice(*(**byte)(unsafe.Pointer(&address)), n)
}

// register returns the number of a format by its name.
func register(name string) (uint32, error) {
	n, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return 0, err
	}
	format, _, err := procRegisterFormat.Call(uintptr(unsafe.Pointer(n)))
	if format == 0 {
		return 0, fmt.Errorf("register clipboard format %s: %w", name, err)
	}
	return uint32(format), nil // a UINT
}

// unitsOf is a text as the clipboard keeps it: UTF-16 with a NUL at the end.
func unitsOf(text string) ([]byte, error) {
	units, err := windows.UTF16FromString(text)
	if err != nil {
		return nil, err
	}
	data := make([]byte, 0, 2*len(units))
	for _, u := range units {
		data = binary.LittleEndian.AppendUint16(data, u)
	}
	clear(units)
	return data, nil
}
