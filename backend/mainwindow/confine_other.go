//go:build !linux && !darwin && !windows

package mainwindow

import "context"

// Confine does nothing on this system: Wails' own navigation rules hold.
func Confine(context.Context) error { return nil }
