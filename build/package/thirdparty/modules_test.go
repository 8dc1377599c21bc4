package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// pack makes what "go list" tells of a package.
func pack(path, module string, imports ...string) goPackage {
	p := goPackage{ImportPath: path, Imports: imports, Dir: "/m/" + path}
	if module == "" {
		return p // the standard library
	}
	p.Module = &struct {
		Path, Version, Dir string
		Main               bool
		Replace            *struct{ Path string }
	}{Path: module, Version: "v1.0.0", Dir: "/m/" + module, Main: module == "own"}
	return p
}

func TestWhoNeedsWhom(t *testing.T) {
	l := linking{map[string]*part{}, map[string]string{}, map[string][]string{}}
	packages := []goPackage{
		pack("fmt", ""), pack("b/deep/er", "b", "fmt"), pack("b", "b", "b/deep/er"), pack("a", "a", "b", "fmt"), pack("own", "own", "a"),
	}
	for _, where := range []string{"kitectl (linux)", "kite-accounts (linux)"} {
		if err := l.add(packages, where); err != nil {
			t.Fatal(err)
		}
	}
	a, b := l.parts["pkg:golang/a@v1.0.0"], l.parts["pkg:golang/b@v1.0.0"]
	if len(l.parts) != 2 || a == nil || b == nil {
		t.Fatalf("parts are %v", l.parts)
	}
	if !a.Direct || b.Direct {
		t.Errorf("direct: a %v, b %v", a.Direct, b.Direct)
	}
	if !slices.Equal(a.Needs, []string{b.PURL}) || len(b.Needs) != 0 {
		t.Errorf("needs: a %v, b %v", a.Needs, b.Needs)
	}
	if !slices.Equal(a.In, []string{"kite-accounts (linux)", "kitectl (linux)"}) {
		t.Errorf("a is in %v", a.In)
	}
	if got := withParents(l.folders[b.PURL]); !slices.Equal(got, []string{".", "deep", "deep/er"}) {
		t.Errorf("folders of b are %v", got)
	}
}

func TestReplacedModuleFails(t *testing.T) {
	l := linking{map[string]*part{}, map[string]string{}, map[string][]string{}}
	p := pack("a", "a")
	p.Module.Replace = &struct{ Path string }{"../fork"}
	if err := l.add([]goPackage{p}, "kitectl (linux)"); err == nil {
		t.Error("no sum vouches for a replaced module")
	}
}

func TestSumsOfGoSum(t *testing.T) {
	file := filepath.Join(t.TempDir(), "go.sum")
	lines := "a v1.0.0 h1:AQID\na v1.0.0/go.mod h1:BAUG\n"
	if err := os.WriteFile(file, []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	sums, err := goSums(file)
	if err != nil || len(sums) != 1 || sums["a v1.0.0"] != "010203" {
		t.Errorf("sums are %v, error %v", sums, err)
	}
}

func TestPackageTwiceInTheLockFails(t *testing.T) {
	root := t.TempDir()
	if err := os.Mkdir(filepath.Join(root, "frontend"), 0o700); err != nil {
		t.Fatal(err)
	}
	lock := `{"packages": {"": {}, "node_modules/clsx": {"version": "2.0.0"}, "node_modules/x/node_modules/clsx": {"version": "1.0.0"}}}`
	list := filepath.Join(root, "bundled.json")
	for file, body := range map[string]string{list: `["clsx"]`, filepath.Join(root, "frontend/package-lock.json"): lock} {
		if err := os.WriteFile(file, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := bundled(root, list); err == nil || !strings.Contains(err.Error(), "clsx is 2 times") {
		t.Errorf("the error is %v", err)
	}
}
