// Package datadir knows where the program keeps its files and with which
// permissions: folders 0700, files 0600, whatever the umask; on Windows the
// data folder's access control list, which all below inherits.
package datadir

import (
	"fmt"
	"os"
	"path/filepath"
)

// EnvVar names the data folder when --data-dir isn't given.
const EnvVar = "KITE_ACCOUNTS_DATA_DIR"

// Dir is a data folder: an absolute path that exists and that only its owner
// can enter.
type Dir struct {
	path   string
	custom bool
}

// Open makes the data folder if needed and repairs loosened permissions. flag
// is the value of --data-dir; empty means EnvVar, then the platform's place.
func Open(flag string) (Dir, error) {
	path, custom := flag, true
	if path == "" {
		path = os.Getenv(EnvVar)
	}
	if path == "" {
		custom = false
		var err error
		if path, err = defaultPath(); err != nil {
			return Dir{}, fmt.Errorf("find data folder: %w", err)
		}
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return Dir{}, fmt.Errorf("find data folder: %w", err)
	}
	if err := protect(path); err != nil {
		return Dir{}, err
	}
	return Dir{path: path, custom: custom}, nil
}

// ours says whether the folder is empty or holds our database.
func ours(path string) bool {
	if _, err := os.Stat(filepath.Join(path, databaseName)); err == nil {
		return true
	}
	entries, err := os.ReadDir(path)
	return err == nil && len(entries) == 0
}

func wrap(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}

const databaseName = "kite-accounts.db"

// Path is the folder itself.
func (d Dir) Path() string { return d.path }

// Custom says that the user named the folder, so that everything the program
// writes belongs under it.
func (d Dir) Custom() bool { return d.custom }

// Database is the SQLite file.
func (d Dir) Database() string { return filepath.Join(d.path, databaseName) }

// Log is the log file of the process of that name.
func (d Dir) Log(process string) string { return filepath.Join(d.path, "logs", process+".log") }

// LoginWindows is the folder for what login windows keep while they are open.
func (d Dir) LoginWindows() string { return filepath.Join(d.path, "login-window") }

// Lock is the lock file of a role, of which only one process runs at a time.
func (d Dir) Lock(role string) string { return filepath.Join(d.path, role+".lock") }

// Sub makes a folder below the data folder.
func (d Dir) Sub(name string) (string, error) {
	path := filepath.Join(d.path, name)
	if err := os.MkdirAll(path, 0o700); err != nil {
		return "", fmt.Errorf("create %s folder: %w", name, err)
	}
	return path, nil
}
