package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	cyclonedx "github.com/CycloneDX/cyclonedx-go"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// ours is the inventory of this repository with two of the page's packages.
func ours(t *testing.T) (build, []part) {
	t.Helper()
	list := filepath.Join(t.TempDir(), "bundled.json")
	if err := os.WriteFile(list, []byte(`["@fontsource-variable/inter", "svelte"]`), 0o600); err != nil {
		t.Fatal(err)
	}
	b := build{
		WindowTags: "desktop,production,webkit2_41", LightTags: "quietmonitor", Bundled: list,
		Version: "1.2.3+4.gabcdef0", Date: time.Date(2026, 11, 26, 5, 15, 0, 0, time.UTC),
	}
	t.Chdir("../../..")
	parts, err := inventory(t.Context(), ".", b)
	if err != nil {
		t.Fatal(err)
	}
	return b, parts
}

func TestWhatThisRepositoryTakes(t *testing.T) {
	_, parts := ours(t)
	for name, want := range map[string]struct {
		licence string
		in      []string // of these
		notIn   []string
	}{
		"github.com/wailsapp/wails/v2":         {"MIT", windows(), []string{"kitectl (linux)", "kitectl (windows)"}},
		"github.com/alecthomas/kong":           {"MIT", everywhere(), nil},
		"github.com/danieljoos/wincred":        {"MIT", []string{"kitectl (windows)"}, []string{"kitectl (linux)"}},
		"github.com/wailsapp/go-webview2":      {"ISC", []string{"kite-accounts (windows)"}, []string{"kite-accounts (linux)"}},
		"github.com/esiqveland/notify":         {"BSD-3-Clause", []string{"kitectl (linux)"}, []string{"kitectl (windows)"}},
		"svelte":                               {"MIT", windows(), []string{"kitectl (linux)"}},
		"@fontsource-variable/inter":           {"OFL-1.1", windows(), []string{"kitectl (linux)"}},
		"SQLite":                               {"blessing", everywhere(), nil},
		"Go runtime and standard library":      {"BSD-3-Clause", everywhere(), nil},
		"NSIS installer stub":                  {"Zlib", []string{"setup.exe (windows)"}, everywhere()},
		"Microsoft Edge WebView2 bootstrapper": {"LicenseRef-Microsoft-WebView2", []string{"kite-accounts (windows)"}, []string{"kite-accounts (linux)"}},
	} {
		i := slices.IndexFunc(parts, func(p part) bool { return p.Name == name })
		if i < 0 {
			t.Errorf("%s is missing", name)
			continue
		}
		if !slices.Contains(parts[i].Licences, want.licence) {
			t.Errorf("%s: licences are %v", name, parts[i].Licences)
		}
		for _, where := range want.in {
			if !slices.Contains(parts[i].In, where) {
				t.Errorf("%s isn't told to be in %s", name, where)
			}
		}
		for _, where := range want.notIn {
			if slices.Contains(parts[i].In, where) {
				t.Errorf("%s is told to be in %s", name, where)
			}
		}
	}
	// Only the tests and this command take these.
	for _, p := range parts {
		if strings.Contains(p.Name, "testscript") || strings.Contains(p.Name, "licensecheck") || p.Name == "vite" {
			t.Errorf("%s is in no program", p.Name)
		}
	}
}

func TestBillOfMaterials(t *testing.T) {
	b, parts := ours(t)
	var first, second bytes.Buffer
	if err := writeSBOM(&first, b, parts); err != nil {
		t.Fatal(err)
	}
	slices.Reverse(parts)
	if err := writeSBOM(&second, b, parts); err != nil {
		t.Fatal(err)
	}
	if first.String() != second.String() {
		t.Error("the order of finding shows")
	}
	validate(t, first.Bytes())

	var bom cyclonedx.BOM
	if err := cyclonedx.NewBOMDecoder(&first, cyclonedx.BOMFileFormatJSON).Decode(&bom); err != nil {
		t.Fatal(err)
	}
	if bom.Metadata.Timestamp != "2026-11-26T05:15:00Z" || len(*bom.Components) != len(parts) {
		t.Errorf("time %s, %d components", bom.Metadata.Timestamp, len(*bom.Components))
	}
	reached := map[string]bool{}
	reach(*bom.Dependencies, bom.Metadata.Component.BOMRef, reached)
	for _, c := range *bom.Components {
		if !reached[c.BOMRef] {
			t.Errorf("nothing needs %s", c.Name)
		}
	}
	b.Version = "1.2.4"
	var other bytes.Buffer
	if err := writeSBOM(&other, b, parts); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(other.String(), bom.SerialNumber) {
		t.Error("two versions have one serial number")
	}
}

func reach(needs []cyclonedx.Dependency, from string, reached map[string]bool) {
	for _, d := range needs {
		if d.Ref != from || d.Dependencies == nil {
			continue
		}
		for _, to := range *d.Dependencies {
			if !reached[to] {
				reached[to] = true
				reach(needs, to, reached)
			}
		}
	}
}

// validate holds a bill of materials to CycloneDX's own schema, which comes
// with its Go module.
func validate(t *testing.T, content []byte) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/CycloneDX/cyclonedx-go").Output()
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	for address, file := range map[string]string{
		"http://cyclonedx.org/schema/bom-1.6.schema.json":  "bom-1.6.schema.json",
		"http://cyclonedx.org/schema/spdx.schema.json":     "spdx.schema.json",
		"http://cyclonedx.org/schema/jsf-0.82.schema.json": "jsf-0.82.schemax.json",
	} {
		document, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(out)), "schema", file))
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
		if err != nil {
			t.Fatal(err)
		}
		if err := compiler.AddResource(address, parsed); err != nil {
			t.Fatal(err)
		}
	}
	schema, err := compiler.Compile("http://cyclonedx.org/schema/bom-1.6.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := valid(schema, content); err != nil {
		t.Error(err)
	}
	broken := bytes.Replace(content, []byte(`"id": "MIT"`), []byte(`"id": "MITT"`), 1)
	if valid(schema, broken) == nil {
		t.Error("the schema finds no fault with a licence that doesn't exist")
	}
}

func valid(schema *jsonschema.Schema, content []byte) error {
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(content))
	if err != nil {
		return err
	}
	return schema.Validate(parsed)
}

func TestLicenceFile(t *testing.T) {
	b, parts := ours(t)
	var out bytes.Buffer
	if err := writeLicences(&out, b, parts); err != nil {
		t.Fatal(err)
	}
	file := out.String()
	for _, p := range parts {
		for _, text := range p.Texts {
			if n := strings.Count(file, "]\n\n"+text.Body); n == 0 {
				t.Errorf("%s of %s is missing", text.Name, p.Name)
			}
		}
	}
	// golang.org/x/sys and /x/text have the same two texts.
	numbers := regexp.MustCompile(`golang\.org/x/(?:sys|text) v\S+\n    BSD-3-Clause  (.*)\n    in kite-accounts, kitectl\n`).FindAllStringSubmatch(file, -1)
	if len(numbers) != 2 || numbers[0][1] != numbers[1][1] {
		t.Errorf("texts of the two: %q", numbers)
	}
	if strings.Contains(file, os.Getenv("HOME")+"/") {
		t.Error("a folder of this computer is in it")
	}
}

func TestArguments(t *testing.T) {
	for _, args := range [][]string{nil, {"licences", "-nonsense"}} {
		if err := run(t.Context(), args); err == nil {
			t.Errorf("%v is taken", args)
		}
	}
}
