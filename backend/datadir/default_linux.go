package datadir

import (
	"os"
	"path/filepath"
)

// defaultPath follows the XDG Base Directory Specification.
func defaultPath() (string, error) {
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "kite-accounts"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(home, ".local", "share", "kite-accounts"), nil
}
