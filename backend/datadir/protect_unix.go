//go:build !windows

package datadir

import (
	"errors"
	"fmt"
	"os"
)

// protect makes the folder, or closes one of ours to others. A folder that
// others may write to and that holds nothing of ours, such as /tmp, is refused
// rather than taken from them.
func protect(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return wrap("create data folder", os.MkdirAll(path, 0o700))
	case err != nil:
		return wrap("look at data folder", err)
	case !info.IsDir():
		return fmt.Errorf("%s is not a folder", path)
	case info.Mode().Perm()&0o077 == 0:
		return nil
	case info.Mode().Perm()&0o022 != 0 && !ours(path):
		return fmt.Errorf("other users may write to %s: choose a folder of your own, or a new one", path)
	}
	return wrap("protect data folder", os.Chmod(path, 0o700)) //nolint:gosec // a folder needs its x bit
}
