//go:build wine

package windows

import (
	"archive/zip"
	"bytes"
	"cmp"
	"crypto/sha256"
	"debug/pe"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/kiteaccounts/kite-accounts/e2e/packages/inspect"
)

// programs are both, with the subsystem that says whether a console opens.
var programs = map[string]uint16{
	"kite-accounts.exe": pe.IMAGE_SUBSYSTEM_WINDOWS_GUI,
	"kitectl.exe":       pe.IMAGE_SUBSYSTEM_WINDOWS_CUI,
}

func TestPrograms_are_hardened_and_stripped(t *testing.T) {
	for name, subsystem := range programs {
		faults, err := inspect.PE(filepath.Join(bin, name), subsystem)
		if err != nil {
			t.Fatal(err)
		}
		for _, fault := range faults {
			t.Errorf("%s: %s", name, fault)
		}
	}
}

// A DLL of mingw would be missing on every Windows.
func TestPrograms_need_only_what_Windows_has(t *testing.T) {
	has := []string{"kernel32.dll", "msvcrt.dll", "user32.dll", "gdi32.dll", "advapi32.dll", "shell32.dll", "ole32.dll"}
	for name := range programs {
		file, err := pe.Open(filepath.Join(bin, name))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()                     //nolint:errcheck // only read
		symbols, err := file.ImportedSymbols() // its ImportedLibraries is empty for PE
		if err != nil || len(symbols) == 0 {
			t.Fatalf("%s imports %d symbols, %v", name, len(symbols), err)
		}
		for _, symbol := range symbols {
			_, library, _ := strings.Cut(symbol, ":")
			if !slices.Contains(has, strings.ToLower(library)) {
				t.Errorf("%s needs %s for %s", name, library, symbol)
			}
		}
	}
}

func TestPrograms_name_no_folder_of_their_builder(t *testing.T) {
	here, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	home, err := os.UserHomeDir()
	if err != nil {
		t.Fatal(err)
	}
	forbidden := []string{here + "/", home + "/", filepath.Join(os.TempDir(), "go-build"), "x86_64-w64-mingw32/"}
	for _, variable := range []string{"GOROOT", "GOMODCACHE", "GOCACHE"} {
		out, err := exec.Command("go", "env", variable).Output()
		if err != nil {
			t.Fatal(err)
		}
		forbidden = append(forbidden, strings.TrimSpace(string(out))+"/")
	}
	for name := range programs {
		faults, err := inspect.Texts(filepath.Join(bin, name), forbidden)
		if err != nil {
			t.Fatal(err)
		}
		for _, fault := range faults {
			t.Errorf("%s: %s", name, fault)
		}
	}
}

// resources is what go-winres reads from a program.
type resources struct {
	Icons     map[string]map[string]any `json:"RT_GROUP_ICON"`
	Manifests map[string]map[string]any `json:"RT_MANIFEST"`
	Versions  map[string]map[string]struct {
		Fixed map[string]string            `json:"fixed"`
		Info  map[string]map[string]string `json:"info"`
	} `json:"RT_VERSION"`
}

