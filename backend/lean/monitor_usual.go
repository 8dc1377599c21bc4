//go:build !quietmonitor

package lean

// QuietMonitor does nothing in a build that didn't ask for it.
func QuietMonitor() {}
