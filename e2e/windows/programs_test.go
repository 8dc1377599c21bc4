//go:build wine

package windows

import (
	"archive/zip"
	"bytes"
	"cmp"
	"debug/pe"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
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

// https://semver.org/#spec-item-11 with commits after a tag.
func TestNumber_orders_versions(t *testing.T) {
	versions := []string{
		"0.0.0+g1234567", "1.2.2+65535.gabcdef0", "1.3.0-1", "1.3.0-2", "1.3.0-10", "1.3.0-alpha", "1.3.0-alpha.1", "1.3.0-alpha.beta",
		"1.3.0-beta", "1.3.0-rc.1", "1.3.0-rc.1+4.gabcdef0", "1.3.0-rc.2", "1.3.0-rc.10", "1.3.0-rc.20261126063000", "1.3.0-rc1",
		"1.3.0", "1.3.0+4.gabcdef0.dirty", "1.3.0+11.gabcdef0", "1.3.1-rc.1", "1.20.0",
	}
	var older []int
	for i, version := range versions {
		out, err := exec.Command(script("number.sh"), "--order", version).Output()
		if err != nil {
			t.Fatal(err)
		}
		var order []int
		for text := range strings.SplitSeq(strings.TrimSpace(string(out)), ".") {
			number, err := strconv.Atoi(text)
			if err != nil {
				t.Fatal(err)
			}
			order = append(order, number)
		}
		if i > 0 && slices.Compare(older, order) >= 0 {
			t.Errorf("%s, of %v, isn't before %s, of %v", versions[i-1], older, version, order)
		}
		older = order
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
