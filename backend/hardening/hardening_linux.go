//go:build linux && !e2e

package hardening

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// Apply protects the calling process. execve undoes PR_SET_DUMPABLE, so every
// program of ours calls it for itself: prctl(2), PR_SET_DUMPABLE.
func Apply() error {
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return fmt.Errorf("forbid tracing: %w", err)
	}
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}); err != nil {
		return fmt.Errorf("forbid core dumps: %w", err)
	}
	return nil
}
