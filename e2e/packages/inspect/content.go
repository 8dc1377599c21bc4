package inspect

import (
	"bytes"
	"debug/buildinfo"
	"fmt"
	"os"
	"slices"
	"strings"
)

// Build says where a program was built otherwise than with these tags, in this
// order, and -trimpath.
func Build(path, tags string) ([]string, error) {
	info, err := buildinfo.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("inspect %s: %w", path, err)
	}
	settings := map[string]string{}
	for _, setting := range info.Settings {
		settings[setting.Key] = setting.Value
	}
	var faults []string
	if settings["-tags"] != tags {
		faults = append(faults, fmt.Sprintf("built with the tags %q, not %q", settings["-tags"], tags))
	}
	if settings["-trimpath"] != "true" {
		faults = append(faults, "built without -trimpath")
	}
	return faults, nil
}

// Modules are the Go modules that a program says it contains, as "path
// version", sorted.
func Modules(path string) ([]string, error) {
	info, err := buildinfo.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("inspect %s: %w", path, err)
	}
	var modules []string
	for _, module := range info.Deps {
		modules = append(modules, module.Path+" "+module.Version)
	}
	slices.Sort(modules)
	return modules, nil
}

// minForbidden is how long a text must be that may be forbidden: shorter ones
// are anywhere.
const minForbidden = 5

// Texts says which of these texts are in a file, where none should be.
func Texts(path string, forbidden []string) ([]string, error) {
	content, err := os.ReadFile(path) //nolint:gosec // what is inspected
	if err != nil {
		return nil, err
	}
	var faults []string
	for _, text := range forbidden {
		if len(text) < minForbidden {
			continue
		}
		if at := bytes.Index(content, []byte(text)); at >= 0 {
			faults = append(faults, fmt.Sprintf("it has %q in it: …%s…", text, around(content, at, len(text))))
		}
	}
	return faults, nil
}

// around is what stands there, for the reader to find it.
func around(content []byte, at, length int) string {
	const context = 40
	some := content[max(0, at-context):min(len(content), at+length+context)]
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '.'
		}
		return r
	}, string(some))
}
