package msedge

import (
	"fmt"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Environment is one browser process with its folder.
type Environment struct{ o *object } // ICoreWebView2Environment10

// CreateEnvironment starts a browser that keeps its files in folder, with
// arguments. It returns at once; ready is called from the message loop.
func (e EntryPoint) CreateEnvironment(folder, arguments string, ready func(*Environment, error)) error {
	if err := withoutOverrides(); err != nil {
		return err
	}
	path, err := windows.UTF16PtrFromString(folder)
	if err != nil {
		return fmt.Errorf("create WebView2 environment: %w", err)
	}
	made := newHandler(idEnvironmentMade, func(result, made uintptr) {
		ready(environmentOf(result, made))
	})
	// Its first two parameters are those that WebView2Loader gives: true, and
	// 0 for an installed runtime.
	answer, _, _ := syscall.SyscallN(uintptr(e), yes, 0, uintptr(unsafe.Pointer(path)), newOptions(arguments), made)
	if int32(answer) < 0 { // an HRESULT
		return fmt.Errorf("create WebView2 environment: %w", hresult(answer))
	}
	return nil
}

func environmentOf(result, made uintptr) (*Environment, error) {
	if int32(result) < 0 || made == 0 { // an HRESULT
		return nil, fmt.Errorf("create WebView2 environment: %w", hresult(result))
	}
	o, err := objectAt(made).as(&idEnvironment10)
	if err != nil {
		return nil, fmt.Errorf("create WebView2 environment: %w", err)
	}
	return &Environment{o}, nil
}

// CreateController puts a web view into a window, with an InPrivate profile of
// that name: what it does isn't kept, but the profile itself stays in the
// environment's folder. It returns at once; ready is called from the
// message loop.
func (e *Environment) CreateController(window windows.HWND, profile string, ready func(*Controller, error)) error {
	chosen, err := e.o.object(slotCreateControllerOptions)
	if err != nil {
		return fmt.Errorf("create web view: %w", err)
	}
	defer chosen.release()
	if err := chosen.withText(slotPutProfileName, profile); err != nil {
		return fmt.Errorf("name profile: %w", err)
	}
	if err := chosen.call(slotPutInPrivate, yes); err != nil {
		return fmt.Errorf("make profile private: %w", err)
	}
	made := newHandler(idControllerMade, func(result, made uintptr) {
		if int32(result) < 0 || made == 0 { // an HRESULT
			ready(nil, fmt.Errorf("create web view: %w", hresult(result)))
			return
		}
		ready(controllerOf(objectAt(made)))
	})
	if err := e.o.call(slotCreateControllerWithOptions, uintptr(window), uintptr(unsafe.Pointer(chosen)), made); err != nil {
		return fmt.Errorf("create web view: %w", err)
	}
	return nil
}

// Release lets go of the environment.
func (e *Environment) Release() { e.o.release() }

// EnvironmentAt is the environment that another package has: an
// ICoreWebView2Environment.
func EnvironmentAt(address unsafe.Pointer) (*Environment, error) {
	o, err := (*object)(address).as(&idEnvironment10)
	if err != nil {
		return nil, fmt.Errorf("find WebView2 environment: %w", err)
	}
	return &Environment{o}, nil
}
