//go:build !windows

package loopback

import "syscall"

// What the system says of a port that can't be had.
const (
	errTaken     = syscall.EADDRINUSE
	errForbidden = syscall.EACCES
)
