//go:build !linux

package datadir

import (
	"os"
	"path/filepath"
)

// defaultPath is %LocalAppData% on Windows, ~/Library/Application Support on
// macOS.
func defaultPath() (string, error) {
	dir := os.Getenv("LOCALAPPDATA")
	if dir == "" {
		var err error
		if dir, err = os.UserConfigDir(); err != nil {
			return "", err
		}
	}
	return filepath.Join(dir, "KiteAccounts"), nil
}
