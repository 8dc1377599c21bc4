//go:build unix

package webview

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// takeStdout keeps the original stdout for answers and points descriptor 1 at
// stderr: the toolkit, and the processes it starts, print there.
func takeStdout() (*os.File, error) {
	fd, err := unix.FcntlInt(1, unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return nil, fmt.Errorf("keep stdout: %w", err)
	}
	if err := unix.Dup2(2, 1); err != nil {
		return nil, fmt.Errorf("redirect stdout: %w", err)
	}
	return os.NewFile(uintptr(fd), "answers"), nil
}
