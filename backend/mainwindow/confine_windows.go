package mainwindow

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"unsafe"

	"github.com/wailsapp/go-webview2/pkg/edge"

	"github.com/kiteaccounts/kite-accounts/backend/msedge"
)

// ErrNoWebView says that Wails' window has no web view yet, or isn't built as
// it was.
var ErrNoWebView = errors.New("no web view found")

var (
	confining sync.Mutex
	confined  bool
)

// Confine confines the window's web view. It may be called again, as after a
// reload; it waits for the window's thread. The context is one that Wails gave.
func Confine(ctx context.Context) error {
	confining.Lock()
	defer confining.Unlock()
	if confined {
		return nil
	}
	browser, window, err := partsOf(ctx.Value("frontend"))
	if err != nil {
		return fmt.Errorf("confine window: %w", err)
	}
	done := make(chan error, 1)
	if !window.Invoke(func() { done <- confine(browser) }) {
		return fmt.Errorf("confine window: %w", ErrNoWebView)
	}
	select {
	case err = <-done:
	case <-ctx.Done():
		err = ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("confine window: %w", err)
	}
	confined = true
	return nil
}

// invoker is Wails' window: it does something on its own thread.
type invoker interface{ Invoke(func()) bool }

// partsOf finds the browser and the window of Wails' frontend, which offers
// neither. wails_linux_test.go holds the two fields.
func partsOf(frontend any) (*edge.Chromium, invoker, error) {
	v := reflect.ValueOf(frontend)
	if v.Kind() != reflect.Pointer || v.Elem().Kind() != reflect.Struct {
		return nil, nil, ErrNoWebView
	}
	chromium, main := v.Elem().FieldByName("chromium"), v.Elem().FieldByName("mainWindow")
	if !chromium.IsValid() || chromium.Type() != reflect.TypeFor[*edge.Chromium]() || chromium.IsNil() ||
		!main.IsValid() || main.Kind() != reflect.Pointer || main.IsNil() {
		return nil, nil, ErrNoWebView
	}
	window, is := reflect.NewAt(main.Type().Elem(), main.UnsafePointer()).Interface().(invoker)
	if !is {
		return nil, nil, ErrNoWebView
	}
	return (*edge.Chromium)(chromium.UnsafePointer()), window, nil
}

// confine must run on the window's thread.
func confine(browser *edge.Chromium) error {
	controller := browser.GetController()
	if controller == nil || browser.Environment() == nil {
		return ErrNoWebView
	}
	core, err := controller.GetCoreWebView2()
	if err != nil {
		return err
	}
	defer core.Release()
	view, err := msedge.ViewAt(unsafe.Pointer(core))
	if err != nil {
		return err
	}
	environment, err := msedge.EnvironmentAt(unsafe.Pointer(browser.Environment()))
	if err != nil {
		return err
	}
	// The first keeps the page and its frames from being replaced, the second
	// what is asked for from being sent: a navigation can be on its way before
	// it is asked about. All requests are asked about only if the filter came
	// before the page, as Wails' own did, for the page and frames of its origin:
	// those of workers and other frames may be missing.
	err = view.Follow(environment, msedge.Events{
		Starting: func(s msedge.Starting) bool { return ownOnWindows(s.URI) },
		Resource: ownOnWindows,
	})
	if err != nil {
		return err
	}
	// Wails' own handler, which grants every permission, was added before and so
	// has been asked when this one denies it.
	return view.RefuseWindows()
}
