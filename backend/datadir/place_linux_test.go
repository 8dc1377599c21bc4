package datadir_test

import (
	"path/filepath"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/datadir"
)

// ownPlace has the platform's place be below base.
func ownPlace(t *testing.T, base string) string {
	t.Helper()
	t.Setenv("XDG_DATA_HOME", base)
	return filepath.Join(base, "kite-accounts")
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
