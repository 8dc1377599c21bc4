package msedge

import (
	"runtime"
	"sync"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Results of COM methods:
// https://learn.microsoft.com/en-us/windows/win32/seccrypto/common-hresult-values
const (
	resultOK          = 0
	resultNoInterface = 0x80004002
	resultPointer     = 0x80004003
)

// handler is a COM object that Go implements: one whose only method of its own
// is Invoke with two arguments, as all of WebView2's handlers are. For an event
// they are the sender and what it tells; for something that was completed, an
// HRESULT and the result.
type handler struct {
	table  *handlerTable
	id     windows.GUID
	invoke func(a, b uintptr)
}

type handlerTable struct{ queryInterface, addRef, release, invoke uintptr }

// pins keeps what the runtime points at in its place, for good: a login window
// has some twenty handlers and ends after minutes.
var pins struct {
	sync.Mutex
	runtime.Pinner
}

func pin(pointer any) {
	pins.Lock()
	defer pins.Unlock()
	pins.Pin(pointer)
}

// newHandler returns the address of a handler. Its life doesn't depend on how
// often the runtime releases it.
func newHandler(id windows.GUID, invoke func(a, b uintptr)) uintptr {
	h := &handler{table: handlers(), id: id, invoke: invoke}
	pin(h)
	return uintptr(unsafe.Pointer(h))
}

var handlers = sync.OnceValue(func() *handlerTable {
	table := &handlerTable{
		queryInterface: windows.NewCallback(func(h *handler, id *windows.GUID, out *uintptr) uintptr {
			if out == nil || id == nil {
				return resultPointer
			}
			if *id != idUnknown && *id != h.id {
				*out = 0
				return resultNoInterface
			}
			*out = uintptr(unsafe.Pointer(h))
			return resultOK
		}),
		addRef:  windows.NewCallback(keepAlive),
		release: windows.NewCallback(keepAlive),
		invoke: windows.NewCallback(func(h *handler, a, b uintptr) uintptr {
			h.invoke(a, b)
			return resultOK
		}),
	}
	pin(table)
	return table
})

// keepAlive answers AddRef and Release: the number of references is for
// debugging only.
func keepAlive(uintptr) uintptr { return 1 }
