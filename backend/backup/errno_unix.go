//go:build !windows

package backup

import "syscall"

// What the system says of a file that can't be written.
var (
	noFolder    = []error{syscall.ENOTDIR}
	writeLocked = []error{syscall.EROFS}
	noSuchName  = []error{syscall.ENAMETOOLONG}
	diskFull    = []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG}
)
