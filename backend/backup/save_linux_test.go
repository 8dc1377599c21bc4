package backup_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/backup"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Modes bind only an ordinary user: under root, one thread becomes one for the
// file system.
const nobody = 65534

func asOrdinaryUser(t *testing.T, do func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		do()
		return
	}
	runtime.LockOSThread()
	if err := syscall.Setfsuid(nobody); err != nil {
		t.Fatal(err)
	}
	do()
	if err := syscall.Setfsuid(0); err != nil {
		t.Fatal(err) // the thread ends with the goroutine that it is locked to
	}
	runtime.UnlockOSThread()
}

func TestB6_a_read_only_folder(t *testing.T) {
	folder, err := os.MkdirTemp("", "backup-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	path := filepath.Join(folder, "accounts.age")
	if err := os.WriteFile(path, []byte("was here"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(folder, nobody, nobody); err != nil && os.Geteuid() == 0 {
		t.Fatal(err)
	}
	if err := os.Chmod(folder, 0o555); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(folder, 0o700) })
	asOrdinaryUser(t, func() {
		expectRefusal(t, backup.SaveFile(path, full(), passphrase, true), kite.EINVALID, "Nothing may be written to")
		expectRefusal(t, backup.SaveFile(path+"2", full(), passphrase, false), kite.EINVALID, "Nothing may be written to")
	})
	expectFiles(t, folder, map[string]string{"accounts.age": "was here"})
}

func TestB6_a_full_disk(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root mounts a small disk")
	}
	folder := t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=64k"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, 0); err != nil {
			t.Error(err)
		}
	})
	was := strings.Repeat("was here", 500)
	path := filepath.Join(folder, "accounts.age")
	if err := os.WriteFile(path, []byte(was), 0o600); err != nil {
		t.Fatal(err)
	}
	var many []backup.Entry
	for i := range 200 {
		many = append(many, numbered(i))
	}
	expectRefusal(t, backup.SaveFile(path, archiveOf(many...), passphrase, true), kite.EDATA, "The disk is full")
	expectRefusal(t, backup.SaveFile(path+"2", archiveOf(many...), passphrase, false), kite.EDATA, "The disk is full")
	expectFiles(t, folder, map[string]string{"accounts.age": was})
	if err := backup.SaveFile(path+"2", full(), passphrase, false); err != nil {
		t.Errorf("a small one: %v", err)
	}
}
