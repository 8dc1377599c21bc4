package program

import (
	"errors"
	"os"
	"time"

	"golang.org/x/sys/windows"
)

// renamePatience is how long a file may still be open elsewhere: in a
// connection that is closed as soon as its last question is answered, or in a
// program that looks at every new file for viruses.
const renamePatience, renamePause = 5 * time.Second, 20 * time.Millisecond

// rename is os.Rename. Windows renames no file that somebody has open who
// didn't allow for it, as SQLite doesn't.
func rename(from, to string) error {
	for deadline := time.Now().Add(renamePatience); ; time.Sleep(renamePause) {
		err := os.Rename(from, to)
		if !errors.Is(err, windows.ERROR_SHARING_VIOLATION) || time.Now().After(deadline) {
			return err
		}
	}
}
