package update

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// Package is what kind of package the program was installed from.
type Package string

// The kinds that a package manager updates; none for any other way.
const (
	PackageNone Package = ""
	PackageDeb  Package = "deb"
	PackageRPM  Package = "rpm"
)

// PackagedAs reads what the package says of itself: one word, in
// ../lib/kite-accounts/packaged-as from the program's folder. A word that isn't
// known counts too: who wrote it updates the program.
func PackagedAs(executable string) Package {
	text, err := os.ReadFile(filepath.Join(prefix(executable), "lib", "kite-accounts", "packaged-as"))
	if err != nil {
		return PackageNone
	}
	if word := plain(string(text), 20); word != "" {
		return Package(strings.ToLower(word))
	}
	return PackageNone
}

// Sentence says who updates the program; empty if nobody does.
func (p Package) Sentence() string {
	switch p {
	case PackageNone:
		return ""
	case PackageDeb:
		return "Installed as a Debian package: your package manager updates it."
	case PackageRPM:
		return "Installed as an RPM package: your package manager updates it."
	}
	return "Installed as a package: your package manager updates it."
}

// prefix is the folder that has bin, lib and share, with links resolved.
func prefix(executable string) string {
	if target, err := filepath.EvalSymlinks(executable); err == nil {
		executable = target
	}
	return filepath.Dir(filepath.Dir(executable))
}

// licencesName is the file of what others' parts are licensed under.
const licencesName = "THIRD-PARTY-LICENSES.txt"

// Licences finds the texts under which others' parts of the program are
// licensed: where packages for Linux have them, in the bundle of macOS, or beside
// the program. It is empty if they are nowhere.
func Licences(executable string) string {
	places := []string{
		filepath.Join(prefix(executable), "share", "doc", "kite-accounts", licencesName),
		filepath.Join(filepath.Dir(executable), licencesName),
	}
	if runtime.GOOS == "darwin" {
		places = append(places, filepath.Join(prefix(executable), "Resources", licencesName))
	}
	for _, path := range places {
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return path
		}
	}
	return ""
}
