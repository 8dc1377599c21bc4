//go:build !e2e

package hardening

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// Apply forbids core dumps. Debuggers are kept out by the hardened runtime, with
// which the programs are signed; PT_DENY_ATTACH would only be in the way of
// crash reports.
func Apply() error {
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}); err != nil {
		return fmt.Errorf("forbid core dumps: %w", err)
	}
	return nil
}

// ApplyWindowless is Apply.
func ApplyWindowless() error { return Apply() }

// ApplyUntilExec does nothing: a limit would stay with the program that the
// process becomes.
func ApplyUntilExec() error { return nil }
