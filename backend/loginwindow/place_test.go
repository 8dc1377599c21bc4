package loginwindow

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
)

// leftBy makes what a process leaves that is killed while a login is open: a
// folder whose lock nobody has.
func leftBy(t *testing.T, p place) (path string) {
	t.Helper()
	f := made(t, p)
	if err := os.WriteFile(filepath.Join(f.path, "Cookies"), []byte("session"), 0o600); err != nil {
		t.Fatal(err)
	}
	f.release()
	if err := os.WriteFile(f.path+lockSuffix, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return f.path
}

func made(t *testing.T, p place) folder {
	t.Helper()
	f, err := p.make()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.release)
	return f
}

func placeIn(t *testing.T) (place, *bytes.Buffer) {
	t.Helper()
	log := &bytes.Buffer{}
	return place{path: filepath.Join(t.TempDir(), "login-window"), log: slog.New(slog.NewTextHandler(log, nil))}, log
}

func isThere(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, os.ErrNotExist)
}

func TestSweep_removes_what_killed_processes_left_and_nothing_in_use(t *testing.T) {
	p, log := placeIn(t)
	p.sweep() // before the first login
	left, open := leftBy(t, p), made(t, p)
	if err := os.Remove(leftBy(t, p) + lockSuffix); err != nil { // killed between the two
		t.Fatal(err)
	}
	p.sweep()
	if isThere(left) || isThere(left+lockSuffix) {
		t.Error("what was left is still there")
	}
	if !isThere(open.path) || !isThere(open.path+lockSuffix) {
		t.Error("a login's folder was taken away")
	}
	<-open.clean()
	if entries, err := os.ReadDir(p.path); err != nil || len(entries) != 1 || entries[0].Name() != gateName+lockSuffix || log.Len() != 0 {
		t.Errorf("in the end there are %v, %v, log %q", entries, err, log)
	}
}

func TestSweep_follows_no_link_and_tells_what_stays(t *testing.T) {
	p, log := placeIn(t)
	open := made(t, p)
	precious := filepath.Join(t.TempDir(), "precious")
	if err := os.Mkdir(precious, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(precious, filepath.Join(p.path, "link")); err != nil {
		t.Skip(err) // Windows lets only some users make links
	}
	if err := os.Mkdir(filepath.Join(p.path, "folder"+lockSuffix), 0o700); err != nil { // no lock
		t.Fatal(err)
	}
	p.sweep()
	if !isThere(precious) || isThere(filepath.Join(p.path, "link")) || !isThere(open.path) {
		t.Error("the link was followed, or stays")
	}
	if log.Len() == 0 {
		t.Error("what can't be locked isn't told of")
	}
}

func TestPlace_is_its_users_alone_and_has_a_folder_per_login(t *testing.T) {
	p, _ := placeIn(t)
	one, other := made(t, p), made(t, p)
	if one.path == other.path || filepath.Dir(one.path) != p.path {
		t.Errorf("folders %s and %s", one.path, other.path)
	}
	if info, err := os.Stat(p.path); err != nil || (info.Mode().Perm() != 0o700 && filepath.Separator == '/') {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestPlace_without_a_data_folder_is_among_temporary_files(t *testing.T) {
	temporary := t.TempDir()
	for _, name := range []string{"TMPDIR", "TMP"} { // Unix, Windows
		t.Setenv(name, temporary)
	}
	f := made(t, place{})
	if filepath.Dir(f.path) != temporary {
		t.Errorf("folder %s", f.path)
	}
	place{}.sweep()
	if !isThere(f.path) {
		t.Error("it was swept")
	}
}

func TestPlace_that_can_not_be_made(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := (place{path: filepath.Join(file, "login-window")}).make(); err == nil {
		t.Error("a place below a file")
	}
}
