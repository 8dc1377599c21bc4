package doctor

import "strings"

// Versions are those of the two programs and of what they are made of.
type Versions struct {
	Own    string   // kitectl's
	Window string   // of the window's program beside it; empty if that can't be told
	Parts  []string // each "name version"
}

// CheckVersions lists what the installation is made of. The two programs share
// a database and a socket, so they belong together.
func CheckVersions(v Versions) Check {
	parts := []string{"kitectl " + v.Own}
	if v.Window != "" {
		parts = append(parts, "kite-accounts "+v.Window)
	}
	list := strings.Join(append(parts, v.Parts...), ", ") + "."
	if v.Window != "" && v.Window != v.Own {
		return problem(NameVersions, "The two programs are of different versions: "+list, "Install Kite Accounts again, so that both come from one package.")
	}
	return ok(NameVersions, "%s", list)
}
