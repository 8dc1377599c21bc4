package tray

import (
	"context"
	"log/slog"
	"runtime"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

var (
	registerClass   = user32.NewProc("RegisterClassExW")
	unregisterClass = user32.NewProc("UnregisterClassW")
	defWindowProc   = user32.NewProc("DefWindowProcW")
	findWindow      = user32.NewProc("FindWindowW")
	postMessage     = user32.NewProc("PostMessageW")
	sendMessage     = user32.NewProc("SendMessageW")
	countItems      = user32.NewProc("GetMenuItemCount")
	itemText        = user32.NewProc("GetMenuStringW")
	itemID          = user32.NewProc("GetMenuItemID")
	itemState       = user32.NewProc("GetMenuState")
)

const patience = 30 * time.Second

func utf16(s string) uintptr {
	return uintptr(unsafe.Pointer(windows.StringToUTF16Ptr(s)))
}

// eventually waits for what another process, the taskbar's, has a part in.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
	}
}

func run(t *testing.T, icon *Tray) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		icon.Run(ctx)
		close(ended)
	}()
	return func() {
		t.Helper()
		cancel()
		select {
		case <-ended:
		case <-time.After(patience):
			t.Fatal("it never ends")
		}
	}
}

// takeClass makes the library fail as it does where the taskbar doesn't take
// the icon: after it began, and before it calls back.
func takeClass(t *testing.T) (giveBack func()) {
	t.Helper()
	name := windows.StringToUTF16Ptr("SystrayClass")
	class := struct {
		size, style                        uint32
		procedure                          uintptr
		classExtra, windowExtra            int32
		instance, icon, cursor, background windows.Handle
		menu, name                         *uint16
		smallIcon                          windows.Handle
	}{procedure: defWindowProc.Addr(), name: name}
	class.size = uint32(unsafe.Sizeof(class))
	if err := windows.GetModuleHandleEx(0, nil, &class.instance); err != nil {
		t.Fatal(err)
	}
	if atom, _, err := registerClass.Call(uintptr(unsafe.Pointer(&class))); atom == 0 {
		t.Fatal(err)
	}
	runtime.KeepAlive(&class)
	return func() {
		if done, _, err := unregisterClass.Call(uintptr(unsafe.Pointer(name)), uintptr(class.instance)); done == 0 {
			t.Fatal(err)
		}
	}
}

func TestRun_ends_where_Windows_does_not_take_the_icon(t *testing.T) {
	giveBack := takeClass(t)
	defer giveBack()
	icon := New(slog.New(slog.DiscardHandler), func(Choice) {})
	stop := run(t, icon)
	stop()
	if icon.Present() {
		t.Error("it is said to be there")
	}
}

// shownMenu opens the menu by the other button and returns it.
func shownMenu(t *testing.T, window uintptr) (menu uintptr) {
	t.Helper()
	const wmRightButtonUp, getMenu = 0x0205, 0x01E1
	_, _, _ = postMessage.Call(window, callback, 100, wmRightButtonUp)
	eventually(t, "the menu", func() bool {
		popup, _, _ := findWindow.Call(utf16("#32768"), 0)
		if popup != 0 {
			menu, _, _ = sendMessage.Call(popup, getMenu, 0, 0)
		}
		return menu != 0
	})
	return menu
}

const (
	callback = 0x0400 + 1 // WM_USER + 1, what the library is called by
	byPlace  = 0x0400     // MF_BYPOSITION
)

func itemTexts(menu uintptr) (list []string) {
	count, _, _ := countItems.Call(menu)
	for i := range count {
		var text [256]uint16
		_, _, _ = itemText.Call(menu, i, uintptr(unsafe.Pointer(&text)), uintptr(len(text)), byPlace)
		list = append(list, syscall.UTF16ToString(text[:]))
	}
	return list
}

func TestRun_shows_icon_and_menu_and_tells_choices(t *testing.T) {
	choices := make(chan Choice, 8)
	icon := New(slog.New(slog.DiscardHandler), func(c Choice) { choices <- c })
	stop := run(t, icon)
	eventually(t, "the icon", icon.Present)
	window, _, _ := findWindow.Call(utf16("SystrayClass"), 0)
	const wmLeftButtonUp, wmCommand, wmCancelMode = 0x0202, 0x0111, 0x001F
	_, _, _ = postMessage.Call(window, callback, 100, wmLeftButtonUp)
	if got := <-choices; got != (Choice{}) {
		t.Errorf("a click asks for %+v", got)
	}

	menu := shownMenu(t, window)
	if list := itemTexts(menu); len(list) == 0 || list[0] != "" || list[1] != "Log in all" {
		t.Errorf("before anything is known: %q", list)
	}
	icon.Show(Menu{State: NeedsLogin, Line: "No account is ready", LogInAll: true, Entries: []Entry{
		{Text: "R & D · log in", Do: kite.Request{Login: "1"}},
	}})
	want := []string{"No account is ready", "R && D · log in", "", "Log in all", "Open", "Preferences", "", "Quit"}
	list := itemTexts(menu)
	for i, text := range want {
		if i >= len(list) || list[i] != text {
			t.Fatalf("%q\nwant %q", list, want)
		}
	}
	const grey = 0x0003
	if state, _, _ := itemState.Call(menu, 0, byPlace); state&grey == 0 {
		t.Error("the line can be pressed")
	}
	id, _, _ := itemID.Call(menu, 1)
	_, _, _ = postMessage.Call(window, wmCancelMode, 0, 0)
	_, _, _ = postMessage.Call(window, wmCommand, id, 0)
	if got := <-choices; got.Do.Login != "1" {
		t.Errorf("the account's line asks for %+v", got)
	}
	stop()
	if icon.Present() {
		t.Error("it is said to be there")
	}
}
