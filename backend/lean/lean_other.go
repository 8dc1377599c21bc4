//go:build !linux

package lean

import "runtime/debug"

// GiveBack returns to the system what the collector frees.
func GiveBack() error {
	debug.FreeOSMemory()
	return nil
}
