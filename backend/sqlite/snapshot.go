package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Before a database is brought up to date, a copy of it is put beside it.
//
// Rules:
//   - It is called like the database with ".before-N", N being the first
//     version that it lacks. An update that stops between two steps and goes
//     on later so keeps the copy from before its first step.
//   - It gets that name once it is whole, checked and on the disk; only then
//     an older copy of that name goes.
//   - Nothing is updated without it. The update's success doesn't remove it.
//   - Like the database it is its owner's alone, and secrets in it are sealed.

const (
	snapshotEnding = ".before-"
	partEnding     = ".part" // of a copy that isn't whole
)

// snapshotsKept is how many copies stay, the newest ones.
const snapshotsKept = 2

// errMovedOn says that another program was faster and has begun the update.
var errMovedOn = errors.New("the schema isn't that version any more")

// takeSnapshot copies the database, whose schema has that version, and returns
// the copy's path.
func takeSnapshot(ctx context.Context, pool *sql.DB, path string, version int64) (string, error) {
	name := path + snapshotEnding + strconv.FormatInt(version+1, 10)
	part, err := emptyPart(name)
	if err != nil {
		return "", noSnapshot(name, err)
	}
	defer os.Remove(part) //nolint:errcheck // it was renamed, or a later update removes it
	err = copyTo(ctx, pool, part, version)
	if err == nil {
		err = os.Rename(part, name)
	}
	switch {
	case err == nil:
		err = syncFolder(filepath.Dir(name))
	case errors.Is(err, errMovedOn), missing(part) && !missing(name):
		// Who was faster has made its copy first, and cleared up.
		err = checkSnapshot(ctx, name, version)
	}
	if err != nil {
		return "", noSnapshot(name, err)
	}
	pruneSnapshots(path, name)
	return name, nil
}

// emptyPart makes a file of a name that no link or other program has. SQLite
// leaves its mode, 0600, to an empty file.
func emptyPart(name string) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*"+partEnding)
	if err != nil {
		return "", fmt.Errorf("create copy: %w", err)
	}
	return f.Name(), f.Close()
}

// copyTo takes what is committed, in the -wal too.
func copyTo(ctx context.Context, pool *sql.DB, part string, version int64) error {
	if _, err := pool.ExecContext(ctx, "VACUUM INTO ?", fileURI(part, "")); err != nil {
		return fmt.Errorf("copy database: %w", err)
	}
	if err := syncFile(part); err != nil {
		return err
	}
	return checkSnapshot(ctx, part, version)
}

// checkSnapshot reads all of the copy.
func checkSnapshot(ctx context.Context, path string, version int64) error {
	pool, err := connect(path, "mode", "ro", "immutable", "1", "_journal_mode", "DELETE")
	if err != nil {
		return err
	}
	defer pool.Close() //nolint:errcheck // only read
	var answer string
	var has int64
	err = pool.QueryRowContext(ctx, `SELECT (SELECT integrity_check FROM pragma_integrity_check LIMIT 1),
		(SELECT max(version_id) FROM goose_db_version WHERE is_applied)`).Scan(&answer, &has)
	switch {
	case err != nil:
		return fmt.Errorf("check copy: %w", err)
	case answer != "ok":
		return fmt.Errorf("check copy: %s", answer)
	case has != version:
		return errMovedOn
	}
	return nil
}

// syncFile closes the file to others once more: had another program cleared
// the empty one away, SQLite would have made it with the umask's mode.
func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0) //nolint:gosec // beside the database
	if err != nil {
		return fmt.Errorf("open copy: %w", err)
	}
	return wrap("write copy to disk", errors.Join(f.Chmod(0o600), f.Sync(), f.Close()))
}

// syncFolder makes a rename survive a power loss; Windows does so by itself.
func syncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := os.Open(path) //nolint:gosec // the data folder
	if err != nil {
		return fmt.Errorf("open data folder: %w", err)
	}
	return wrap("write data folder to disk", errors.Join(f.Sync(), f.Close()))
}

func missing(path string) bool {
	_, err := os.Lstat(path)
	return errors.Is(err, os.ErrNotExist)
}

// pruneSnapshots removes older copies and what killed programs left of theirs.
// One that can't be removed is no reason to refuse the database.
func pruneSnapshots(path, newest string) {
	entries, _ := os.ReadDir(filepath.Dir(path))
	var older []os.FileInfo
	for _, entry := range entries {
		version, found := strings.CutPrefix(entry.Name(), filepath.Base(path)+snapshotEnding)
		info, err := entry.Info()
		if !found || err != nil || !info.Mode().IsRegular() || entry.Name() == filepath.Base(newest) {
			continue
		}
		if _, err := strconv.ParseUint(version, 10, 63); err == nil {
			older = append(older, info)
		} else if strings.HasSuffix(version, partEnding) {
			_ = os.Remove(filepath.Join(filepath.Dir(path), entry.Name()))
		}
	}
	slices.SortFunc(older, func(a, b os.FileInfo) int { return b.ModTime().Compare(a.ModTime()) })
	for _, info := range older[min(len(older), snapshotsKept-1):] {
		_ = os.Remove(filepath.Join(filepath.Dir(path), info.Name()))
	}
}

// noSnapshot says why the update didn't begin. What is wrong with the database
// itself, such as another program's lock, has sentences of its own.
func noSnapshot(name string, err error) error {
	switch {
	case diskFull(err):
		return kite.Errorf(kite.EDATA, "The disk has no room for a copy of the database from before it is brought up to date, so nothing was changed.").
			WithHint("Free some space where " + name + " is to be and try again.").Because(err)
	case kindOf(err) == Other:
		return kite.Errorf(kite.EDATA, "The database couldn't be copied before it is brought up to date, so nothing was changed.").
			WithHint("The log says why. The copy is to be " + name + ".").Because(err)
	}
	return err
}
