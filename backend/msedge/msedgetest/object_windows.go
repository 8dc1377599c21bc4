package msedgetest

import (
	_ "embed" // for the tables
	"fmt"
	"runtime"
	"strings"
	"syscall"
	"unicode/utf16"
	"unsafe"

	"golang.org/x/sys/windows"
)

// object is a COM object of the fake.
type object struct {
	table *[256]uintptr
	name  string
}

var pins runtime.Pinner

// methods are Go functions by the names of interfaces.txt.
type methods map[string]any

// newObject makes an object of an interface. What it lacks of its methods
// panics.
func newObject(m methods, name string) *object {
	o := &object{table: new([256]uintptr), name: name}
	pins.Pin(o)
	pins.Pin(o.table)
	stray := windows.NewCallback(func(this *object) uintptr {
		panic("msedgetest: a method of " + this.name + " that no test expects")
	})
	for i := range o.table {
		o.table[i] = stray
	}
	alive := windows.NewCallback(func(uintptr) uintptr { return 1 })
	o.table[0] = windows.NewCallback(func(this *object, id *windows.GUID, out **object) uintptr {
		if *out = nil; !isA(this.name, id.String()) {
			return 0x80004002 // E_NOINTERFACE
		}
		*out = this
		return 0
	})
	o.table[1], o.table[2] = alive, alive
	slots := slotsOf(name)
	for method, f := range m {
		slot, known := slots[method]
		if !known {
			panic("msedgetest: " + name + " has no " + method)
		}
		o.table[slot] = windows.NewCallback(f)
	}
	return o
}

// Each line of interfaces.txt is an interface, the one that it derives from,
// its id, if somebody asks for it by that, and its own methods in their order.
//
//go:embed interfaces.txt
var interfaces string

func lookUp(name string) (parent, id string, methods []string) {
	for line := range strings.Lines(interfaces) {
		words := strings.Fields(line)
		if words[0] != name {
			continue
		}
		parent, methods = words[1], words[2:]
		if strings.HasPrefix(methods[0], "{") {
			id, methods = methods[0], methods[1:]
		}
		return parent, id, methods
	}
	panic("msedgetest: no interface " + name)
}

// slotsOf says where the methods of an interface are, after IUnknown's three.
func slotsOf(name string) map[string]int {
	if name == "IUnknown" {
		return map[string]int{"QueryInterface": 0, "AddRef": 1, "Release": 2}
	}
	parent, _, own := lookUp(name)
	slots := slotsOf(parent)
	for _, method := range own {
		slots[method] = len(slots)
	}
	return slots
}

const idUnknown = "{00000000-0000-0000-C000-000000000046}"

// isA says whether an interface is, or derives from, that of an id.
func isA(name, id string) bool {
	if name == "IUnknown" {
		return id == idUnknown
	}
	parent, own, _ := lookUp(name)
	return id == own || isA(parent, id)
}

// mustBe panics unless an object of the program is of that interface, and of
// no other.
func mustBe(address uintptr, name string) {
	_, id, _ := lookUp(name)
	if part(address, id) != address || part(address, idUnknown) != address || part(address, "{76ECEACB-0462-4D94-AC83-423A6793775E}") != 0 {
		panic("msedgetest: what came isn't an " + name)
	}
}

// invoke calls a handler of the program.
func invoke(handler, a, b uintptr) {
	table := **(***[4]uintptr)(unsafe.Pointer(&handler))
	if result, _, _ := syscall.SyscallN(table[3], handler, a, b); result != 0 {
		panic(fmt.Sprintf("msedgetest: a handler gave %x", result))
	}
}

func (o *object) address() uintptr { return uintptr(unsafe.Pointer(o)) }

// give is a method that gives a number.
func give[N int32 | uint64](n *N) any {
	return func(_ uintptr, out *N) uintptr {
		*out = *n
		return 0
	}
}

// take is a method that takes a number.
func take(into *int) any {
	return func(_, value uintptr) uintptr {
		*into = int(int32(value))
		return 0
	}
}

var alloc = windows.NewLazySystemDLL("ole32.dll").NewProc("CoTaskMemAlloc")

// giveText is a method that gives a text, to be freed.
func giveText(text *string) any {
	return func(_ uintptr, out *uintptr) uintptr {
		units := append(utf16.Encode([]rune(*text)), 0)
		address, _, _ := alloc.Call(uintptr(2 * len(units)))
		copy(unsafe.Slice(*(**uint16)(unsafe.Pointer(&address)), len(units)), units)
		*out = address
		return 0
	}
}

func giveObject(other *object) any {
	return func(_ uintptr, out **object) uintptr {
		*out = other
		return 0
	}
}

func nothing(_ uintptr) uintptr { return 0 }
