//go:build !windows

package localapi

import (
	"errors"
	"syscall"
)

func isTaken(err error) bool { return errors.Is(err, syscall.EADDRINUSE) }

// mayHaveSocket has nothing against it.
func mayHaveSocket() error { return nil }
