package msedge

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/windows"
)

// View is one web view.
type View struct{ o *object } // ICoreWebView2_22

// ViewAt is the web view that another package has: an ICoreWebView2.
func ViewAt(address unsafe.Pointer) (*View, error) {
	o, err := (*object)(address).as(&idView22)
	if err != nil {
		return nil, fmt.Errorf("find web view: %w", err)
	}
	return &View{o}, nil
}

// Navigate begins to load a page.
func (v *View) Navigate(uri string) error { return v.o.withText(slotNavigate, uri) }

// Source is the URI of the page that is shown.
func (v *View) Source() (string, error) { return v.o.text(slotGetSource) }

// Run runs a script in the page. done, unless it is nil, gets what the script
// gave as JSON, "null" if it failed.
func (v *View) Run(script string, done func(result string)) error {
	var handler uintptr
	if done != nil {
		handler = newHandler(idScriptDone, func(result, text uintptr) {
			if int32(result) >= 0 { // an HRESULT
				done(textAt(text))
			}
		})
	}
	return v.o.withText(slotExecuteScript, script, handler)
}

// textAt reads a text that stays the runtime's.
func textAt(address uintptr) string {
	return windows.UTF16PtrToString(*(**uint16)(unsafe.Pointer(&address)))
}

// Call calls a method of the DevTools protocol with parameters as JSON. done,
// unless it is nil, is told whether it worked.
// https://chromedevtools.github.io/devtools-protocol/
func (v *View) Call(method, parameters string, done func(error)) error {
	p, err := windows.UTF16PtrFromString(parameters)
	if err != nil {
		return fmt.Errorf("call %s: %w", method, err)
	}
	var handler uintptr
	if done != nil {
		handler = newHandler(idProtocolDone, func(result, _ uintptr) {
			if int32(result) < 0 { // an HRESULT
				done(fmt.Errorf("call %s: %w", method, hresult(result)))
				return
			}
			done(nil)
		})
	}
	if err := v.o.withText(slotCallProtocol, method, uintptr(unsafe.Pointer(p)), handler); err != nil {
		return fmt.Errorf("call %s: %w", method, err)
	}
	return nil
}

// Hear calls heard for every event of the DevTools protocol of that name, with
// its parameters as JSON.
func (v *View) Hear(event string, heard func(parameters string)) error {
	var receiver *object
	if err := v.o.withText(slotProtocolReceiver, event, uintptr(unsafe.Pointer(&receiver))); err != nil {
		return fmt.Errorf("hear %s: %w", event, err)
	}
	// It isn't released: its events come as long as it lives.
	err := receiver.follow(slotOnProtocolEvent, idProtocolEvent, func(args *object) {
		if text, err := args.text(slotProtocolGetJSON); err == nil {
			heard(text)
		}
	})
	if err != nil {
		return fmt.Errorf("hear %s: %w", event, err)
	}
	return nil
}
