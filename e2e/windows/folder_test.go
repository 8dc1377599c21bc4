//go:build wine

package windows

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// What somebody has in the chosen folder may have the names of ours.
func TestUninstaller_leaves_what_was_there_before(t *testing.T) {
	installed(t)
	setup := standinSetup(t, "1.0.0")
	others := []string{"LICENSE.txt", "THIRD-PARTY-LICENSES.txt", "kite-accounts.exe", "uninstall.exe"}
	for name, chosen := range map[string]string{"folder": filepath.Join(local, "other"), "desktop": desktop} {
		t.Run(name, func(t *testing.T) {
			for _, other := range others {
				write(t, filepath.Join(chosen, other), "another's "+other)
				t.Cleanup(func() { _ = os.Remove(filepath.Join(chosen, other)) })
			}
			folder := filepath.Join(chosen, "Kite Accounts")
			for range 2 { // a second time into the same
				install(t, setup, "/PATH=1", "/D="+windowsPath(t, chosen))
				if got := names(t, folder); !slices.Equal(got, brought) {
					t.Errorf("it brought %q", got)
				}
			}
			install(t, setup, "/D="+windowsPath(t, chosen)) // keeps the choice
			if _, path := registry(t, `Environment`, "Path"); path != windowsPath(t, folder) {
				t.Errorf("the PATH is %q", path)
			}
			remove(t, folder)
			waitFor(t, "the folder's end", func() bool { return !exists(folder) })
			if got := names(t, chosen); !slices.Equal(got, others) {
				t.Errorf("there are %q", got)
			}
			for _, other := range others {
				if got := read(t, filepath.Join(chosen, other)); got != "another's "+other {
					t.Errorf("%s is %q", other, got)
				}
			}
		})
	}
}

func TestSetup_makes_a_folder_of_its_own(t *testing.T) {
	installed(t)
	setup := standinSetup(t, "1.0.0")
	drive := filepath.Join(filepath.Dir(prefix), "an empty drive")
	letter := filepath.Join(prefix, "dosdevices", "k:")
	for _, err := range []error{os.MkdirAll(drive, 0o755), os.Symlink(drive, letter), os.MkdirAll(filepath.Join(local, "empty"), 0o755)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { _ = os.Remove(letter) })
	for chosen, folder := range map[string]string{
		`C:\`: filepath.Join(prefix, "drive_c", "Kite Accounts"),
		`K:\`: filepath.Join(drive, "Kite Accounts"),
		windowsPath(t, filepath.Join(local, "empty")) + `\`: filepath.Join(local, "empty"),
		windowsPath(t, filepath.Join(local, "a", "b")):      filepath.Join(local, "a", "b"),
	} {
		if code := try(t, setup, "/D="+chosen); code != 0 || !exists(filepath.Join(folder, uninstaller)) {
			t.Errorf("into %s ended with %d, and %s isn't there", chosen, code, folder)
			continue
		}
		remove(t, folder)
		waitFor(t, "the folder's end", func() bool { return !exists(folder) })
	}
}

func TestSetup_fails_where_it_cannot_write(t *testing.T) {
	folder := installed(t)
	install(t, standinSetup(t, "1.0.0"))
	blocked := filepath.Join(folder, "LICENSE.txt")
	for _, err := range []error{os.Remove(blocked), os.Mkdir(blocked, 0o755)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	if code := try(t, standinSetup(t, "1.0.1")); code != exitFailed {
		t.Errorf("it ended with %d", code)
	}
	if _, v := registry(t, uninstallKey, "DisplayVersion"); v != "1.0.0" {
		t.Errorf("Windows knows it as version %q", v)
	}
	remove(t, folder)
}
