//go:build packages

package packages

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/e2e/packages/inspect"
)

// What goes with the packages: bill of materials, licences and checksums.

// TestBillNamesWhatIsLinked holds the bill of materials to what Go wrote into
// the programs.
func TestBillNamesWhatIsLinked(t *testing.T) {
	content, err := os.ReadFile(packageFile(t, "kite-accounts-*.cdx.json"))
	if err != nil {
		t.Fatal(err)
	}
	var bill struct {
		Components []struct {
			Name, Version, PURL string
			Properties          []struct{ Value string }
		}
	}
	if err := json.Unmarshal(content, &bill); err != nil {
		t.Fatal(err)
	}
	for program := range programs(t) {
		linked, err := inspect.Modules(program)
		if err != nil {
			t.Fatal(err)
		}
		var named []string
		for _, c := range bill.Components {
			in := slices.ContainsFunc(c.Properties, func(p struct{ Value string }) bool { return p.Value == filepath.Base(program)+" (linux)" })
			if in && strings.HasPrefix(c.PURL, "pkg:golang/") && !strings.HasPrefix(c.PURL, "pkg:golang/std@") {
				named = append(named, c.Name+" "+c.Version)
			}
		}
		slices.Sort(named)
		if !slices.Equal(linked, named) {
			t.Errorf("%s links\n%q, and the bill names\n%q", filepath.Base(program), linked, named)
		}
	}
	for _, private := range []string{"http://localhost", repository(t), "registry."} {
		if bytes.Contains(content, []byte(private)) {
			t.Errorf("the bill tells %q", private)
		}
	}
}

func TestLicencesAreInThePackage(t *testing.T) {
	usr, err := unpack()
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(filepath.Join(dist, "THIRD-PARTY-LICENSES.txt"))
	if err != nil {
		t.Fatal(err)
	}
	packed, err := os.Open(filepath.Join(usr, "share/doc/kite-accounts/THIRD-PARTY-LICENSES.txt.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close() //nolint:errcheck // only read
	reader, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(reader); err != nil || !bytes.Equal(got, want) {
		t.Errorf("the package has other licences than %s, error %v", dist, err)
	}
}

func TestChecksumsAreOfEverything(t *testing.T) {
	check := exec.Command("sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS")
	check.Dir = dist
	if said, err := check.CombinedOutput(); err != nil {
		t.Errorf("sha256sum: %v\n%s", err, said)
	}
	sums, err := os.Open(filepath.Join(dist, "SHA256SUMS"))
	if err != nil {
		t.Fatal(err)
	}
	defer sums.Close() //nolint:errcheck // only read
	var summed []string
	for lines := bufio.NewScanner(sums); lines.Scan(); {
		summed = append(summed, strings.Fields(lines.Text())[1])
	}
	if want := packageNames(); !slices.Equal(summed, want) {
		t.Errorf("SHA256SUMS has %q, and of this version are %q", summed, want)
	}
	var there []string
	for _, name := range files(t, dist) {
		if name != "/SHA256SUMS" {
			there = append(there, strings.TrimPrefix(name, "/"))
		}
	}
	slices.Sort(there)
	if !slices.Equal(summed, there) {
		t.Errorf("SHA256SUMS has %q, and there are %q", summed, there)
	}
}

// packageNames are those that make package gives this version, sorted. For a
// pre-release to be older than its release, Debian and RPM want a tilde.
func packageNames() []string {
	number, build, found := strings.Cut(version, "+")
	if found {
		build = "+" + build
	}
	debian := strings.Replace(number, "-", "~", 1)
	names := []string{
		"THIRD-PARTY-LICENSES.txt",
		"kite-accounts_" + debian + build + "_amd64.deb",
		"kite-accounts-" + strings.ReplaceAll(debian, "-", "_") + build + "-1.x86_64.rpm",
	}
	for _, end := range []string{"-linux-amd64.tar.gz", "-windows-amd64-portable.zip", "-windows-amd64-setup.exe", ".cdx.json"} {
		names = append(names, "kite-accounts-"+version+end)
	}
	slices.Sort(names)
	return names
}
