package datadir_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/datadir"
)

func TestOpen_takes_flag_then_environment_then_the_desktops_place(t *testing.T) {
	base := t.TempDir()
	flag, env, xdg := filepath.Join(base, "flag"), filepath.Join(base, "env"), filepath.Join(base, "xdg")
	t.Setenv("XDG_DATA_HOME", xdg)
	for _, c := range []struct {
		flag, env, want string
		custom          bool
	}{
		{flag, env, flag, true},
		{"", env, env, true},
		{"", "", filepath.Join(xdg, "kite-accounts"), false},
	} {
		t.Setenv(datadir.EnvVar, c.env)
		d, err := datadir.Open(c.flag)
		if err != nil || d.Path() != c.want || d.Custom() != c.custom {
			t.Errorf("Open(%q) with %q = %q, custom %t, %v", c.flag, c.env, d.Path(), d.Custom(), err)
		}
	}
}

func TestOpen_ignores_a_relative_XDG_DATA_HOME(t *testing.T) {
	home := t.TempDir()
	t.Setenv(datadir.EnvVar, "")
	t.Setenv("XDG_DATA_HOME", "relative")
	t.Setenv("HOME", home)
	if d, err := datadir.Open(""); err != nil || d.Path() != filepath.Join(home, ".local", "share", "kite-accounts") {
		t.Errorf("Open = %q, %v", d.Path(), err)
	}
}

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

func TestOpen_says_why_it_can_not(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := datadir.Open(filepath.Join(file, "data")); err == nil {
		t.Error("a folder below a file")
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
