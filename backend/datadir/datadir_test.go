package datadir_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/datadir"
)

func TestOpen_takes_flag_then_environment_then_the_platforms_place(t *testing.T) {
	base := t.TempDir()
	flag, env := filepath.Join(base, "flag"), filepath.Join(base, "env")
	place := ownPlace(t, base)
	for _, c := range []struct {
		flag, env, want string
		custom          bool
	}{
		{flag, env, flag, true},
		{"", env, env, true},
		{"", "", place, false},
	} {
		t.Setenv(datadir.EnvVar, c.env)
		d, err := datadir.Open(c.flag)
		if err != nil || d.Path() != c.want || d.Custom() != c.custom {
			t.Errorf("Open(%q) with %q = %q, custom %t, %v", c.flag, c.env, d.Path(), d.Custom(), err)
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
