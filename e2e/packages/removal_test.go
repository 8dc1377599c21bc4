//go:build packages

package packages

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// bookkeeping are folders in which apt and dpkg note what they did.
var bookkeeping = []string{"/proc", "/dev", "/tmp", "/var/lib/dpkg", "/var/lib/apt", "/var/cache", "/var/log"}

// census is every file of the system with mode and size, but for bookkeeping.
func (s *system) census(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(s.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(path, s.dir)
		for _, folder := range bookkeeping {
			if name == folder {
				return filepath.SkipDir
			}
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		all[name] = info.Mode().String()
		if info.Mode().IsRegular() {
			all[name] += fmt.Sprintf(" %d bytes", info.Size())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// homes are of users who have used the program: what of theirs a package's
// script could reach.
var homes = []string{"/root", "/home/asha"}

func TestRemoval_leaves_the_users_data_and_nothing_else(t *testing.T) {
	s := newSystem(t, uninstalled(t))
	clean := s.census(t)
	for path := range clean {
		if strings.Contains(strings.ToLower(path), "kite") {
			t.Errorf("left by the first removal: %s", path)
		}
	}
	s.install(t, packageFile(t, debPattern))
	k := newDesk(t, s, "/usr/bin")
	k.ok(k.Start())
	k.see("All your Kite sessions in one place", nil)
	k.trySandbox()
	k.ok(k.Quit())
	k.ended()
	for _, home := range homes {
		share := filepath.Join(s.path(home), ".local/share")
		k.ok(os.MkdirAll(share, 0o755))
		tool(t, "cp", "-a", k.DataDir, share)
	}
	data := k.data()
	if !strings.Contains(fmt.Sprint(data), "kite-accounts.db") {
		t.Fatalf("the user's data: %v", data)
	}
	for _, step := range []string{"remove", "purge"} {
		s.install(t, packageFile(t, debPattern))
		s.run(t, "apt-get", step, "-y", "-q", "kite-accounts")
		if got := k.data(); fmt.Sprint(got) != fmt.Sprint(data) {
			t.Errorf("after apt-get %s the users' data is\n%v\nnot\n%v", step, got, data)
		}
		for _, program := range []string{"kite-accounts", "kitectl"} {
			if out, err := s.try("which", program); err == nil {
				t.Errorf("after apt-get %s there is %s", step, out)
			}
		}
	}
	for _, home := range homes {
		k.ok(os.RemoveAll(filepath.Join(s.path(home), ".local")))
	}
	expectSame(t, clean, s.census(t))
}

// trySandbox makes the first sandbox account. Where the keyring hasn't answered
// yet, the window asks to wait a moment.
func (k *desk) trySandbox() {
	k.t.Helper()
	k.ok(k.AddSandbox(sandboxCard))
	k.see("No session", sandboxCard)
}

// data are the contents of all users' data folders, by path.
func (k *desk) data() map[string]string {
	k.t.Helper()
	folders := []string{k.DataDir}
	for _, home := range homes {
		folders = append(folders, filepath.Join(k.system.path(home), ".local/share/kite-accounts"))
	}
	all := map[string]string{}
	for _, folder := range folders {
		for _, file := range files(k.t, folder) {
			if info, err := os.Lstat(folder + file); err == nil && info.Mode().IsRegular() {
				all[folder+file] = sum(k.t, folder+file)
			}
		}
	}
	return all
}

func expectSame(t *testing.T, before, after map[string]string) {
	t.Helper()
	for path, was := range before {
		if after[path] != was && path != "/home" {
			t.Errorf("%s: %s, before %s", path, after[path], was)
		}
	}
	for path, is := range after {
		if _, known := before[path]; !known && path != "/home/asha" {
			t.Errorf("left: %s %s", path, is)
		}
	}
}
