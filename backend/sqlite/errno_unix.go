//go:build !windows

package sqlite

import "syscall"

// The system's codes for what may not be written, and for what has no room.
var (
	forbiddenCodes = []syscall.Errno{syscall.EACCES, syscall.EPERM, syscall.EROFS}
	fullCodes      = []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG}
)
