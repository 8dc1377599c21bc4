//go:build !windows

package program

import "os"

// rename is os.Rename, which doesn't mind who has the file open.
func rename(from, to string) error { return os.Rename(from, to) }
