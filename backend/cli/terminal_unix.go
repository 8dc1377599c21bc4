//go:build !windows

package cli

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// openTerminal opens the terminal that this process belongs to, to read from
// and to write to.
func openTerminal() (terminal, error) {
	f, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	return terminal{f, f}, err
}

// fromFile shows how a flag gets a file at a shell's prompt.
func fromFile(flag string, number int) string {
	return fmt.Sprintf("%s=%d %[2]d<FILE", flag, number)
}

// inherited takes the file that the caller gave as that descriptor, so that no
// program started from here has it; nil if the caller gave none. What this
// process opened by itself is marked to be closed on exec: a wrong number must
// not be read from the database and close it.
func inherited(fd int) *os.File {
	flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
	switch {
	case err != nil, flags&unix.FD_CLOEXEC != 0, fd == unix.Stdout, fd == unix.Stderr:
		return nil
	case fd == unix.Stdin:
		return insteadOfStdin()
	}
	unix.CloseOnExec(fd)
	return os.NewFile(uintptr(fd), "descriptor")
}

// insteadOfStdin moves standard input elsewhere and leaves an empty one: closed,
// its number would go to the next file that is opened, here or in a command.
func insteadOfStdin() *os.File {
	moved, err := unix.FcntlInt(uintptr(unix.Stdin), unix.F_DUPFD_CLOEXEC, unix.Stderr+1)
	if err != nil {
		return nil
	}
	f := os.NewFile(uintptr(moved), "descriptor")
	empty, err := os.Open(os.DevNull)
	if err != nil {
		_ = f.Close()
		return nil
	}
	defer empty.Close() //nolint:errcheck // it has another number by then
	if err := unix.Dup2(int(empty.Fd()), unix.Stdin); err != nil {
		_ = f.Close()
		return nil
	}
	return f
}
