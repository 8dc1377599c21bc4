//go:build linux && !e2e

package hardening

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// ApplyUntilExec protects the calling process until it becomes another
// program, which gets nothing of it. Without PR_SET_DUMPABLE there is no core
// dump either; Apply's limit would stay with that program, which could never
// raise it again: setrlimit(2).
func ApplyUntilExec() error {
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return fmt.Errorf("forbid tracing: %w", err)
	}
	return nil
}

// Apply protects the calling process. execve undoes PR_SET_DUMPABLE, so every
// program of ours calls it for itself: prctl(2), PR_SET_DUMPABLE.
func Apply() error {
	if err := ApplyUntilExec(); err != nil {
		return err
	}
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}); err != nil {
		return fmt.Errorf("forbid core dumps: %w", err)
	}
	return nil
}

// ApplyWindowless is Apply.
func ApplyWindowless() error { return Apply() }
