package webview

import (
	"runtime"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// made is a window of this process, which isn't shown.
func made(t *testing.T) *window {
	t.Helper()
	runtime.LockOSThread()
	t.Cleanup(runtime.UnlockOSThread)
	w, err := newWindow("Log in", "Personal", "AB1234")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.destroy)
	return w
}

func TestStructuresOfWindows_have_their_sizes(t *testing.T) {
	for name, c := range map[string]struct{ got, want uintptr }{
		"WNDCLASSEXW":       {unsafe.Sizeof(windowClass{}), 80},
		"MSG":               {unsafe.Sizeof(message{}), 48},
		"LOGFONTW":          {unsafe.Sizeof(logFont{}), 92},
		"NONCLIENTMETRICSW": {unsafe.Sizeof(nonClientMetrics{}), 504},
		"offset of NONCLIENTMETRICSW's lfMessageFont": {unsafe.Offsetof(nonClientMetrics{}.messageFont), 408},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d, want %d", name, c.got, c.want)
		}
	}
}

func TestNewWindow_does_without_what_older_versions_of_Windows_lack(t *testing.T) {
	for _, function := range []**windows.LazyProc{&procDPIAwareness, &procDPIForWindow, &procParametersForDPI} {
		known := *function
		t.Cleanup(func() { *function = known })
		*function = user32.NewProc("NotInThisVersion")
	}
	w := made(t)
	if w.bar.fontHeight < 8 || w.bar.font == 0 || dpiOf(w.handle) != normalDPI {
		t.Errorf("font %d pixels high", w.bar.fontHeight)
	}
}

func TestEnterApartment_a_thread_may_have_been_prepared(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for range 2 {
		if err := enterApartment(); err != nil {
			t.Fatal(err)
		}
		defer windows.CoUninitialize()
	}
}

func TestSetProblem_tells_screen_readers_by_an_event_that_programs_may_send(t *testing.T) {
	w := made(t)
	type event struct {
		kind, window, object, child uintptr
	}
	var events []event
	heard := windows.NewCallback(func(_, kind, window, object, child, _, _ uintptr) uintptr {
		events = append(events, event{kind & 0xffffffff, window, object & 0xffffffff, child & 0xffffffff})
		return 0
	})
	hook, _, err := user32.NewProc("SetWinEventHook").Call(1, 0x7fffffff, 0, heard, uintptr(windows.GetCurrentProcessId()), 0, 0)
	if hook == 0 {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _, _ = user32.NewProc("UnhookWinEvent").Call(hook) })
	w.setProblem("The page crashed.")
	peek := user32.NewProc("PeekMessageW")
	told := func() (is bool) {
		for _, e := range events {
			if e.kind < 0x100 && e.window == uintptr(w.bar.problem) {
				t.Errorf("%+v is for the system to send", e)
			}
			is = is || e == event{eventLiveRegionChanged, uintptr(w.bar.problem), objectClient, 0}
		}
		return is
	}
	var m message
	for deadline := time.Now().Add(time.Minute); !told() && time.Now().Before(deadline); {
		if got, _, _ := peek.Call(uintptr(unsafe.Pointer(&m)), 0, 0, 0, 1); got != 0 {
			_, _, _ = procDispatchMessage.Call(uintptr(unsafe.Pointer(&m)))
		}
	}
	if !told() {
		t.Errorf("events %+v", events)
	}
}
