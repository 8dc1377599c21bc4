package inspect_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kiteaccounts/kite-accounts/e2e/packages/inspect"
)

const (
	policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
		"connect-src 'self'; frame-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'"
	meta = `<meta http-equiv="Content-Security-Policy" content="` + policy + `">`
	page = `<!doctype html><html><head>` + meta + `<script type="module" src="/assets/a.js"></script>` +
		`<link rel="stylesheet" href="/assets/a.css"></head><body><div id="app"></div></body></html>`
)

func TestPolicy(t *testing.T) {
	if faults := inspect.Policy(policy); len(faults) > 0 {
		t.Errorf("the page's own policy: %q", faults)
	}
	for from, test := range map[string]struct{ to, want string }{
		"script-src 'self'":    {"script-src 'self' 'unsafe-inline'", "script-src allows 'unsafe-inline'"},
		"style-src 'self'":     {"style-src 'self' 'unsafe-inline'", "style-src allows 'unsafe-inline'"},
		"font-src 'self'":      {"font-src https:", "font-src allows https:"},
		"connect-src 'self'":   {"connect-src *", "connect-src allows *"},
		"frame-src 'none'; ":   {"", "frame-src is missing"},
		"base-uri 'none'; ":    {"", "base-uri is missing"},
		"form-action 'none'":   {"form-action", "form-action names no source"},
		"object-src 'none'":    {"object-src 'none'; worker-src blob:", "worker-src allows blob:"},
		"default-src 'none'; ": {"", "default-src is missing"},
		"img-src 'self'":       {"script-src 'self'; img-src 'self'", "script-src stands twice, and browsers take the first"},
	} {
		faults := inspect.Policy(strings.Replace(policy, from, test.to, 1))
		if !slices.Equal(faults, []string{test.want}) {
			t.Errorf("%s → %s: %q, not %q", from, test.to, faults, test.want)
		}
	}
}

func TestPage(t *testing.T) {
	for name, test := range map[string]struct {
		file, content string
		want          string
	}{
		"as released":          {"index.html", page, ""},
		"inline script":        {"index.html", strings.Replace(page, "<div", "<script>f()</script><div", 1), "index.html: there is an inline script"},
		"script with both":     {"index.html", strings.Replace(page, "></script>", ">f()</script>", 1), "index.html: there is an inline script"},
		"inline style":         {"index.html", strings.Replace(page, "<div", "<style>a{}</style><div", 1), "index.html: there is a <style>"},
		"style attribute":      {"index.html", strings.Replace(page, "<div", "<div style='a:b'", 1), "index.html: <div> has inline style"},
		"handler":              {"index.html", strings.Replace(page, "<div", "<div onclick='f()'", 1), "index.html: <div> has inline onclick"},
		"frame":                {"index.html", strings.Replace(page, "<div", "<iframe></iframe><div", 1), "index.html: there is a <iframe>"},
		"script of elsewhere":  {"index.html", strings.Replace(page, "/assets/a.js", "https://cdn.example/a.js", 1), `index.html: <script> loads "https://cdn.example/a.js"`},
		"the page's scheme":    {"index.html", strings.Replace(page, "/assets/a.css", "//cdn.example/a.css", 1), `index.html: <link> loads "//cdn.example/a.css"`},
		"no policy":            {"index.html", strings.Replace(page, meta, "", 1), "index.html: there are 0 policies"},
		"two policies":         {"index.html", strings.Replace(page, meta, meta+meta, 1), "index.html: there are 2 policies"},
		"late policy":          {"index.html", strings.Replace(strings.Replace(page, meta, "", 1), "</head>", meta+"</head>", 1), "index.html: the policy stands behind what it should hold for"},
		"loose policy":         {"index.html", strings.Replace(page, "script-src 'self'", "script-src *", 1), "index.html: script-src allows *"},
		"source map":           {"a.js.map", "{}", "a.js.map: it is a source map"},
		"source map named":     {"a.js", "f()\n//# sourceMappingURL=a.js.map", "a.js: it names a source map"},
		"own font":             {"a.css", "@font-face{src:url(/assets/inter.woff2)}", ""},
		"font of elsewhere":    {"a.css", "@font-face{src:url('https://fonts.example/inter.woff2')}", `a.css: it loads "https://fonts.example/inter.woff2"`},
		"import of elsewhere":  {"a.css", "@import 'https://fonts.example/a.css';", `a.css: it loads "https://fonts.example/a.css"`},
		"text with an address": {"a.js", `let u="https://svelte.dev/e/x";import a from"./b.js"`, ""},
		"module of elsewhere":  {"a.js", `const m=await import("https://cdn.example/m.js")`, `a.js: it loads "https://cdn.example/m.js"`},
		"static module":        {"a.js", `import{a}from"https://cdn.example/m.js"`, `a.js: it loads "https://cdn.example/m.js"`},
		"something else":       {"a.wasm", "\x00asm", "a.wasm: nobody said how to inspect such a file"},
	} {
		files := fstest.MapFS{"index.html": {Data: []byte(page)}}
		files[test.file] = &fstest.MapFile{Data: []byte(test.content)}
		var want []string
		if test.want != "" {
			want = []string{test.want}
		}
		if faults, err := inspect.Page(files); err != nil || !slices.Equal(faults, want) {
			t.Errorf("%s: %q, not %q, error %v", name, faults, want, err)
		}
	}
	if faults, err := inspect.Page(fstest.MapFS{}); err != nil || !slices.Equal(faults, []string{"there is no index.html"}) {
		t.Errorf("without a page: %q, error %v", faults, err)
	}
}

func TestDocumentPolicy(t *testing.T) {
	if found, err := inspect.DocumentPolicy([]byte(page)); err != nil || found != policy {
		t.Errorf("policy is %q, error %v", found, err)
	}
	if found, err := inspect.DocumentPolicy([]byte("<p>hello")); err == nil {
		t.Errorf("policy of a page without is %q", found)
	}
}
