//go:build !linux && !darwin

package mainwindow

// Confine does nothing on this system: Wails' own navigation rules hold.
func Confine() error { return nil }
