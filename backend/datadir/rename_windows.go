package datadir

import (
	"errors"
	"os"
	"time"

	"golang.org/x/sys/windows"
)

// How long a file may still be open elsewhere: in a connection that is closed
// as soon as its last question is answered, in a program that reads it just
// then, or in one that looks at every new file for viruses.
const (
	renamePatience = 3 * time.Second
	renamePause    = 20 * time.Millisecond
)

// Rename is os.Rename. Windows renames and replaces no file that somebody has
// open who didn't allow for it, as SQLite and Go don't: for a while it is tried
// again. https://learn.microsoft.com/en-us/windows/win32/api/fileapi/nf-fileapi-createfilew
func Rename(from, to string) error {
	for deadline := time.Now().Add(renamePatience); ; time.Sleep(renamePause) {
		err := os.Rename(from, to)
		busy := errors.Is(err, windows.ERROR_SHARING_VIOLATION) || errors.Is(err, windows.ERROR_ACCESS_DENIED)
		if !busy || time.Now().After(deadline) {
			return err
		}
	}
}
