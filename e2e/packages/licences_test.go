//go:build packages

package packages

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/update"
)

// TestLicencesAreWhereTheWindowLooks unpacks each format and asks as the window
// does when its user wants to read them.
func TestLicencesAreWhereTheWindowLooks(t *testing.T) {
	want, err := os.ReadFile(filepath.Join(dist, "THIRD-PARTY-LICENSES.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for pattern, command := range map[string]string{
		debPattern:     `dpkg-deb --extract "$0" "$1"`,
		rpmPattern:     `rpm2archive - <"$0" | tar -xz -C "$1"`,
		tarballPattern: `tar -xf "$0" -C "$1"`,
		"kite-accounts-*-windows-amd64-portable.zip": `unzip -q "$0" -d "$1"`,
	} {
		to := t.TempDir()
		tool(t, "sh", "-ec", command, packageFile(t, pattern), to)
		program := programIn(t, to)
		path := update.Licences(program)
		if path == "" {
			t.Errorf("%s: none for %s", pattern, program)
			continue
		}
		plain, err := update.Unpacked(path, t.TempDir())
		if err != nil {
			t.Errorf("%s: %v", pattern, err)
			continue
		}
		if got, err := os.ReadFile(plain); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %s has other licences than %s, error %v", pattern, path, dist, err)
		}
	}
}

// programIn is the window's program, wherever a format has it.
func programIn(t *testing.T, folder string) string {
	t.Helper()
	for _, place := range []string{"usr/bin/kite-accounts", "*/bin/kite-accounts", "kite-accounts.exe", "*/kite-accounts.exe"} {
		if found, _ := filepath.Glob(filepath.Join(folder, place)); len(found) == 1 {
			return found[0]
		}
	}
	t.Fatalf("%s has no kite-accounts", folder)
	return ""
}
