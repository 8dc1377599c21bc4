package cli

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// saveFile writes a file that only its owner may read, whole or not at all.
// ECONFIRM if there is one and overwrite isn't set.
func saveFile(path string, data []byte, overwrite bool) error {
	if _, err := os.Lstat(path); err == nil && !overwrite {
		return kite.Errorf(kite.ECONFIRM, "There is a file %s already.", path).WithHint("Choose another name, or say --overwrite.")
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".kitectl-*.part") // mode 0600
	if err != nil {
		return notSaved(path, err)
	}
	defer os.Remove(f.Name()) //nolint:errcheck // it is gone once it has its name
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return notSaved(path, err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return notSaved(path, err)
	}
	return nil
}

func notSaved(path string, err error) error {
	return kite.Errorf(kite.EINVALID, "%s can't be written.", path).
		WithHint("Check that its folder is there, that you may write to it, and that the disk isn't full.").Because(err)
}