// extract reads the resources and writes icons and manifest into the folder.
func extract(t *testing.T, program, folder string) (r resources) {
	t.Helper()
	tool := filepath.Join(root, ".tools", "bin", "go-winres")
	if out, err := exec.Command(tool, "extract", "--xml-manifest", "--dir", folder, program).CombinedOutput(); err != nil {
		t.Fatalf("extract: %v %s", err, out)
	}
	if err := json.Unmarshal([]byte(read(t, filepath.Join(folder, "winres.json"))), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestPrograms_have_an_icon_a_manifest_and_a_version(t *testing.T) {
	out, err := exec.Command(script("number.sh"), version).Output()
	if err != nil {
		t.Fatal(err)
	}
	number := strings.TrimSpace(string(out))
	for name := range programs {
		folder := t.TempDir()
		r := extract(t, filepath.Join(bin, name), folder)
		if len(r.Icons) != 1 || r.Icons["#3"] == nil {
			t.Errorf("%s has the icons %v, and Wails shows that of the number 3", name, r.Icons)
		}
		manifest, ok := r.Manifests["#1"]["0409"].(string)
		if !ok {
			t.Fatalf("%s has the manifests %v", name, r.Manifests)
		}
		if read(t, filepath.Join(folder, manifest)) != read(t, filepath.Join(root, "build", "windows", "manifest.xml")) {
			t.Errorf("%s has another manifest than build/windows/manifest.xml", name)
		}
		v := r.Versions["#1"]["0409"]
		info := v.Info["0409"]
		fixed := cmp.Or(v.Fixed["file_version"], "0.0.0.0") // of which go-winres says nothing
		if fixed != number || info["FileVersion"] != version || info["ProductVersion"] != version ||
			info["OriginalFilename"] != name || !strings.HasPrefix(info["LegalCopyright"], "© ") {
			t.Errorf("%s says of itself %v", name, v)
		}
	}
}

func TestNumber(t *testing.T) {
	for version, want := range map[string]string{
		"1.2.3":                    "1.2.3.0",
		"1.2.3+4.gabcdef0":         "1.2.3.4",
		"1.2.3+4.gabcdef0.dirty":   "1.2.3.4",
		"1.2.3+dirty":              "1.2.3.0",
		"2.0.0-rc.1":               "2.0.0.0",
		"0.0.0+g1234567":           "0.0.0.0",
		"0.0.0+unknown":            "0.0.0.0",
		"1.2":                      "",
		"1.2.3 && rm":              "",
		"1.65536.0":                "",
		"18446744073709551617.0.0": "",
	} {
		out, err := exec.Command(script("number.sh"), version).Output()
		if got := strings.TrimSpace(string(out)); got != want || (err == nil) != (want != "") {
			t.Errorf("of %q it makes %q, %v", version, got, err)
		}
	}
}

func TestZip_is_complete(t *testing.T) {
	archive, err := zip.OpenReader(zipIn(dist))
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close() //nolint:errcheck // only read
	originals := map[string]string{
		"LICENSE.txt":              filepath.Join(root, "LICENSE"),
		"README.txt":               "",
		"THIRD-PARTY-LICENSES.txt": filepath.Join(dist, "THIRD-PARTY-LICENSES.txt"),
		"kite-accounts.exe":        filepath.Join(bin, "kite-accounts.exe"),
		"kitectl.exe":              filepath.Join(bin, "kitectl.exe"),
	}
	if len(archive.File) != len(originals) {
		t.Errorf("there are %d files", len(archive.File))
	}
	for name, original := range originals {
		content, err := fs.ReadFile(archive, "kite-accounts-"+version+"/"+name)
		if err != nil {
			t.Fatal(err)
		}
		if original != "" && string(content) != read(t, original) {
			t.Errorf("%s differs from what was built", name)
		}
		if original == "" && (!bytes.Contains(content, []byte(version)) || !utf8.Valid(content) ||
			bytes.Count(content, []byte("\n")) != bytes.Count(content, []byte("\r\n"))) {
			t.Errorf("%s is %q", name, content)
		}
	}
}

func zipIn(folder string) string {
	return filepath.Join(folder, "kite-accounts-"+version+"-windows-amd64-portable.zip")
}

// Both are built anew from a copy of the sources in another folder, and packed
// anew from there.
func TestBuilds_are_equal(t *testing.T) {
	there := copySources(t)
	build := exec.Command("make", "-s", "-o", "frontend/dist/index.html", "windows-programs")
	build.Dir = there
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build anew: %v\n%s", err, out)
	}
	newBin, newDist := filepath.Join(there, "build", "bin", "windows"), filepath.Join(there, "build", "dist")
	write(t, filepath.Join(newDist, "THIRD-PARTY-LICENSES.txt"), read(t, filepath.Join(dist, "THIRD-PARTY-LICENSES.txt")))
	for _, pack := range [][]string{
		{"build/windows/setup.sh", newBin, newDist},
		{"go", "run", "-buildvcs=false", "./build/windows/portable", newBin, newDist},
	} {
		cmd := exec.Command(pack[0], pack[1:]...)
		cmd.Dir = there
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("pack anew: %v\n%s", err, out)
		}
	}
	for name := range programs {
		same(t, filepath.Join(bin, name), filepath.Join(newBin, name))
	}
	same(t, zipIn(dist), zipIn(newDist))
	same(t, theSetup(), filepath.Join(newDist, filepath.Base(theSetup())))
}

func same(t *testing.T, a, b string) {
	t.Helper()
	if sum(t, a) != sum(t, b) {
		t.Errorf("%s isn't the same a second time", filepath.Base(a))
	}
}

func sum(t *testing.T, path string) [sha256.Size]byte {
	t.Helper()
	return sha256.Sum256([]byte(read(t, path)))
}

// copySources copies what git knows of, with the page and the tools as they
// have been built.
func copySources(t *testing.T) string {
	t.Helper()
	there := t.TempDir()
	list := exec.Command("git", "ls-files", "-z")
	list.Dir = root
	known, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	for name := range strings.SplitSeq(strings.TrimSuffix(string(known), "\x00"), "\x00") {
		copyFile(t, filepath.Join(root, name), filepath.Join(there, name))
	}
	if err := os.CopyFS(filepath.Join(there, "frontend", "dist", "assets"), os.DirFS(filepath.Join(root, "frontend", "dist", "assets"))); err != nil {
		t.Fatal(err)
	}
	copyFile(t, filepath.Join(root, "frontend", "dist", "index.html"), filepath.Join(there, "frontend", "dist", "index.html"))
	tools, err := filepath.Abs(filepath.Join(root, ".tools"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(tools, filepath.Join(there, ".tools")); err != nil {
		t.Fatal(err)
	}
	return there
}

// copyFile copies a file with its mode; one that git knows of may be deleted.
func copyFile(t *testing.T, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	if os.IsNotExist(err) {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close() //nolint:errcheck // only read
	info, err := in.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		t.Fatal(err)
	}
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, info.Mode().Perm())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}
