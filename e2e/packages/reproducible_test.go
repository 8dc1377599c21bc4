//go:build packages

package packages

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestTwoBuildsAreAlike builds every package a second time, from a clean clone
// in another folder, as another user of another computer with another home,
// umask, time zone and language, and compares the bytes with those of the
// packages that all these tests are about. Where those come from files that
// aren't committed, they can't be built again: then two clones are compared.
//
// What is shared is what a build only reads: the modules of Go (by another
// path) and what Go has compiled of them and of ours, except C: another path
// of the compiler makes Go compile all C again.
func TestTwoBuildsAreAlike(t *testing.T) {
	folder := filepath.Join(work, "alike")
	first, second := dist, newClone(t, filepath.Join(folder, "of-another", "name"))
	if said := output(t, second, nil, "build/version.sh"); said != version {
		t.Logf("the packages of version %s aren't of a commit, so %s is built twice", version, said)
		clone := newClone(t, filepath.Join(folder, "first"))
		makePackages(t, clone, os.Environ(), "make", "-s", "package")
		first = filepath.Join(clone, "build/dist")
	}
	makePackages(t, second, elsewhere(t, folder), "unshare", "--uts", "sh", "-euc", `hostname elsewhere
		exec unshare --user --map-user=1234 --map-group=1234 sh -euc 'umask 0027; exec make -s package'`)
	compare(t, first, filepath.Join(second, "build/dist"))
}

// newClone clones the last commit. The linters and the packager are the clone's
// own by a link: they are built from sums, and no part of what is compared.
func newClone(t *testing.T, folder string) string {
	t.Helper()
	output(t, ".", nil, "git", "clone", "--quiet", repository(t), folder)
	if err := os.Symlink(filepath.Join(repository(t), ".tools"), filepath.Join(folder, ".tools")); err != nil {
		t.Fatal(err)
	}
	long := time.Unix(0, 0) // ago, so that make takes the tools for newer
	for _, file := range []string{"build/tools/go.mod", "build/tools/go.sum"} {
		if err := os.Chtimes(filepath.Join(folder, file), long, long); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// elsewhere is the environment of somebody else.
func elsewhere(t *testing.T, folder string) []string {
	t.Helper()
	gcc, err := exec.LookPath("gcc")
	if err != nil {
		t.Fatal(err)
	}
	links := map[string]string{"compiler/gcc": gcc, "modules": output(t, ".", nil, "go", "env", "GOMODCACHE")}
	for name, to := range links {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(to, path); err != nil {
			t.Fatal(err)
		}
	}
	home := filepath.Join(folder, "home", "priya")
	if err := os.MkdirAll(home, 0o755); err != nil {
		t.Fatal(err)
	}
	return []string{
		"HOME=" + home, "USER=priya", "LOGNAME=priya", "TZ=Pacific/Kiritimati", "LANG=tr_TR.UTF-8", "LC_ALL=C",
		"CC=" + filepath.Join(folder, "compiler/gcc"), "GOMODCACHE=" + filepath.Join(folder, "modules"), "GOPROXY=off",
		"GOCACHE=" + output(t, ".", nil, "go", "env", "GOCACHE"), "npm_config_cache=" + output(t, ".", nil, "npm", "config", "get", "cache"),
		"PATH=" + os.Getenv("PATH"), "FEED_KEY=" + os.Getenv("FEED_KEY"), "FEED_URL=" + os.Getenv("FEED_URL"),
	}
}

func makePackages(t *testing.T, clone string, env []string, words ...string) {
	t.Helper()
	began := time.Now()
	// What the tests' own make was told isn't for this one.
	env = slices.DeleteFunc(slices.Clone(env), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return slices.Contains([]string{"VERSION", "SOURCE_DATE_EPOCH", "MAKEFLAGS", "MFLAGS", "MAKELEVEL"}, name)
	})
	output(t, clone, env, words...)
	t.Logf("built %s in %s", clone, time.Since(began).Round(time.Second))
}

// output runs a program and returns what it printed.
func output(t *testing.T, folder string, env []string, words ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), words[0], words[1:]...)
	command.Dir, command.Env = folder, env
	var said bytes.Buffer
	command.Stderr = &said
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s%s", strings.Join(words, " "), err, out, said.String())
	}
	return strings.TrimSpace(string(out))
}

// compare says which files of two folders differ, and what in them.
func compare(t *testing.T, first, second string) {
	t.Helper()
	names := files(t, first)
	if others := files(t, second); !slices.Equal(names, others) {
		t.Errorf("there are %q and %q", names, others)
	}
	for _, name := range names {
		one, err := os.ReadFile(filepath.Join(first, name))
		if err != nil {
			t.Fatal(err)
		}
		other, err := os.ReadFile(filepath.Join(second, name))
		if err != nil {
			t.Error(err)
			continue
		}
		if !bytes.Equal(one, other) {
			t.Errorf("%s differs: %d and %d bytes\n%s", name, len(one), len(other), differences(t, first+name, second+name))
		}
	}
}

// differences are the files in two packages that differ, with their first
// differing byte.
func differences(t *testing.T, first, second string) string {
	t.Helper()
	unpackers := map[string]string{
		".deb": `dpkg-deb --raw-extract "$file" "$to"`,
		".rpm": `rpm2cpio "$file" | (cd "$to" && cpio --quiet -idm)`,
		".gz":  `tar -xzf "$file" -C "$to"`,
		".zip": `unzip -q "$file" -d "$to"`,
	}
	unpacker := unpackers[filepath.Ext(first)]
	if unpacker == "" {
		unpacker = `cp "$file" "$to/file"`
	}
	var folders []string
	for _, file := range []string{first, second} {
		to := t.TempDir()
		folders = append(folders, to)
		if said, err := exec.Command("sh", "-euc", `file=$1 to=$2; `+unpacker, "sh", file, to).CombinedOutput(); err != nil {
			t.Logf("unpack %s: %v\n%s", file, err, said)
		}
	}
	// diff and cmp end with 1 where they say something.
	const script = `cd "$1"
		find . -printf '%p %M %U %TY-%Tm-%Td\n' | sort >../one; (cd "$2"; find . -printf '%p %M %U %TY-%Tm-%Td\n') | sort >../other
		diff ../one ../other; find . -type f | sort | while read -r file; do cmp "$file" "$2/$file"; done`
	said, _ := exec.Command("sh", "-c", script, "sh", folders[0], folders[1]).CombinedOutput()
	return string(said)
}
