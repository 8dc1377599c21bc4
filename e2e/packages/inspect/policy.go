package inspect

import (
	"fmt"
	"slices"
	"strings"
)

// strict are the sources that each directive of the page's policy may name, at
// most. What isn't named here has to be 'none' by default-src, so a directive
// that isn't here is a fault too.
var strict = map[string][]string{
	"default-src": {"'none'"},
	"script-src":  {"'self'"},
	"style-src":   {"'self'"},
	"img-src":     {"'self'", "data:"},
	"font-src":    {"'self'"},
	"connect-src": {"'self'"},
	"frame-src":   {"'none'"},
	"object-src":  {"'none'"},
	"base-uri":    {"'none'"},
	"form-action": {"'none'"},
}

// needed are the directives without which default-src would not do: it doesn't
// hold for the last two, and frames can call Go.
var needed = []string{"default-src", "script-src", "frame-src", "object-src", "base-uri", "form-action"}

// Policy says where a Content-Security-Policy lets in more than the page's own
// files, such as inline scripts. See https://www.w3.org/TR/CSP3/.
func Policy(policy string) []string {
	var faults []string
	seen := map[string]bool{}
	for directive := range strings.SplitSeq(policy, ";") {
		words := strings.Fields(directive)
		if len(words) == 0 {
			continue
		}
		name, sources := strings.ToLower(words[0]), words[1:]
		if seen[name] {
			faults = append(faults, name+" stands twice, and browsers take the first")
		}
		seen[name] = true
		if len(sources) == 0 {
			faults = append(faults, name+" names no source")
		}
		for _, source := range sources {
			if !slices.Contains(strict[name], source) {
				faults = append(faults, fmt.Sprintf("%s allows %s", name, source))
			}
		}
	}
	for _, name := range needed {
		if !seen[name] {
			faults = append(faults, name+" is missing")
		}
	}
	return faults
}
