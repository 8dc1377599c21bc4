package main

import (
	"os"

	"github.com/godbus/dbus/v5"
)

// hasDisplay says whether there is anything to open a window on. The toolkit
// would end the process without a word.
func hasDisplay() bool { return os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != "" }

// canHandOver says whether Wails can reach the window that is open, for which
// it needs a session bus.
func canHandOver() bool {
	bus, err := dbus.ConnectSessionBus()
	if err != nil {
		return false
	}
	_ = bus.Close()
	return true
}
