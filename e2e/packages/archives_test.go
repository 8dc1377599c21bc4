//go:build packages

package packages

import (
	"crypto/sha256"
	"debug/elf"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/update"
)

// sum is a file's SHA-256.
func sum(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256(content)
	return hex.EncodeToString(digest[:])
}

// shipped are the files below a folder, as "mode sum" by path.
func shipped(t *testing.T, folder string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, file := range files(t, folder) {
		info, err := os.Lstat(folder + file)
		if err != nil {
			t.Fatal(err)
		}
		all[file] = info.Mode().String() + " " + sum(t, folder+file)
	}
	return all
}

// unpacked are the files of the packages, in the folder that each has below
// its root, and where each of them keeps what has a place of its own there.
func unpackedDeb(t *testing.T) map[string]string {
	t.Helper()
	to := t.TempDir()
	tool(t, "dpkg-deb", "-x", packageFile(t, debPattern), to)
	return shipped(t, to+"/usr")
}

func unpackedRPM(t *testing.T) map[string]string {
	t.Helper()
	to := t.TempDir()
	tool(t, "sh", "-ec", `rpm2archive - <"$0" | tar -xz -C "$1"`, packageFile(t, rpmPattern), to)
	return shipped(t, to+"/usr")
}

func unpackedTarball(t *testing.T) map[string]string {
	t.Helper()
	to := t.TempDir()
	tool(t, "tar", "-xf", packageFile(t, tarballPattern), "-C", to)
	top, err := os.ReadDir(to)
	if err != nil || len(top) != 1 {
		t.Fatalf("at the top of the archive: %v, %v", top, err)
	}
	return shipped(t, filepath.Join(to, top[0].Name()))
}

// ownPlaces are paths that differ from format to format: terms, notes, what
// the package is, and where zsh looks.
func ownPlace(path string) bool {
	for _, start := range []string{"/share/doc/", "/share/licenses/", "/lib/kite-accounts/", "/share/lintian/", "/share/zsh/", "/LICENSE", "/INSTALL", "/README.md"} {
		if strings.HasPrefix(path, start) {
			return true
		}
	}
	return false
}

func TestEveryFormat_has_the_same_files(t *testing.T) {
	deb := unpackedDeb(t)
	if len(deb) < 20 || deb["/bin/kitectl"] == "" {
		t.Fatalf("the .deb has %v", deb)
	}
	for format, other := range map[string]map[string]string{".rpm": unpackedRPM(t), ".tar.gz": unpackedTarball(t)} {
		for path, want := range deb {
			if !ownPlace(path) && other[path] != want {
				t.Errorf("%s in the %s: %q, in the .deb %q", path, format, other[path], want)
			}
		}
		for path := range other {
			if !ownPlace(path) && deb[path] == "" {
				t.Errorf("only the %s has %s", format, path)
			}
		}
		if other["/share/zsh/site-functions/_kitectl"] != deb["/share/zsh/vendor-completions/_kitectl"] {
			t.Errorf("the %s has another completion for zsh", format)
		}
	}
}

func TestRPM_declares_what_it_needs_and_runs_no_scripts(t *testing.T) {
	rpm := packageFile(t, rpmPattern)
	requires := tool(t, "rpm", "-qpR", rpm)
	to := t.TempDir()
	tool(t, "dpkg-deb", "-x", packageFile(t, debPattern), to)
	for _, program := range []string{"kite-accounts", "kitectl"} {
		binary, err := elf.Open(filepath.Join(to, "usr/bin", program))
		if err != nil {
			t.Fatal(err)
		}
		libraries, err := binary.ImportedLibraries()
		if err != nil || len(libraries) == 0 {
			t.Fatalf("libraries of %s: %v, %v", program, libraries, err)
		}
		for _, library := range libraries {
			if !strings.Contains(requires, library+"(") {
				t.Errorf("%s needs %s, but the .rpm requires\n%s", program, library, requires)
			}
		}
	}
	if !strings.Contains(requires, "ca-certificates") {
		t.Errorf("without ca-certificates it could trust nobody: %s", requires)
	}
	if scripts := tool(t, "rpm", "-qp", "--scripts", "--triggers", rpm); scripts != "" {
		t.Errorf("it has scripts: %s", scripts)
	}
	if out := tool(t, "rpm", "-K", "--nosignature", rpm); !strings.Contains(out, "digests OK") {
		t.Errorf("rpm says %s", out)
	}
	listed := strings.Fields(tool(t, "rpm", "-qp", "--qf", "[%{FILENAMES} %{FILEUSERNAME}:%{FILEGROUPNAME}\n]", rpm))
	for i := 1; i < len(listed); i += 2 {
		if listed[i] != "root:root" {
			t.Errorf("%s belongs to %s", listed[i-1], listed[i])
		}
	}
	if !slices.Contains(listed, "/usr/lib/kite-accounts/packaged-as") {
		t.Errorf("files: %q", listed)
	}
}

// TestTarball runs from a folder of the user's own, with nothing installed but
// what its INSTALL says.
func TestTarball_runs_from_any_folder(t *testing.T) {
	s := newSystem(t, uninstalled(t))
	s.install(t, "libgtk-3-bin")
	k := newDesk(t, s, "")
	folder, err := k.MakeDir("home/Programs of 'Größe' & Co")
	k.ok(err)
	k.ok(copyFile(packageFile(t, tarballPattern), filepath.Join(folder, "a.tar.gz")))
	k.mustShell(`cd "` + folder + `" && tar -xf a.tar.gz && rm a.tar.gz && mv kite-accounts-* "kite accounts"`)
	k.Programs = filepath.Join(folder, "kite accounts/bin")
	if out, err := k.Control("version"); err != nil || !strings.Contains(out, version) {
		t.Errorf("kitectl version says %q, %v", out, err)
	}
	if _, err := os.Stat(filepath.Join(folder, "kite accounts/lib")); err == nil {
		t.Error("it says that it is a package's")
	}
	k.ok(k.Start())
	k.trySandbox() // which is kitectl's, beside the window's program
	k.picture("7-tarball")
	k.ok(k.Quit())

	// As INSTALL tells, for an entry in the menu.
	k.mustShell(`cd "` + folder + `/kite accounts" && cp -r bin share ~/.local/`)
	k.env = []string{"PATH=" + k.Path("home/.local/bin") + ":/usr/bin:/bin"}
	k.open()
	k.see("No session", sandboxCard)
	k.Programs = k.Path("home/.local/bin")
	k.alone()
	if update.Licences(k.Path("home/.local/bin/kite-accounts")) == "" {
		t.Error("the licences weren't copied")
	}
	k.ok(k.Quit())
}

func copyFile(from, to string) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, content, 0o644)
}
