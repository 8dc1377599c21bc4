package msedge

import (
	"fmt"

	"golang.org/x/sys/windows"
)

// Controller is a web view's place in its window.
type Controller struct {
	View *View
	o    *object // ICoreWebView2Controller4
}

func controllerOf(made *object) (*Controller, error) {
	o, err := made.as(&idController4)
	if err != nil {
		return nil, fmt.Errorf("create web view: %w", err)
	}
	core, err := o.object(slotGetView)
	if err != nil {
		return nil, fmt.Errorf("create web view: %w", err)
	}
	defer core.release()
	view, err := core.as(&idView22)
	if err != nil {
		return nil, fmt.Errorf("create web view: %w", err)
	}
	// A file that is dropped isn't opened.
	if err := o.call(slotPutAllowDrop, no); err != nil {
		return nil, fmt.Errorf("refuse dropped files: %w", err)
	}
	return &Controller{View: &View{view}, o: o}, nil
}

// SetBounds places the web view in its window, in pixels of the screen.
func (c *Controller) SetBounds(bounds windows.Rect) error {
	return c.o.callWithRect(slotPutBounds, bounds)
}

// Show makes the web view visible.
func (c *Controller) Show() error { return c.o.call(slotPutIsVisible, yes) }

// Moved tells the web view that its window was moved, for menus and the like.
func (c *Controller) Moved() error { return c.o.call(slotPositionChanged) }

// Close ends the web view. Nothing of it may be used afterwards.
func (c *Controller) Close() {
	_ = c.o.call(slotCloseController)
	c.View.o.release()
	c.o.release()
}

// Focus is where in the page the keyboard goes to.
type Focus uintptr

// The ways into a page: COREWEBVIEW2_MOVE_FOCUS_REASON.
const (
	FocusAsBefore Focus = iota
	FocusFirst
	FocusLast
)

// Focus gives the page the keyboard.
func (c *Controller) Focus(where Focus) error { return c.o.call(slotMoveFocus, uintptr(where)) }

// Keys are what a Controller asks about the keyboard.
type Keys struct {
	// Pressed says whether a key that types nothing was taken: it gets Windows'
	// virtual key code.
	Pressed func(key uint32) (taken bool)
	// Left is told that Tab leads out of the page, at its end or its beginning.
	Left func(forwards bool)
}

const keyDown = 0 // COREWEBVIEW2_KEY_EVENT_KIND

// FollowKeys calls keys' functions from the message loop.
func (c *Controller) FollowKeys(keys Keys) error {
	err := c.o.follow(slotOnAcceleratorKey, idAcceleratorKey, func(args *object) {
		kind, err := args.number(slotKeyGetKind)
		key, err2 := args.number(slotKeyGetVirtualKey)
		if err == nil && err2 == nil && kind == keyDown && keys.Pressed(uint32(key)) { // a UINT
			_ = args.call(slotKeyPutHandled, yes)
		}
	})
	if err != nil {
		return fmt.Errorf("follow keys: %w", err)
	}
	err = c.o.follow(slotOnMoveFocus, idMoveFocus, func(args *object) {
		reason, err := args.number(slotFocusGetReason)
		if err == nil {
			keys.Left(Focus(reason) == FocusFirst) // an enumeration
			_ = args.call(slotFocusPutHandled, yes)
		}
	})
	if err != nil {
		return fmt.Errorf("follow focus: %w", err)
	}
	return nil
}
