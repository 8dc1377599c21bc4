package update

import (
	"os"
	"path/filepath"
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
