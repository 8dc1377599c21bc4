package backup_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/backup"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
)

// expectFiles wants exactly these names and contents in a folder.
func expectFiles(t *testing.T, folder string, want map[string]string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		content, is := want[e.Name()]
		if !is {
			t.Errorf("%s is left in the folder", e.Name())
			continue
		}
		if got, err := os.ReadFile(filepath.Join(folder, e.Name())); err != nil || string(got) != content {
			t.Errorf("%s has %d bytes, want %d; %v", e.Name(), len(got), len(content), err)
		}
	}
	if len(entries) != len(want) {
		t.Errorf("%d files, want %d", len(entries), len(want))
	}
}

func TestSaveFile_is_its_owners_alone_and_shows_no_secret(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "accounts.age")
	if err := backup.SaveFile(path, full(), passphrase, false); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS != "windows" && info.Mode() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	kitetest.NoSecretIn(t, "the file", string(file), append(secretsOf("one", "two"), "Account one", account("one").APIKey)...)
	expectFiles(t, folder, map[string]string{"accounts.age": string(file)})
	got, err := read(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := same(got, full()); err != nil {
		t.Error(err)
	}
}

func TestB6_a_file_that_exists_stays_unless_told_otherwise(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "accounts.age")
	if err := os.WriteFile(path, []byte("was here"), 0o644); err != nil {
		t.Fatal(err)
	}
	expectRefusal(t, backup.SaveFile(path, full(), passphrase, false), kite.ECONFIRM, "There is a file")
	expectFiles(t, folder, map[string]string{"accounts.age": "was here"})
	expectRefusal(t, backup.SaveFile(path, full(), kite.NewSecret("brief"), false), kite.ECONFIRM, "There is a file")
	expectRefusal(t, backup.SaveFile(path, full(), kite.NewSecret("short"), true), kite.EINVALID, "fewer than 12")
	expectFiles(t, folder, map[string]string{"accounts.age": "was here"})
	if err := backup.SaveFile(path, full(), passphrase, true); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := read(file); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode() != 0o600 {
		t.Errorf("replaced: %v, %v", info.Mode(), err)
	}
	expectFiles(t, folder, map[string]string{"accounts.age": string(file)})
}

func TestB6_a_file_that_comes_in_the_meantime_stays(t *testing.T) {
	for name, prepare := range map[string]func(t *testing.T){
		"links": func(*testing.T) {}, "no links": func(t *testing.T) { backup.WithoutLinks(t) },
	} {
		t.Run(name, func(t *testing.T) {
			prepare(t)
			folder := t.TempDir()
			temp, path := filepath.Join(folder, "temp"), filepath.Join(folder, "accounts.age")
			for p, content := range map[string]string{temp: "backup", path: "was here"} {
				if err := os.WriteFile(p, []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if err := backup.Publish(temp, path, false); !errors.Is(err, os.ErrExist) {
				t.Errorf("publish = %v", err)
			}
			expectFiles(t, folder, map[string]string{"accounts.age": "was here", "temp": "backup"})
		})
	}
}

func TestSaveFile_on_a_stick_without_links(t *testing.T) {
	backup.WithoutLinks(t)
	folder := t.TempDir()
	path := filepath.Join(folder, "accounts.age")
	if err := backup.SaveFile(path, full(), passphrase, false); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	expectFiles(t, folder, map[string]string{"accounts.age": string(file)})
	expectRefusal(t, backup.SaveFile(path, full(), passphrase, false), kite.ECONFIRM, "There is a file")
}

func TestB6_where_no_file_can_be(t *testing.T) {
	folder := t.TempDir()
	link, file := filepath.Join(folder, "link"), filepath.Join(folder, "file")
	if err := os.WriteFile(file, []byte("was here"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	refused := map[string]string{
		folder:                             "is no file",
		link:                               "is no file",
		filepath.Join(folder, "none", "x"): "There is no folder",
		filepath.Join(file, "x"):           "There is no folder",
		filepath.Join(folder, strings.Repeat("x", 300)): "No file can have this name",
	}
	if runtime.GOOS == "windows" {
		// Wine makes such links and doesn't know them again, and has no word of
		// its own for names that are too long.
		delete(refused, link)
		delete(refused, filepath.Join(folder, strings.Repeat("x", 300)))
		refused[filepath.Join(folder, "what?")] = "No file can have this name"
	}
	for path, says := range refused {
		err := backup.SaveFile(path, full(), passphrase, true)
		expectRefusal(t, err, kite.EINVALID, says)
		if kite.AsError(err).Field != "path" {
			t.Errorf("%s: field %q", says, kite.AsError(err).Field)
		}
	}
	if got, err := os.ReadFile(file); err != nil || !bytes.Equal(got, []byte("was here")) {
		t.Errorf("%q, %v", got, err)
	}
}
