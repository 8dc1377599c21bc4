//go:build !windows

package datadir

import "os"

// Rename is os.Rename, which doesn't mind who has the file open.
func Rename(from, to string) error { return os.Rename(from, to) }
