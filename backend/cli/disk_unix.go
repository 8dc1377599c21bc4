//go:build !windows

package cli

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// freeBytes is how much the user may still write where path is.
func freeBytes(path string) (uint64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(path, &s); err != nil {
		return 0, fmt.Errorf("look at disk: %w", err)
	}
	return s.Bavail * uint64(s.Bsize), nil //nolint:gosec // the size of a block is positive
}
