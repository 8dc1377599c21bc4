//go:build linux

package sqlite_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// Modes bind only an ordinary user: under root, these tests become one.
const nobody = 65534

// openTo makes a database's folder and files an ordinary user's.
func openTo(t *testing.T) (path, binary string, wrapper []string) {
	t.Helper()
	path, binary = filled(t), os.Args[0]
	if os.Geteuid() != 0 {
		return path, binary, nil
	}
	folder := filepath.Dir(path)
	for parent := filepath.Dir(folder); parent != filepath.Clean(os.TempDir()) && parent != "/"; parent = filepath.Dir(parent) {
		if err := os.Chmod(parent, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range []string{folder, path} {
		if err := os.Chown(p, nobody, nobody); err != nil {
			t.Fatal(err)
		}
	}
	id := strconv.Itoa(nobody)
	return path, readableCopy(t), []string{"setpriv", "--reuid=" + id, "--regid=" + id, "--clear-groups"}
}

// readableCopy puts the test binary where an ordinary user may run it.
func readableCopy(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "sqlite-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	binary := filepath.Join(folder, "sqlite.test")
	if err := os.WriteFile(binary, read(t, os.Args[0]), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	return binary
}

func TestOpen_without_permission_to_write(t *testing.T) {
	for name, c := range map[string]struct{ file, folder os.FileMode }{
		"folder read-only": {0o600, 0o500},
		"file read-only":   {0o400, 0o700},
		"both read-only":   {0o400, 0o500},
		"file secret":      {0o000, 0o700},
	} {
		t.Run(name, func(t *testing.T) {
			path, binary, wrapper := openTo(t)
			folder := filepath.Dir(path)
			before := string(read(t, path))
			if err := os.Chmod(path, c.file); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(folder, c.folder); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = os.Chmod(folder, 0o700) })
			out, err := childOf(t, binary, "open", path, wrapper...).CombinedOutput()
			if err == nil || !strings.Contains(string(out), "EDATA: Kite Accounts may not write to its database") {
				t.Errorf("%v\n%s", err, out)
			}
			if err := os.Chmod(path, 0o600); err != nil {
				t.Fatal(err)
			}
			if string(read(t, path)) != before {
				t.Error("the file was changed")
			}
		})
	}
}

func TestOpenReadOnly_of_a_file_that_may_only_be_read(t *testing.T) {
	path, binary, wrapper := openTo(t)
	if err := os.Chmod(path, 0o400); err != nil {
		t.Fatal(err)
	}
	out, err := childOf(t, binary, "list", path, wrapper...).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "60 accounts") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestOpen_keeps_files_to_their_owner_whatever_the_umask(t *testing.T) {
	t.Cleanup(func(old int) func() { return func() { syscall.Umask(old) } }(syscall.Umask(0)))
	path := filepath.Join(t.TempDir(), "test.db")
	db := mustOpen(t, path)
	storeSetting(t, db)
	if len(db.Repaired) != 0 {
		t.Errorf("repaired: %q", db.Repaired)
	}
	expectOwnerOnly(t, path)
}
