//go:build !windows

package cli

import (
	"os"

	"golang.org/x/sys/unix"
)

// terminalName is the terminal that a process belongs to.
const terminalName = "/dev/tty"

// inherited is the file that the caller gave as that descriptor; nil if it gave
// none. What this process opened by itself is marked to be closed on exec: a
// wrong number must not be read from the database and close it.
func inherited(fd int) *os.File {
	flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
	if err != nil || flags&unix.FD_CLOEXEC != 0 {
		return nil
	}
	return os.NewFile(uintptr(fd), "passphrase")
}
