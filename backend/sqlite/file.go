package sqlite

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
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

// prepareFile makes the file 0600 before SQLite does with the umask's mode;
// -wal and -shm inherit it. Loosened modes are repaired.
func prepareFile(path string) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return fmt.Errorf("create database file: %w", err)
		}
		return f.Close()
	case err != nil:
		return fmt.Errorf("look at database file: %w", err)
	case !info.Mode().IsRegular():
		return &Problem{Kind: Other, Err: fmt.Errorf("database file is not a regular file but %s", info.Mode().Type())}
	}
	return tighten(path)
}

func tighten(path string) error {
	for _, part := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(path + part)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("look at database file: %w", err)
		}
		if info.Mode().Perm()&0o077 != 0 {
			if err := os.Chmod(path+part, 0o600); err != nil {
				return fmt.Errorf("protect database file: %w", err)
			}
		}
	}
	return nil
}

// checkHeader reads the file without SQLite, which would write beside it: an
// empty file is a new one; anything else must be ours and not newer.
func checkHeader(path string, newest int64) error {
	f, err := os.Open(path) //nolint:gosec // the data folder's own file
	if err != nil {
		return fmt.Errorf("read database header: %w", err)
	}
	defer f.Close() //nolint:errcheck // only read
	header := make([]byte, headerSize)
	n, err := io.ReadFull(f, header)
	switch {
	case n == 0 && errors.Is(err, io.EOF):
		return nil
	case err != nil || string(header[:len(magic)]) != magic:
		return &Problem{Kind: Damaged, Err: errors.New("not a SQLite file")}
	}
	// An application id of 0 was written by no finished migration.
	if id := binary.BigEndian.Uint32(header[applicationIDOffset:]); id != applicationID && id != 0 {
		return &Problem{Kind: Other, Err: fmt.Errorf("file belongs to another application (%#x)", id)}
	}
	if version := int64(binary.BigEndian.Uint32(header[userVersionOffset:])); version > newest {
		return &Problem{Kind: Newer, Err: fmt.Errorf("schema version %d, this program knows %d", version, newest)}
	}
	return nil
}
