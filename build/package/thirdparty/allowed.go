package main

import (
	"errors"
	"fmt"
	"slices"
)

// allowed are the licences that anything in a package may have: all of them
// ask for no more than that their text goes along.
var allowed = []string{
	"0BSD", "Apache-2.0", "BlueOak-1.0.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "Unlicense", "Zlib",
	"blessing", // SQLite: in the public domain, https://spdx.org/licenses/blessing.html
}

// exceptions are licences that one work may have, and why that is well.
var exceptions = map[string][]string{
	// Of files, not of what they are linked into; both are taken unchanged, and
	// their module paths say where the source is.
	"github.com/hashicorp/errwrap":       {"MPL-2.0"},
	"github.com/hashicorp/go-multierror": {"MPL-2.0"},
	// A typeface in a program is "bundled" by the licence's own words.
	"@fontsource-variable/inter": {"OFL-1.1"},
	// Like BSD, with a word on trademarks.
	"MinGW-w64 runtime": {"ZPL-2.1"},
	// The exception lets any installer be linked with LZMA's unchanged code.
	"NSIS installer stub": {"CPL-1.0 WITH LZMA-exception"},
	// Given out unchanged, as Microsoft's documentation tells to.
	"Microsoft Edge WebView2 bootstrapper": {"LicenseRef-Microsoft-WebView2"},
}

// check tells all at once which works may not be given out like this.
func check(parts []part) error {
	var problems []error
	for _, p := range parts {
		if len(p.Licences) == 0 || len(p.Texts) == 0 {
			problems = append(problems, fmt.Errorf("%s %s comes without a licence", p.Name, p.Version))
		}
		for _, licence := range p.Licences {
			if !slices.Contains(allowed, licence) && !slices.Contains(exceptions[p.Name], licence) {
				problems = append(problems, fmt.Errorf("%s %s has the licence %s, which isn't allowed (allowed.go, docs/packaging.md)",
					p.Name, p.Version, licence))
			}
		}
	}
	return errors.Join(problems...)
}
