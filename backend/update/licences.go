package update

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// licencesName is the file of what others' parts are licensed under; Debian
// wants such files packed, with packedSuffix.
const (
	licencesName = "THIRD-PARTY-LICENSES.txt"
	packedSuffix = ".gz"

	maxLicences = 16 << 20 // bytes
)

// Licences finds the texts under which others' parts of the program are
// licensed: beside the program, where packages for Debian and Fedora and the
// archive have them, or in the bundle of macOS. It is empty if they are nowhere.
func Licences(executable string) string {
	root := prefix(executable)
	for _, folder := range []string{
		filepath.Dir(executable),
		filepath.Join(root, "share", "doc", "kite-accounts"),
		filepath.Join(root, "share", "licenses", "kite-accounts"),
		filepath.Join(root, "Resources"),
	} {
		for _, name := range []string{licencesName, licencesName + packedSuffix} {
			path := filepath.Join(folder, name)
			if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
				return path
			}
		}
	}
	return ""
}

// Unpacked is a file that a viewer shows: path itself, or what is packed in it,
// written into the folder.
func Unpacked(path, folder string) (plain string, err error) {
	if !strings.HasSuffix(path, packedSuffix) {
		return path, nil
	}
	packed, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("unpack licences: %w", err)
	}
	defer packed.Close() //nolint:errcheck // only read
	reader, err := gzip.NewReader(packed)
	if err != nil {
		return "", fmt.Errorf("unpack licences: %w", err)
	}
	plain = filepath.Join(folder, strings.TrimSuffix(filepath.Base(path), packedSuffix))
	file, err := os.OpenFile(plain, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return "", fmt.Errorf("unpack licences: %w", err)
	}
	_, err = io.Copy(file, io.LimitReader(reader, maxLicences))
	if err = errors.Join(err, file.Close()); err != nil {
		return "", fmt.Errorf("unpack licences: %w", err)
	}
	return plain, nil
}
