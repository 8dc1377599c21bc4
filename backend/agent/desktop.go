package agent

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
)

// DesktopID names the desktop that this process is on, empty if it is on none.
// An agent that outlived a log-out is on one that is gone: whoever comes next
// replaces it.
func DesktopID() string {
	display := os.Getenv("DISPLAY") + "\n" + os.Getenv("WAYLAND_DISPLAY")
	if display == "\n" {
		return ""
	}
	sum := sha256.Sum256([]byte(display + "\n" + os.Getenv("DBUS_SESSION_BUS_ADDRESS") + "\n" + os.Getenv("XDG_RUNTIME_DIR")))
	return hex.EncodeToString(sum[:8])
}

// ElsewhereThan says whether the agent is on another desktop than this
// process, which is on one.
func (s Status) ElsewhereThan(desktop string) bool { return desktop != "" && s.Desktop != desktop }
