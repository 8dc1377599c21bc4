package msedge

import (
	"sync"
	"unicode/utf16"
	"unsafe"

	"golang.org/x/sys/windows"
)

// leastVersion is the oldest runtime that has every interface used here; the
// youngest is ICoreWebView2_22, of the SDK 1.0.2365.46:
// https://learn.microsoft.com/en-us/microsoft-edge/webview2/reference/win32/icorewebview2_22
const leastVersion = "122.0.2365.46"

// options is the COM object that an environment is made with. Its interfaces
// don't derive from each other, so each is a part with a table of its own.
type options struct {
	base, exclusive, crashes optionsPart
	arguments                string
}

// optionsPart begins, as every COM object, with the address of its table.
type optionsPart struct {
	table *[11]uintptr
	of    *options
}

// newOptions returns the address of options with arguments for the browser:
// no other process may join the browser's, and no crash report is sent. A
// process that crashes still leaves its memory in the environment's folder, in
// EBWebView\Crashpad\reports, so that folder has to go after use.
// https://learn.microsoft.com/en-us/microsoft-edge/webview2/concepts/data-privacy#custom-crash-reporting
func newOptions(arguments string) uintptr {
	o := &options{arguments: arguments}
	tables := optionsTables()
	o.base = optionsPart{&tables[0], o}
	o.exclusive = optionsPart{&tables[1], o}
	o.crashes = optionsPart{&tables[2], o}
	pin(o)
	return uintptr(unsafe.Pointer(&o.base))
}

func (o *options) part(id windows.GUID) *optionsPart {
	switch id {
	case idUnknown, idOptions:
		return &o.base
	case idOptionsExclusive:
		return &o.exclusive
	case idOptionsCrashes:
		return &o.crashes
	default:
		return nil
	}
}

// optionsTables are the tables of ICoreWebView2EnvironmentOptions, of its 2
// and of its 3. Nobody is to change what they give.
var optionsTables = sync.OnceValue(func() *[3][11]uintptr {
	query := windows.NewCallback(func(p *optionsPart, id *windows.GUID, out **optionsPart) uintptr {
		if out == nil || id == nil {
			return resultPointer
		}
		if *out = p.of.part(*id); *out == nil {
			return resultNoInterface
		}
		return resultOK
	})
	alive := windows.NewCallback(keepAlive)
	put := windows.NewCallback(func(_, _ uintptr) uintptr { return resultOK })
	isTrue, isFalse := getsBool(1), getsBool(0)
	tables := &[3][11]uintptr{
		{
			query, alive, alive,
			getsText(func(p *optionsPart) string { return p.of.arguments }), put, // AdditionalBrowserArguments
			getsText(func(*optionsPart) string { return "" }), put, // Language: the system's
			getsText(func(*optionsPart) string { return leastVersion }), put, // TargetCompatibleBrowserVersion
			isFalse, put, // AllowSingleSignOnUsingOSPrimaryAccount
		},
		{query, alive, alive, isTrue, put}, // ExclusiveUserDataFolderAccess
		{query, alive, alive, isTrue, put}, // IsCustomCrashReportingEnabled: none goes to Microsoft
	}
	pin(tables)
	return tables
})

func getsBool(value int32) uintptr {
	return windows.NewCallback(func(_ *optionsPart, out *int32) uintptr {
		if out == nil {
			return resultPointer
		}
		*out = value
		return resultOK
	})
}

func getsText(text func(*optionsPart) string) uintptr {
	return windows.NewCallback(func(p *optionsPart, out *uintptr) uintptr {
		if out == nil {
			return resultPointer
		}
		*out = taskText(text(p))
		return resultOK
	})
}

var coTaskMemAlloc = windows.NewLazySystemDLL("ole32.dll").NewProc("CoTaskMemAlloc")

// taskText is a text that the runtime frees; 0 if there is no memory.
func taskText(text string) uintptr {
	units := append(utf16.Encode([]rune(text)), 0)
	address, _, _ := coTaskMemAlloc.Call(uintptr(2 * len(units)))
	if address != 0 {
		copy(unsafe.Slice(*(**uint16)(unsafe.Pointer(&address)), len(units)), units)
	}
	return address
}
