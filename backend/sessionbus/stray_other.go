//go:build !linux

package sessionbus

// RefuseStray has nothing to do where desktops have no session bus.
func RefuseStray() error { return nil }
