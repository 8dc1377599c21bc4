package update

import (
	"cmp"
	"strings"

	"golang.org/x/mod/semver"
)

// maxVersion is how long a version may be written, in bytes.
const maxVersion = 64

// Valid says whether it is a version as https://semver.org writes them, with
// all three numbers and without a v.
func Valid(version string) bool {
	v := "v" + version
	return len(version) <= maxVersion && semver.IsValid(v) && semver.Canonical(v)+semver.Build(v) == v
}

// Newer says whether a is a later version than b. What follows a plus sign
// doesn't count: 1.2.3+4.gabcdef0 was built after 1.2.3 and isn't older than it.
// A build without a version, such as one of go run, is older than every release.
func Newer(a, b string) bool { return Compare(a, b) > 0 }

// Compare is negative if a is the earlier version.
func Compare(a, b string) int {
	if Valid(a) && Valid(b) {
		return semver.Compare("v"+a, "v"+b)
	}
	return cmp.Compare(number(Valid(a)), number(Valid(b)))
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

// preview says whether it is a version for trying out, such as 1.3.0-rc.1.
func preview(version string) bool { return semver.Prerelease("v"+version) != "" }

// Commit is the short hash that a version between two releases ends with, as
// build/version.sh writes it: abcdef0 of 1.2.3+4.gabcdef0. It is empty for a
// release.
func Commit(version string) string {
	for part := range strings.SplitSeq(strings.TrimPrefix(semver.Build("v"+version), "+"), ".") {
		if hash, found := strings.CutPrefix(part, "g"); found && strings.Trim(hash, "0123456789abcdef") == "" {
			return hash
		}
	}
	return ""
}
