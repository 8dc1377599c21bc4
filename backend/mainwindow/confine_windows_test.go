package mainwindow

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"unsafe"

	"github.com/wailsapp/go-webview2/pkg/edge"

	"github.com/kiteaccounts/kite-accounts/backend/msedge/msedgetest"
)

// frontend has of Wails' frontend what Confine looks for.
type frontend struct {
	chromium   *edge.Chromium
	mainWindow *window
}

type window struct{ invoked int }

func (w *window) Invoke(f func()) bool {
	w.invoked++
	f()
	return true
}

// newFrontend has a fake WebView2 in it.
func newFrontend(t *testing.T) (*frontend, *msedgetest.View) {
	t.Helper()
	confined = false
	fake := &msedgetest.Runtime{Log: func(text string) { t.Log(text) }}
	environment, controller, view := fake.Parts()
	f := &frontend{edge.NewChromium(), &window{}}
	set(f.chromium, "environment", environment)
	set(f.chromium, "controller", controller)
	return f, view
}

func set(chromium *edge.Chromium, field string, to unsafe.Pointer) {
	v := reflect.ValueOf(chromium).Elem().FieldByName(field)
	*(*unsafe.Pointer)(unsafe.Pointer(v.UnsafeAddr())) = to
}

func withFrontend(t *testing.T, f any) context.Context {
	t.Helper()
	return context.WithValue(t.Context(), "frontend", f) //nolint:revive,staticcheck // Wails' own key
}

func TestConfine_without_a_window_says_so(t *testing.T) {
	confined = false
	for name, f := range map[string]any{
		"nothing": nil, "another thing": 7, "another struct": &struct{ chromium int }{}, "no web view yet": &frontend{edge.NewChromium(), &window{}},
		"no window yet": &frontend{chromium: edge.NewChromium()},
	} {
		if err := Confine(withFrontend(t, f)); !errors.Is(err, ErrNoWebView) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestConfine_the_window_stays_on_its_own_page(t *testing.T) {
	f, view := newFrontend(t)
	for range 2 { // as after a reload
		if err := Confine(withFrontend(t, f)); err != nil {
			t.Fatal(err)
		}
	}
	if f.mainWindow.invoked != 1 {
		t.Errorf("on the window's thread %d times", f.mainWindow.invoked)
	}
	for address, own := range map[string]bool{"http://wails.localhost/": true, "https://evil.tld/": false, "http://wails.localhost.evil.tld/": false} {
		for _, frame := range []bool{false, true} {
			if cancelled := view.Start(address, false, false, frame); cancelled == own {
				t.Errorf("%s, frame %t: cancelled %t", address, frame, cancelled)
			}
		}
		if status := view.Request(address); (status == 0) != own || (status != 0 && status != 403) {
			t.Errorf("%s: answered %d", address, status)
		}
	}
	want := map[string]int{
		"AddNewWindowRequested PutHandled": 1, "AddPermissionRequested PutState": 2, "AddDownloadStarting PutCancel": 1,
		"AddDownloadStarting PutHandled": 1, "AddLaunchingExternalUriScheme PutCancel": 1,
	}
	if said := view.Refusals(); !reflect.DeepEqual(said, want) {
		t.Errorf("said %v", said)
	}
}
