package backup

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// SaveFile writes the archive to a file that only its owner may read, whole or
// not at all: after an error the folder is as it was before, the file of that
// name included. ECONFIRM if there is one and overwrite isn't set; EINVALID as
// of Write, and with Field "path" where no file can be; EDATA for a full or
// failing disk.
func SaveFile(path string, a Archive, passphrase kite.Secret, overwrite bool) error {
	if err := refuseTarget(path, overwrite); err != nil {
		return err
	}
	var encrypted bytes.Buffer
	if err := Write(&encrypted, a, passphrase); err != nil {
		return err
	}
	temp, err := writeBeside(path, encrypted.Bytes())
	if err != nil {
		return notSaved(path, err)
	}
	defer os.Remove(temp) //nolint:errcheck // it is gone once it has its name
	if err := publish(temp, path, overwrite); err != nil {
		return notSaved(path, err)
	}
	if err := syncFolder(filepath.Dir(path)); err != nil {
		return kite.Errorf(kite.EDATA, "The backup was written, but the disk didn't confirm that it will stay.").
			WithHint("Check the disk and make the backup again.").Because(err)
	}
	return nil
}

// refuseTarget looks before the passphrase's second of work is spent; publish
// decides. Links aren't followed: what they lead to may be somebody else's.
func refuseTarget(path string, overwrite bool) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return notSaved(path, err)
	case !info.Mode().IsRegular():
		return kite.Errorf(kite.EINVALID, "%s is no file, so no backup was written.", path).
			WithHint("Choose the name of a file.").WithField("path")
	case !overwrite:
		return exists(path)
	}
	return nil
}

func exists(path string) error {
	return kite.Errorf(kite.ECONFIRM, "There is a file %s already.", path).WithHint("Choose another name, or say that it may be replaced.")
}

// writeBeside puts the bytes on the disk under a name that nobody else has, in
// the same folder, since nothing is renamed from one disk to another.
func writeBeside(path string, data []byte) (temp string, err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".kite-accounts-backup-*.part") // mode 0600
	if err != nil {
		return "", err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), nil
}

// link is a variable for tests: file systems without links are hard to come by.
var link = os.Link

// publish gives the whole file its name. Without overwrite it links, which
// never replaces a file that came in the meantime; sticks formatted with FAT
// have no links, so there it looks once more and renames.
func publish(temp, path string, overwrite bool) error {
	if !overwrite {
		err := link(temp, path)
		if err == nil || errors.Is(err, os.ErrExist) {
			return err
		}
		if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
			return errors.Join(os.ErrExist, err)
		}
	}
	return os.Rename(temp, path)
}

// syncFolder makes the name last. Some file systems, and Windows, can't be
// asked that.
func syncFolder(folder string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := os.Open(folder)
	if err != nil {
		return fmt.Errorf("open folder: %w", err)
	}
	err = f.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		err = nil
	}
	return errors.Join(err, f.Close())
}

func notSaved(path string, err error) error {
	folder := filepath.Dir(path)
	switch {
	case errors.Is(err, os.ErrExist):
		return exists(path)
	case errors.Is(err, os.ErrNotExist), isOne(err, noFolder):
		return kite.Errorf(kite.EINVALID, "There is no folder %s.", folder).WithHint("Create it or choose another one.").
			WithField("path").Because(err)
	case errors.Is(err, os.ErrPermission), isOne(err, writeLocked):
		return kite.Errorf(kite.EINVALID, "Nothing may be written to %s, so no backup was written.", folder).
			WithHint("Choose a folder of yours.").WithField("path").Because(err)
	case isOne(err, noSuchName):
		return kite.Errorf(kite.EINVALID, "No file can have this name there.").
			WithHint("Choose a shorter one, without characters like ? and *.").WithField("path").Because(err)
	case isOne(err, diskFull):
		return kite.Errorf(kite.EDATA, "The disk is full, so no backup was written.").WithHint("Free some space and try again.").Because(err)
	}
	return kite.Errorf(kite.EDATA, "The disk can't be written, so no backup was written.").
		WithHint("Check that the disk is there and try again.").Because(err)
}

func isOne(err error, of []error) bool {
	return slices.ContainsFunc(of, func(one error) bool { return errors.Is(err, one) })
}
