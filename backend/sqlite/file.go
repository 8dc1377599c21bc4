package sqlite

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// applicationID marks our files in the header: "KACC".
const applicationID = 0x4b414343

// magic opens every SQLite file, https://www.sqlite.org/fileformat.html.
const magic = "SQLite format 3\x00"

// Offsets in the header, same page.
const (
	headerSize          = 100
	userVersionOffset   = 60
	applicationIDOffset = 68
)

// besides are the endings of the database file and of what SQLite keeps
// beside it.
var besides = []string{"", "-wal", "-shm"}

// prepareFile makes the file 0600 before SQLite does with the umask's mode;
// -wal and -shm inherit it. It returns the files that others could read until
// it took that away.
func prepareFile(path string) (repaired []string, err error) {
	for _, ending := range besides {
		loose, err := inspect(path + ending)
		if err != nil {
			return repaired, err
		}
		if loose {
			repaired = append(repaired, path+ending)
		}
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the data folder's own file
	if errors.Is(err, os.ErrExist) {
		return repaired, nil
	}
	if err != nil {
		return repaired, fmt.Errorf("create database file: %w", err)
	}
	return repaired, f.Close()
}

// inspect refuses what isn't a file of its own, such as a link that leads out
// of the data folder, and takes others' permissions away. It gives none: a
// file that its owner made read-only stays so.
func inspect(path string) (loose bool, err error) {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("look at database file: %w", err)
	case !info.Mode().IsRegular():
		return false, notAFile(path, info.Mode())
	case runtime.GOOS == "windows" || info.Mode().Perm()&0o077 == 0: // Windows' modes say nothing about others
		return false, nil
	}
	if err := os.Chmod(path, info.Mode().Perm()&0o700); err != nil {
		return false, fmt.Errorf("protect database file: %w", err)
	}
	return true, nil
}

func notAFile(path string, mode os.FileMode) error {
	what := "not a file"
	switch {
	case mode.IsDir():
		what = "a folder"
	case mode&os.ModeSymlink != 0:
		what = "a link to another place"
	}
	return &Problem{Kind: Other, Err: kite.Errorf(kite.EDATA, "The database can't be opened: %s is %s.", path, what).
		WithHint("Move it away, or put the database file itself there.")}
}

// hasLog says that a -wal holds commits that the database file lacks: the
// program that wrote them is running, or didn't get to close.
func hasLog(path string) bool {
	info, err := os.Stat(path + "-wal")
	return err == nil && info.Size() > 0
}

// checkHeader reads the file without SQLite, which would write beside it: an
// empty file is a new one; anything else must be ours and not newer. flag is
// how the file will be used, since SQLite silently turns to reading where it
// may not write. Closing the file drops this process's locks on it, so a
// process opens a database once at a time.
func checkHeader(path string, flag int, newest int64) error {
	f, err := os.OpenFile(path, flag, 0) //nolint:gosec // the data folder's own file
	if err != nil {
		return fmt.Errorf("read database header: %w", err)
	}
	defer f.Close() //nolint:errcheck // only read
	header := make([]byte, headerSize)
	n, err := io.ReadFull(f, header)
	switch {
	case n == 0 && errors.Is(err, io.EOF):
		return nil
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("read database header: %w", err)
	case err != nil || string(header[:len(magic)]) != magic:
		return &Problem{Kind: Damaged, Err: errors.New("not a SQLite file")}
	}
	// An application id of 0 was written by no finished migration.
	if id := binary.BigEndian.Uint32(header[applicationIDOffset:]); id != applicationID && id != 0 {
		return &Problem{Kind: Other, Err: kite.Errorf(kite.EDATA, "%s belongs to another program and was left as it is.", path).
			WithHint("Move it away and start again.").Because(fmt.Errorf("application id %#x", id))}
	}
	return refuseNewer(int64(binary.BigEndian.Uint32(header[userVersionOffset:])), newest)
}

// refuseNewer names both versions.
func refuseNewer(version, newest int64) error {
	if version <= newest {
		return nil
	}
	return &Problem{Kind: Newer, Err: fmt.Errorf("its schema has version %d, this program knows version %d", version, newest)}
}
