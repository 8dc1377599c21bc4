package update_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/update"
)

func write(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestPackagedAs(t *testing.T) {
	for word, want := range map[string]struct {
		kind     update.Package
		sentence string
	}{
		"deb\n": {update.PackageDeb, "Installed as a Debian package: your package manager updates it."},
		"rpm":   {update.PackageRPM, "Installed as an RPM package: your package manager updates it."},
		"nix\n": {"nix", "Installed as a package: your package manager updates it."},
		"\n":    {update.PackageNone, ""},
	} {
		root := t.TempDir()
		program := write(t, filepath.Join(root, "bin", "kite-accounts"), "")
		if got := update.PackagedAs(program); got != update.PackageNone {
			t.Errorf("without a file: %q", got)
		}
		write(t, filepath.Join(root, "lib", "kite-accounts", "packaged-as"), word)
		if got := update.PackagedAs(program); got != want.kind || got.Sentence() != want.sentence {
			t.Errorf("%q: %q, %q", word, got, got.Sentence())
		}
		link := filepath.Join(t.TempDir(), "kite-accounts")
		if err := os.Symlink(program, link); err != nil {
			t.Fatal(err)
		}
		if got := update.PackagedAs(link); got != want.kind {
			t.Errorf("by a link: %q", got)
		}
	}
}
