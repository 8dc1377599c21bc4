package main

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// npmPackage is what package-lock.json tells of an installed package.
type npmPackage struct {
	Version          string
	Integrity        string
	Dependencies     map[string]string
	PeerDependencies map[string]string
}

// bundled are the npm packages in the page. file is bundled.mjs's list. A
// package that a lock file holds more than once fails, since the list has names
// only.
func bundled(root, file string) ([]part, error) {
	var names []string
	if err := readJSON(file, &names); err != nil {
		return nil, err
	}
	var lock struct{ Packages map[string]npmPackage }
	if err := readJSON(filepath.Join(root, "frontend", "package-lock.json"), &lock); err != nil {
		return nil, err
	}
	purls := map[string]string{}
	for _, name := range names {
		if n := copies(lock.Packages, name); n != 1 {
			return nil, fmt.Errorf("%s is %d times in package-lock.json, so which one is in the page can't be told", name, n)
		}
		purls[name] = "pkg:npm/" + strings.ReplaceAll(name, "@", "%40") + "@" + url.PathEscape(lock.Packages["node_modules/"+name].Version)
	}
	var parts []part
	for _, name := range names {
		entry := lock.Packages["node_modules/"+name]
		_, direct := lock.Packages[""].Dependencies[name]
		p := part{Name: name, Version: entry.Version, PURL: purls[name], Direct: direct, In: windows()}
		for _, list := range []map[string]string{entry.Dependencies, entry.PeerDependencies} {
			for needed := range list {
				if purl := purls[needed]; purl != "" {
					p.Needs = insert(p.Needs, purl)
				}
			}
		}
		sum, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(entry.Integrity, "sha512-"))
		if err != nil {
			return nil, fmt.Errorf("read integrity of %s: %w", name, err)
		}
		p.SHA512 = hex.EncodeToString(sum)
		if p.Texts, err = texts(filepath.Join(root, "frontend", "node_modules", name), []string{"."}); err != nil {
			return nil, err
		}
		parts = append(parts, p)
	}
	return parts, nil
}

// copies counts the places where a package is installed.
func copies(packages map[string]npmPackage, name string) int {
	n := 0
	for path := range packages {
		if path == "node_modules/"+name || strings.HasSuffix(path, "/node_modules/"+name) {
			n++
		}
	}
	return n
}

// windows are the programs that hold the page.
func windows() []string {
	var in []string
	for _, system := range systems {
		in = append(in, "kite-accounts ("+system+")")
	}
	slices.Sort(in)
	return in
}

func readJSON(file string, into any) error {
	content, err := os.ReadFile(file) //nolint:gosec // named by the Makefile
	if err != nil {
		return err
	}
	if err := json.Unmarshal(content, into); err != nil {
		return fmt.Errorf("read %s: %w", file, err)
	}
	return nil
}
