package sessionbus

import "os"

// disabled is the address of no bus, for libraries that would launch one.
const disabled = "disabled:"

// RefuseStray says, where there is no session bus, that there shall be none:
// GLib and godbus would each launch a daemon that outlives the program, and a
// second window would take that for a way to reach the first.
func RefuseStray() error {
	if Address() != "" {
		return nil
	}
	return os.Setenv("DBUS_SESSION_BUS_ADDRESS", disabled)
}
