package main

import (
	"os"
	"path/filepath"
	"runtime"
)

const busAddress = "DBUS_SESSION_BUS_ADDRESS"

// refuseStrayBus says, where there is no session bus, that there shall be none:
// GLib and godbus would each launch a daemon that outlives the program, and a
// second window would take that for a way to reach the first.
func refuseStrayBus() error {
	if runtime.GOOS != "linux" {
		return nil
	}
	if address := os.Getenv(busAddress); address != "" && address != "autolaunch:" {
		return nil
	}
	if dir := os.Getenv("XDG_RUNTIME_DIR"); dir != "" {
		if info, err := os.Stat(filepath.Join(dir, "bus")); err == nil && info.Mode()&os.ModeSocket != 0 {
			return nil
		}
	}
	return os.Setenv(busAddress, "disabled:")
}
