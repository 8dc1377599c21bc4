package msedgetest

import (
	"strings"
	"unsafe"

	"golang.org/x/sys/windows"
)

// View is one web view of the fake.
type View struct {
	runtime  *Runtime
	handlers map[string]uintptr // by the names of the methods that add them
	source   string
	protocol string // the last method called of the DevTools protocol
}

func (v *View) controller() *object {
	r := v.runtime
	note := func(what string) any {
		return func(_, value uintptr) uintptr {
			r.logf("controller %s %d", what, value)
			return 0
		}
	}
	return newObject(methods{
		"PutIsVisible":                      note("visible"),
		"PutAllowExternalDrop":              note("drop"),
		"MoveFocus":                         note("focus"),
		"NotifyParentWindowPositionChanged": nothing,
		"Close": func(uintptr) uintptr {
			r.logf("controller closed")
			return 0
		},
		"PutBounds": func(_ uintptr, bounds *windows.Rect) uintptr {
			r.logf("bounds %v", bounds.Right > bounds.Left && bounds.Bottom > bounds.Top && bounds.Top > 0)
			return 0
		},
		"GetCoreWebView2":          giveObject(v.object()),
		"AddAcceleratorKeyPressed": v.adds("AddAcceleratorKeyPressed"),
		"AddMoveFocusRequested":    v.adds("AddMoveFocusRequested"),
	}, "ICoreWebView2Controller4")
}

// adds is a method that takes a handler.
func (v *View) adds(name string) any {
	event := strings.TrimPrefix(strings.TrimPrefix(name, "Add"), "Frame")
	return func(_, handler uintptr, token *int64) uintptr {
		mustBe(handler, "ICoreWebView2"+event+"EventHandler")
		v.handlers[name] = handler
		*token = int64(len(v.handlers))
		return 0
	}
}

func (v *View) object() *object {
	r := v.runtime
	m := methods{
		"GetSettings": giveObject(r.settings()),
		"GetSource":   giveText(&v.source),
		"Navigate": func(_ uintptr, uri *uint16) uintptr {
			address := windows.UTF16PtrToString(uri)
			r.Later(func() { r.Navigate(v, address) })
			return 0
		},
		"ExecuteScript": func(_ uintptr, script *uint16, done uintptr) uintptr {
			result := r.Script(windows.UTF16PtrToString(script))
			if done != 0 {
				mustBe(done, "ICoreWebView2ExecuteScriptCompletedHandler")
				r.Later(func() {
					text, _ := windows.UTF16PtrFromString(result)
					pins.Pin(text)
					invoke(done, 0, uintptr(unsafe.Pointer(text)))
				})
			}
			return 0
		},
		"CallDevToolsProtocolMethod": func(_ uintptr, method, parameters *uint16, done uintptr) uintptr {
			v.protocol = windows.UTF16PtrToString(method)
			r.logf("protocol %s %s", v.protocol, windows.UTF16PtrToString(parameters))
			if done != 0 {
				mustBe(done, "ICoreWebView2CallDevToolsProtocolMethodCompletedHandler")
				r.Later(func() { invoke(done, 0, 0) })
			}
			return 0
		},
		"GetDevToolsProtocolEventReceiver": func(_ uintptr, event *uint16, out **object) uintptr {
			r.logf("hears %s", windows.UTF16PtrToString(event))
			*out = newObject(methods{"AddDevToolsProtocolEventReceived": v.adds("AddDevToolsProtocolEventReceived")}, "ICoreWebView2DevToolsProtocolEventReceiver")
			return 0
		},
		"AddWebResourceRequestedFilterWithRequestSourceKinds": func(_ uintptr, uri *uint16, context, sources uintptr) uintptr {
			r.logf("filter %s %d %x", windows.UTF16PtrToString(uri), context, uint32(sources))
			return 0
		},
	}
	for _, name := range []string{
		"AddNavigationStarting", "AddFrameNavigationStarting", "AddContentLoading", "AddNavigationCompleted", "AddProcessFailed", "AddWebResourceRequested",
		"AddServerCertificateErrorDetected", "AddPermissionRequested", "AddNewWindowRequested", "AddDownloadStarting", "AddLaunchingExternalUriScheme",
		"AddBasicAuthenticationRequested", "AddClientCertificateRequested",
	} {
		m[name] = v.adds(name)
	}
	return newObject(m,
		"ICoreWebView2_22")
}
