package sqlite

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// OpenPrompt opens an existing database for a command that runs many times and
// must not keep anybody waiting. It neither checks nor migrates what is in it,
// and doesn't wait for the disk: what it commits is safe from a crash of the
// program, and lost if the power goes within seconds. Whatever isn't just right
// for that is opened by Open, with all its checks. ENOTFOUND if there is no
// database; it makes none.
func OpenPrompt(ctx context.Context, path string) (*DB, error) {
	if db := openPrompt(ctx, path, migrations.newest()); db != nil {
		return db, nil
	}
	info, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) || (err == nil && info.Size() == 0) {
		return nil, noDatabase()
	}
	return Open(ctx, path)
}

// OpenAsItIs is OpenPrompt for what can be done without the database: nil if
// there is none, or if anything would have to be done to it first.
func OpenAsItIs(ctx context.Context, path string) *DB {
	return openPrompt(ctx, path, migrations.newest())
}

// leftLog is how much of SQLite's log may be left behind, in bytes: the next to
// open the database reads it, if nobody else has it open.
const leftLog = 256 << 10

// Leave is Close for a process that ends at once, or becomes another: it mostly
// lets the files be. To close the last connection writes what is in SQLite's
// log into the database and waits for the disk, which this does only once in a
// while, so that the log stays short.
func (db *DB) Leave(path string) error {
	info, err := os.Stat(path + "-wal")
	if err == nil && info.Size() <= leftLog {
		return nil
	}
	return db.Close()
}

// openPrompt returns nil for what Open has to look at.
func openPrompt(ctx context.Context, path string, newest int64) *DB {
	for _, ending := range besides {
		if !ownersOnly(path + ending) {
			return nil
		}
	}
	if version, err := headerVersion(path); err != nil || version != newest {
		return nil
	}
	pool, err := connect(path, "_synchronous", "NORMAL")
	if err != nil {
		return nil
	}
	// The header may be older than what is in SQLite's log.
	if version, err := userVersion(ctx, pool); err != nil || version != newest {
		_ = pool.Close()
		return nil
	}
	return &DB{DB: pool}
}

// ownersOnly says that there is nothing for prepareFile to do.
func ownersOnly(path string) bool {
	info, err := os.Lstat(path)
	if errors.Is(err, os.ErrNotExist) {
		return true
	}
	return err == nil && info.Mode().IsRegular() && (info.Mode().Perm()&0o077 == 0 || runtime.GOOS == "windows")
}

// headerVersion is the schema version of a database of ours, read as
// checkHeader does.
func headerVersion(path string) (int64, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0) //nolint:gosec // the data folder's own file
	if err != nil {
		return 0, fmt.Errorf("read database header: %w", err)
	}
	defer f.Close() //nolint:errcheck // only read
	header := make([]byte, headerSize)
	if _, err := io.ReadFull(f, header); err != nil {
		return 0, fmt.Errorf("read database header: %w", err)
	}
	if string(header[:len(magic)]) != magic || binary.BigEndian.Uint32(header[applicationIDOffset:]) != applicationID {
		return 0, kite.Errorf(kite.EDATA, "It isn't a database of Kite Accounts.")
	}
	return int64(binary.BigEndian.Uint32(header[userVersionOffset:])), nil
}
