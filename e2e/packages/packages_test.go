//go:build packages

// Package packages proves the packages for Linux as their user has them: they
// are installed into a minimal Debian, started from the desktop entry, used,
// upgraded and removed. build/package/test.sh makes that Debian and runs this
// as root in mounts of its own.
//
//	packages_test.go  what is tested
//	system_test.go    a Debian in a folder, in layers
//	desk_test.go      the installed program on a virtual desktop
//	install_test.go   the .deb: what it needs, and what it brings
//	window_test.go    from the desktop entry to a session, and its actions
//	upgrade_test.go   from an older version, with data of every schema
//	removal_test.go   what remove and purge leave
//	archives_test.go  the .rpm and the .tar.gz
package packages

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// What build/package/test.sh gives.
var (
	dist    = os.Getenv("KITE_PACKAGES")         // folder with the packages
	base    = os.Getenv("KITE_PACKAGES_BASE")    // the minimal Debian, which stays as it is
	work    = os.Getenv("KITE_PACKAGES_WORK")    // folder for layers on top of it
	older   = os.Getenv("KITE_PACKAGES_OLDER")   // folder with both programs of an older version
	tools   = os.Getenv("KITE_PACKAGES_TOOLS")   // folder with programs of the tests
	version = os.Getenv("KITE_PACKAGES_VERSION") // of the packages, as the programs say it
)

func TestMain(m *testing.M) {
	if dist == "" || base == "" || work == "" || older == "" || tools == "" || version == "" || os.Getuid() != 0 {
		fmt.Fprintln(os.Stderr, "The tests of the packages need root and what build/package/test.sh makes: run them with make test-packages.")
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// Packages of the tests' own choice, by what make package calls them.
const (
	debPattern     = "kite-accounts_*_amd64.deb"
	rpmPattern     = "kite-accounts-*.x86_64.rpm"
	tarballPattern = "kite-accounts-*-linux-amd64.tar.gz"
)

// packageFile is the one package of that pattern.
func packageFile(t *testing.T, pattern string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dist, pattern))
	if err != nil || len(found) != 1 {
		t.Fatalf("%s in %s: %q, %v", pattern, dist, found, err)
	}
	return found[0]
}

const appID = "io.github.kiteaccounts.KiteAccounts"

// desktopEntry is where the package puts it.
const desktopEntry = "/usr/share/applications/" + appID + ".desktop"
