package cli

import (
	"errors"
	"os"
)

// openTerminal opens both sides of the console that this process belongs to:
// https://learn.microsoft.com/en-us/windows/console/console-handles.
func openTerminal() (terminal, error) {
	in, err := os.OpenFile("CONIN$", os.O_RDWR, 0)
	if err != nil {
		return terminal{}, err
	}
	out, err := os.OpenFile("CONOUT$", os.O_RDWR, 0)
	if err != nil {
		return terminal{}, errors.Join(err, in.Close())
	}
	return terminal{in, out}, nil
}

// inherited is the file that the caller gave as that handle. Programs that are
// started get none but their three streams.
func inherited(fd int) *os.File { return os.NewFile(uintptr(fd), "descriptor") }
