package inspect

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// Page says what is wrong with the page: its policy, anything inline, anything
// from elsewhere, and source maps.
func Page(files fs.FS) (faults []string, err error) {
	err = fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		for _, fault := range pageFile(name, content) {
			faults = append(faults, name+": "+fault)
		}
		return nil
	})
	if _, missing := fs.Stat(files, "index.html"); missing != nil && err == nil {
		faults = append(faults, "there is no index.html")
	}
	return faults, err
}

var (
	sourceMap = regexp.MustCompile(`[#@]\s*sourceMappingURL=`)
	// Style sheets fetch what url() and @import name. A data: URL is no fetch,
	// but fonts in one are against the policy.
	styleFetch = regexp.MustCompile(`(?i)url\(\s*['"]?([^'")]+)|@import\s+['"]([^'"]+)`)
	// Code fetches modules it names; all else is held by connect-src.
	importFetch = regexp.MustCompile(`(?:\bimport\s*\(?|\bfrom)\s*["'\x60]([^"'\x60]+)["'\x60]`)
)

func pageFile(name string, content []byte) (faults []string) {
	if sourceMap.Match(content) {
		faults = append(faults, "it names a source map")
	}
	switch path.Ext(name) {
	case ".map":
		return append(faults, "it is a source map")
	case ".html":
		return append(faults, document(content)...)
	case ".css":
		return append(faults, fetches(styleFetch, content)...)
	case ".js":
		return append(faults, fetches(importFetch, content)...)
	case ".woff2", ".gitkeep":
		return faults
	}
	return append(faults, "nobody said how to inspect such a file")
}

func fetches(pattern *regexp.Regexp, content []byte) (faults []string) {
	for _, match := range pattern.FindAllSubmatch(content, -1) {
		address := string(bytes.Join(match[1:], nil))
		if elsewhere(address) {
			faults = append(faults, fmt.Sprintf("it loads %q", address))
		}
	}
	return faults
}

var scheme = regexp.MustCompile(`^(?i:[a-z][a-z0-9+.-]*:|//)`)

// elsewhere tells whether an address isn't one of the page's own files.
func elsewhere(address string) bool { return scheme.MatchString(strings.TrimSpace(address)) }

// document looks at each element of an HTML file.
func document(content []byte) (faults []string) {
	parsed, err := html.Parse(bytes.NewReader(content))
	if err != nil {
		return []string{err.Error()}
	}
	policies, loads := 0, false
	for node := range parsed.Descendants() {
		if node.Type != html.ElementNode {
			continue
		}
		if policy, there := policyOf(node); there {
			policies++
			faults = append(faults, Policy(policy)...)
			if loads {
				faults = append(faults, "the policy stands behind what it should hold for")
			}
		}
		loads = loads || node.Data == "script" || node.Data == "link"
		faults = append(faults, element(node)...)
	}
	if policies != 1 {
		faults = append(faults, fmt.Sprintf("there are %d policies", policies))
	}
	return faults
}

// DocumentPolicy is the policy in an HTML file.
func DocumentPolicy(content []byte) (string, error) {
	parsed, err := html.Parse(bytes.NewReader(content))
	if err != nil {
		return "", err
	}
	for node := range parsed.Descendants() {
		if policy, there := policyOf(node); there {
			return policy, nil
		}
	}
	return "", fmt.Errorf("there is no Content-Security-Policy")
}

func policyOf(node *html.Node) (string, bool) {
	if node.Type != html.ElementNode || node.Data != "meta" || !strings.EqualFold(attribute(node, "http-equiv"), "Content-Security-Policy") {
		return "", false
	}
	return attribute(node, "content"), true
}

func element(node *html.Node) (faults []string) {
	switch node.Data {
	case "style", "base", "iframe", "frame", "object", "embed":
		faults = append(faults, "there is a <"+node.Data+">")
	case "script":
		if attribute(node, "src") == "" || node.FirstChild != nil {
			faults = append(faults, "there is an inline script")
		}
	}
	for _, a := range node.Attr {
		switch name := strings.ToLower(a.Key); {
		case strings.HasPrefix(name, "on"), name == "style", name == "srcdoc":
			faults = append(faults, fmt.Sprintf("<%s> has inline %s", node.Data, name))
		case name == "src", name == "href", name == "action", name == "srcset":
			if elsewhere(a.Val) {
				faults = append(faults, fmt.Sprintf("<%s> loads %q", node.Data, a.Val))
			}
		}
	}
	return faults
}

func attribute(node *html.Node, name string) string {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
