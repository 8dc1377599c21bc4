package datadir_test

import (
	"path/filepath"
	"testing"
)

// ownPlace has the platform's place be below base.
func ownPlace(t *testing.T, base string) string {
	t.Helper()
	t.Setenv("LOCALAPPDATA", "")
	t.Setenv("HOME", base)
	return filepath.Join(base, "Library", "Application Support", "KiteAccounts")
}
