//go:build packages

// The packages in build/dist are compared with what the programs in them link:
// make test-packages.
package package_test

import (
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var programs = []string{"usr/bin/kite-accounts", "usr/bin/kitectl"}

// packageOf is the one package of that kind.
func packageOf(t *testing.T, suffix string) string {
	t.Helper()
	dist := os.Getenv("KITE_PACKAGES")
	if dist == "" {
		dist = "../dist"
	}
	found, err := filepath.Glob(filepath.Join(dist, "*"+suffix))
	if err != nil || len(found) != 1 {
		t.Fatalf("%s in %s: %q, %v", suffix, dist, found, err)
	}
	return found[0]
}

// unpacked is a folder with what the .deb holds.
func unpacked(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	said(t, "", "dpkg-deb", "--extract", packageOf(t, ".deb"), folder)
	return folder
}

// said is what a program printed, run in a folder.
func said(t *testing.T, folder, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = folder
	var problems strings.Builder
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v: %s", name, err, problems.String())
	}
	return string(out)
}

// same compares without order.
func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	slices.Sort(got)
	slices.Sort(want)
	if got, want = slices.Compact(got), slices.Compact(want); !slices.Equal(got, want) {
		t.Errorf("%s\ndeclared: %s\nlinked:   %s", what, strings.Join(got, ", "), strings.Join(want, ", "))
	}
}

func TestDeb_depends_on_what_Debian_finds(t *testing.T) {
	if release, err := os.ReadFile("/etc/os-release"); err != nil || !strings.Contains(string(release), `VERSION_ID="12"`) {
		t.Skip("only Debian 12 has these packages' names and versions")
	}
	folder := unpacked(t)
	if err := os.Mkdir(filepath.Join(folder, "debian"), 0o700); err != nil {
		t.Fatal(err)
	}
	const control = "Source: kite-accounts\n\nPackage: kite-accounts\nArchitecture: any\n"
	if err := os.WriteFile(filepath.Join(folder, "debian", "control"), []byte(control), 0o600); err != nil {
		t.Fatal(err)
	}
	found := said(t, folder, "dpkg-shlibdeps", append([]string{"-O"}, programs...)...)
	found = strings.TrimPrefix(strings.TrimSpace(found), "shlibs:Depends=")
	declared := strings.TrimSpace(said(t, "", "dpkg-deb", "--field", packageOf(t, ".deb"), "Depends"))
	// Go and WebKit read the roots of trust, which nobody links.
	same(t, "Depends", strings.Split(declared, ", "), append(strings.Split(found, ", "), "ca-certificates"))
}

func TestRPM_requires_what_the_programs_link(t *testing.T) {
	var declared []string
	for line := range strings.Lines(said(t, "", "rpm", "-qp", "--requires", packageOf(t, ".rpm"))) {
		if name := strings.TrimSpace(line); strings.Contains(name, ".so") {
			declared = append(declared, name)
		}
	}
	folder, linked := unpacked(t), []string(nil)
	for _, program := range programs {
		file, err := elf.Open(filepath.Join(folder, program))
		if err != nil {
			t.Fatal(err)
		}
		libraries, err := file.ImportedLibraries()
		if err != nil {
			t.Fatal(err)
		}
		for _, library := range libraries {
			if library != "libc.so.6" {
				linked = append(linked, library+"()(64bit)")
			}
		}
		_ = file.Close()
	}
	c := slices.IndexFunc(declared, func(name string) bool { return strings.HasPrefix(name, "libc.so.6(GLIBC_2.") })
	if c < 0 {
		t.Fatalf("no version of the C library in %q", declared)
	}
	same(t, "Requires", slices.Delete(declared, c, c+1), linked)
}
