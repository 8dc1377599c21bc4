package update_test

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/update"
)

func TestLicences_are_where_the_package_has_them(t *testing.T) {
	for _, place := range []string{
		"share/doc/kite-accounts/THIRD-PARTY-LICENSES.txt", "share/doc/kite-accounts/THIRD-PARTY-LICENSES.txt.gz",
		"share/licenses/kite-accounts/THIRD-PARTY-LICENSES.txt", "Resources/THIRD-PARTY-LICENSES.txt", "bin/THIRD-PARTY-LICENSES.txt",
	} {
		root := t.TempDir()
		program := write(t, filepath.Join(root, "bin", "kite-accounts"), "")
		if got := update.Licences(program); got != "" {
			t.Errorf("nowhere: %q", got)
		}
		want := write(t, filepath.Join(root, filepath.FromSlash(place)), "MIT")
		if got := update.Licences(program); got != want {
			t.Errorf("%s: %q", place, got)
		}
	}
}

// TestLicences_of_another_program would be above the program's folder where
// that is one among others, as on Windows.
func TestLicences_of_another_program_are_not_taken(t *testing.T) {
	root := t.TempDir()
	program := write(t, filepath.Join(root, "Kite Accounts", "kite-accounts.exe"), "")
	write(t, filepath.Join(root, "THIRD-PARTY-LICENSES.txt"), "another's")
	if got := update.Licences(program); got != "" {
		t.Errorf("another's: %q", got)
	}
	want := write(t, filepath.Join(root, "Kite Accounts", "THIRD-PARTY-LICENSES.txt"), "MIT")
	if got := update.Licences(program); got != want {
		t.Errorf("%q", got)
	}
}

func TestLicences_are_unpacked_for_a_viewer(t *testing.T) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write([]byte("MIT and others")); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	dir, to := t.TempDir(), t.TempDir()
	text := write(t, filepath.Join(dir, "THIRD-PARTY-LICENSES.txt"), "MIT")
	if got, err := update.Unpacked(text, to); err != nil || got != text {
		t.Errorf("%q, %v", got, err)
	}
	archive := write(t, text+".gz", packed.String())
	for range 2 { // a second time over the first
		got, err := update.Unpacked(archive, to)
		if err != nil || got != filepath.Join(to, "THIRD-PARTY-LICENSES.txt") {
			t.Fatalf("%q, %v", got, err)
		}
		if content, err := os.ReadFile(got); err != nil || string(content) != "MIT and others" {
			t.Errorf("%q, %v", content, err)
		}
	}
	for name, content := range map[string]string{"no archive": "MIT", "a torn one": packed.String()[:packed.Len()-6]} {
		if got, err := update.Unpacked(write(t, archive, content), to); err == nil {
			t.Errorf("%s: %q", name, got)
		}
	}
	if got, err := update.Unpacked(archive, filepath.Join(to, "nowhere")); err == nil {
		t.Errorf("nowhere: %q", got)
	}
}
