package msedgetest

import (
	"fmt"
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"

	"github.com/kiteaccounts/kite-accounts/backend/msedge"
)

// Runtime is a fake WebView2.
type Runtime struct {
	// Later does something from the message loop, where WebView2 tells
	// everything.
	Later func(func())
	// Navigate plays a page for a view that is told to load one.
	Navigate func(v *View, uri string)
	// Script is what a script in a page gives, as JSON.
	Script func(script string) string
	// Log notes what was called and set.
	Log func(text string)
}

func (r *Runtime) logf(format string, args ...any) { r.Log(fmt.Sprintf(format, args...)) }

// EntryPoint makes environments of the fake.
func (r *Runtime) EntryPoint() msedge.EntryPoint {
	return msedge.EntryPoint(windows.NewCallback(func(unknown, kind uintptr, folder *uint16, options, made uintptr) uintptr {
		mustNotBeOverridden()
		mustBe(made, "ICoreWebView2CreateCoreWebView2EnvironmentCompletedHandler")
		r.logf("environment %d %d in %s with %s", unknown, kind, windows.UTF16PtrToString(folder), optionsOf(options))
		r.Later(func() { invoke(made, 0, r.environment().address()) })
		return 0
	}))
}

// mustNotBeOverridden panics unless every variable that WebView2 verifies is
// there, so that the registry isn't asked, and says nothing:
// https://learn.microsoft.com/en-us/microsoft-edge/webview2/reference/win32/webview2-idl#createcorewebview2environmentwithoptions
func mustNotBeOverridden() {
	for _, name := range []string{
		"BROWSER_EXECUTABLE_FOLDER", "USER_DATA_FOLDER", "ADDITIONAL_BROWSER_ARGUMENTS", "CHANNEL_SEARCH_KIND", "RELEASE_CHANNELS",
		"WAIT_FOR_SCRIPT_DEBUGGER", "PIPE_FOR_SCRIPT_DEBUGGER",
	} {
		if value, is := os.LookupEnv("WEBVIEW2_" + name); !is || value != "" {
			panic("msedgetest: WEBVIEW2_" + name + " isn't set to nothing")
		}
	}
}

// Parts are an environment and a controller with its view, as a program has
// them that made its own: an ICoreWebView2Environment and an
// ICoreWebView2Controller.
func (r *Runtime) Parts() (environment, controller unsafe.Pointer, view *View) {
	v := &View{runtime: r, handlers: map[string]uintptr{}}
	return unsafe.Pointer(r.environment()), unsafe.Pointer(v.controller()), v
}

// optionsOf reads the program's options as WebView2 does.
func optionsOf(address uintptr) string {
	text := func(part uintptr, slot int) string {
		var t *uint16
		call(part, slot, uintptr(unsafe.Pointer(&t)))
		defer windows.CoTaskMemFree(unsafe.Pointer(t))
		return windows.UTF16PtrToString(t)
	}
	number := func(part uintptr, slot int) int32 {
		n := int32(-1)
		call(part, slot, uintptr(unsafe.Pointer(&n)))
		return n
	}
	base := part(address, "{2FDE08A8-1E9A-4766-8C05-95A9CEB9D1C5}")
	exclusive := part(address, "{FF85C98A-1BA7-4A6B-90C8-2B752C89E9E2}")
	crashes := part(exclusive, "{4A5C436E-A9E3-4A2E-89C3-910D3513F5CC}")
	if part(crashes, idUnknown) != base || part(base, "{AC52D13F-0D38-475A-9DCA-876580D6793E}") != 0 {
		panic("msedgetest: options aren't one object")
	}
	return fmt.Sprintf("arguments %q, language %q, version %s, sign-on %d, exclusive %d, own crash reports %d",
		text(base, 3), text(base, 5), text(base, 7), number(base, 9), number(exclusive, 3), number(crashes, 3))
}

// part is another interface of an object of the program; 0 if it has none.
func part(address uintptr, id string) uintptr {
	g, err := windows.GUIDFromString(id)
	if err != nil {
		panic(err)
	}
	var other uintptr
	call(address, 0, uintptr(unsafe.Pointer(&g)), uintptr(unsafe.Pointer(&other)))
	return other
}

//go:uintptrescapes
func call(address uintptr, slot int, args ...uintptr) {
	table := **(***[256]uintptr)(unsafe.Pointer(&address))
	_, _, _ = syscall.SyscallN(table[slot], append([]uintptr{address}, args...)...)
}

func (r *Runtime) environment() *object {
	return newObject(methods{
		"CreateCoreWebView2ControllerOptions": func(_ uintptr, out **object) uintptr {
			*out = r.controllerOptions()
			return 0
		},
		"CreateCoreWebView2ControllerWithOptions": func(_, window, options, made uintptr) uintptr {
			if window == 0 || options == 0 {
				panic("msedgetest: controller without window or options")
			}
			mustBe(made, "ICoreWebView2CreateCoreWebView2ControllerCompletedHandler")
			v := &View{runtime: r, handlers: map[string]uintptr{}}
			r.Later(func() { invoke(made, 0, v.controller().address()) })
			return 0
		},
		"CreateWebResourceResponse": func(_, stream, status uintptr, reason, headers *uint16, out **object) uintptr {
			if stream != 0 || windows.UTF16PtrToString(reason) == "" || windows.UTF16PtrToString(headers) == "" {
				panic("msedgetest: response without reason or headers")
			}
			*out = newObject(methods{}, "ICoreWebView2WebResourceResponse")
			answered[*out] = int(status)
			return 0
		},
	},
		"ICoreWebView2Environment10")
}

// answered are the status codes of responses.
var answered = map[*object]int{}

func (r *Runtime) controllerOptions() *object {
	return newObject(methods{
		"PutProfileName": func(_ uintptr, name *uint16) uintptr {
			r.logf("profile %s", windows.UTF16PtrToString(name))
			return 0
		},
		"PutIsInPrivateModeEnabled": func(_, on uintptr) uintptr {
			r.logf("private %d", on)
			return 0
		},
	}, "ICoreWebView2ControllerOptions")
}

func (r *Runtime) settings() *object {
	all := methods{}
	const table = "ICoreWebView2Settings8"
	for name, slot := range slotsOf(table) {
		if slot < 3 { // IUnknown's
			continue
		}
		all[name] = func(_, value uintptr) uintptr {
			r.logf("setting %s %d", name, value)
			return 0
		}
	}
	return newObject(all, table)
}
