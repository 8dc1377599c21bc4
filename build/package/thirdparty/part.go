package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/google/licensecheck"
)

// part is one work of others in the packages.
type part struct {
	Name    string
	Version string   // empty where the building machine decides it
	PURL    string   // https://github.com/package-url/purl-spec
	SHA256  string   // hex; of a module go.sum's, empty where nobody publishes one
	SHA512  string   // hex; npm's integrity
	In      []string // "kite-accounts (linux)", sorted
	Needs   []string // PURLs of other parts
	Direct  bool     // used by our own code, not only by another part

	Texts    []text
	Licences []string // SPDX identifiers, sorted
}

// text is one file of a licence, or what goes with it.
type text struct {
	Name string // the file's, within the work
	Body string
}

// licenceFile matches what holds terms or must be passed on with them:
// Apache-2.0's NOTICE, the PATENTS of Go's own modules.
var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|unlicense|notice|patents)([-._].*)?$`)

// passedOn are such files that hold no licence themselves.
var passedOn = regexp.MustCompile(`(?i)^(notice|patents)`)

// texts reads the licence files of folders below dir; each is relative to it.
func texts(dir string, folders []string) ([]text, error) {
	var found []text
	for _, folder := range folders {
		entries, err := os.ReadDir(filepath.Join(dir, folder))
		if err != nil {
			return nil, err
		}
		for _, entry := range entries {
			if !entry.Type().IsRegular() || !licenceFile.MatchString(entry.Name()) || sourceCode(entry.Name()) {
				continue
			}
			body, err := os.ReadFile(filepath.Join(dir, folder, entry.Name()))
			if err != nil {
				return nil, err
			}
			found = append(found, text{filepath.ToSlash(filepath.Join(folder, entry.Name())), tidy(string(body))})
		}
	}
	return found, nil
}

func sourceCode(name string) bool {
	return slices.Contains([]string{".go", ".js", ".ts", ".c", ".h"}, filepath.Ext(name))
}

// tidy keeps every word, and makes equal what differs only in white space that
// nobody sees.
func tidy(body string) string {
	body = strings.ReplaceAll(strings.TrimPrefix(body, "\ufeff"), "\r\n", "\n")
	lines := strings.Split(body, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t\f")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n") + "\n"
}

// leastCoverage is how much of a licence file, in percent, must be words of a
// known licence. The rest is names and years, or which files it is about.
const leastCoverage = 50

// identify finds which licences the texts are, unless it is known already.
func (p *part) identify() error {
	if len(p.Licences) > 0 {
		return nil
	}
	for _, t := range p.Texts {
		if passedOn.MatchString(filepath.Base(t.Name)) {
			continue
		}
		found := licensecheck.Scan([]byte(t.Body))
		if found.Percent < leastCoverage {
			return fmt.Errorf("%s %s: %s is no licence known by its words (%.0f %% of them): say which in allowed.go",
				p.Name, p.Version, t.Name, found.Percent)
		}
		for _, match := range found.Match {
			if !slices.Contains(p.Licences, match.ID) && !match.IsURL {
				p.Licences = append(p.Licences, match.ID)
			}
		}
	}
	slices.Sort(p.Licences)
	return nil
}
