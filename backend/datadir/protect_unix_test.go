//go:build !windows

package datadir_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/datadir"
)

func TestOpen_keeps_the_folder_to_its_owner(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "data")
	if err := os.MkdirAll(path, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o777); err != nil {
		t.Fatal(err)
	}
	d, err := datadir.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	sub, err := d.Sub("logs")
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{path, sub} {
		if info, err := os.Stat(folder); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("%s: %v, %v", folder, info.Mode(), err)
		}
	}
}

func TestOpen_takes_no_folder_from_others(t *testing.T) {
	path := t.TempDir()
	if err := os.WriteFile(filepath.Join(path, "somebody's"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := datadir.Open(path); err == nil {
		t.Error("it was opened")
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o777 {
		t.Errorf("mode = %v, %v", info.Mode(), err)
	}
}
