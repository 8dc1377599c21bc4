package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// systems are those that a release has packages for.
var systems = []string{"linux", "windows", "darwin"}

// goPackage is what "go list -json" tells of a package.
type goPackage struct {
	ImportPath string
	Dir        string
	Imports    []string
	Module     *struct {
		Path, Version, Dir string
		Main               bool
		Replace            *struct{ Path string }
	}
}

// linking collects the modules over all programs and systems.
type linking struct {
	parts   map[string]*part    // by PURL
	dirs    map[string]string   // of modules, by PURL
	folders map[string][]string // with linked packages, within the module, by PURL
}

// linked are the Go modules with at least one package in a program.
func linked(ctx context.Context, root string, b build) ([]part, error) {
	sums, err := goSums(filepath.Join(root, "go.sum"))
	if err != nil {
		return nil, err
	}
	l := linking{map[string]*part{}, map[string]string{}, map[string][]string{}}
	for _, system := range systems {
		for _, program := range []struct{ name, tags, path string }{
			{"kite-accounts", b.WindowTags, "."}, {"kitectl", b.LightTags, "./cmd/kitectl"},
		} {
			packages, err := list(ctx, root, system, program.tags, program.path)
			if err != nil {
				return nil, fmt.Errorf("list packages of %s for %s: %w", program.name, system, err)
			}
			if err := l.add(packages, program.name+" ("+system+")"); err != nil {
				return nil, err
			}
		}
	}
	var parts []part
	for _, purl := range slices.Sorted(maps.Keys(l.parts)) {
		p := l.parts[purl]
		p.SHA256 = sums[p.Name+" "+p.Version]
		if p.SHA256 == "" {
			return nil, fmt.Errorf("%s %s has no line in go.sum", p.Name, p.Version)
		}
		if p.Texts, err = texts(l.dirs[purl], withParents(l.folders[purl])); err != nil {
			return nil, err
		}
		parts = append(parts, *p)
	}
	return parts, nil
}

func list(ctx context.Context, root, system, tags, path string) ([]goPackage, error) {
	command := exec.CommandContext(ctx, "go", "list", "-deps", "-json=ImportPath,Dir,Imports,Module", "-tags", tags, path) //nolint:gosec // by the Makefile
	command.Dir = root
	// Listing needs no compiler of that system, but cgo's files must count.
	command.Env = append(os.Environ(), "GOOS="+system, "GOARCH=amd64", "CGO_ENABLED=1")
	command.Stderr = os.Stderr
	out, err := command.Output()
	if err != nil {
		return nil, err
	}
	var packages []goPackage
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return packages, nil
		} else if err != nil {
			return nil, err
		}
		packages = append(packages, p)
	}
}

// add takes in what one program links.
func (l *linking) add(packages []goPackage, where string) error {
	moduleOf := map[string]string{}
	for _, p := range packages {
		if p.Module == nil || p.Module.Main {
			continue
		}
		if p.Module.Replace != nil {
			return fmt.Errorf("%s is replaced by %s in go.mod, which go.sum doesn't vouch for", p.Module.Path, p.Module.Replace.Path)
		}
		purl := "pkg:golang/" + strings.ToLower(p.Module.Path) + "@" + p.Module.Version
		moduleOf[p.ImportPath] = purl
		known := l.parts[purl]
		if known == nil {
			known = &part{Name: p.Module.Path, Version: p.Module.Version, PURL: purl}
			l.parts[purl], l.dirs[purl] = known, p.Module.Dir
		}
		known.In = insert(known.In, where)
		folder, err := filepath.Rel(p.Module.Dir, p.Dir)
		if err != nil {
			return err
		}
		l.folders[purl] = insert(l.folders[purl], folder)
	}
	for _, p := range packages {
		for _, imported := range p.Imports {
			switch to := l.parts[moduleOf[imported]]; {
			case to == nil || p.Module == nil:
			case p.Module.Main:
				to.Direct = true
			case moduleOf[p.ImportPath] != to.PURL:
				from := l.parts[moduleOf[p.ImportPath]]
				from.Needs = insert(from.Needs, to.PURL)
			}
		}
	}
	return nil
}

// insert keeps the list sorted and without doubles.
func insert(list []string, s string) []string {
	at, found := slices.BinarySearch(list, s)
	if found {
		return list
	}
	return slices.Insert(list, at, s)
}

// withParents adds the folders above each, up to the module's top: a licence
// holds for all below it.
func withParents(folders []string) []string {
	all := []string{"."}
	for _, folder := range folders {
		for ; folder != "."; folder = filepath.Dir(folder) {
			all = insert(all, folder)
		}
	}
	return all
}

// goSums are the SHA-256 sums of modules' trees in hex, by "path version"; see
// https://pkg.go.dev/golang.org/x/mod/sumdb/dirhash.
func goSums(file string) (map[string]string, error) {
	content, err := os.ReadFile(file) //nolint:gosec // the repository's own
	if err != nil {
		return nil, err
	}
	sums := map[string]string{}
	for line := range strings.Lines(string(content)) {
		fields := strings.Fields(line)
		if len(fields) != 3 || strings.HasSuffix(fields[1], "/go.mod") {
			continue
		}
		sum, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(fields[2], "h1:"))
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", file, err)
		}
		sums[fields[0]+" "+fields[1]] = hex.EncodeToString(sum)
	}
	return sums, nil
}
