package datadir_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/datadir"
)

func TestRename_replaces_a_file_that_is_being_read(t *testing.T) {
	folder := t.TempDir()
	from, to := filepath.Join(folder, "from"), filepath.Join(folder, "to")
	for _, path := range []string{from, to} {
		if err := os.WriteFile(path, []byte(filepath.Base(path)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	reader, err := os.Open(to)
	if err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(200*time.Millisecond, func() { _ = reader.Close() })
	if err := datadir.Rename(from, to); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(to); err != nil || string(text) != "from" {
		t.Errorf("%q, %v", text, err)
	}
	if err := datadir.Rename(from, to); !os.IsNotExist(err) {
		t.Errorf("without a file: %v", err)
	}
}
