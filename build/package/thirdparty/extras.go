package main

import (
	"context"
	"embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// What is in packages without being a Go module or an npm package. WebView2's
// loader isn't among them: go-webview2's default is a port to Go, whose licence
// comes with the module.

//go:embed texts
var extraTexts embed.FS

// extras are these works. Where a text isn't beside the work, it is in texts/.
func extras(ctx context.Context, modules []part) ([]part, error) {
	standard, err := goItself(ctx)
	if err != nil {
		return nil, err
	}
	engine, err := sqlite(ctx, modules)
	if err != nil {
		return nil, err
	}
	others := []part{
		{
			Name: "MinGW-w64 runtime", PURL: "pkg:generic/mingw-w64",
			In: []string{"kite-accounts (windows)", "kitectl (windows)"}, Licences: []string{"ZPL-2.1"},
		},
		{
			Name: "NSIS installer stub", PURL: "pkg:generic/nsis",
			In: []string{"setup.exe (windows)"}, Licences: []string{"CPL-1.0 WITH LZMA-exception", "Zlib"},
		},
		{
			Name: "Microsoft Edge WebView2 bootstrapper", PURL: "pkg:generic/microsoft-edge-webview2-bootstrapper",
			In: []string{"kite-accounts (windows)", "setup.exe (windows)"}, Licences: []string{"LicenseRef-Microsoft-WebView2"},
		},
	}
	for i, file := range []string{"mingw-w64.txt", "nsis.txt", "webview2-bootstrapper.txt"} {
		if others[i].Texts, err = extraText(file); err != nil {
			return nil, err
		}
	}
	return append([]part{standard, engine}, others...), nil
}

func extraText(file string) ([]text, error) {
	body, err := extraTexts.ReadFile("texts/" + file)
	return []text{{file, tidy(string(body))}}, err
}

// everywhere are all programs on all systems.
func everywhere() []string {
	in := windows()
	for _, system := range systems {
		in = insert(in, "kitectl ("+system+")")
	}
	return in
}

// goItself is Go's runtime and standard library.
func goItself(ctx context.Context) (part, error) {
	out, err := exec.CommandContext(ctx, "go", "env", "GOVERSION", "GOROOT").Output()
	if err != nil {
		return part{}, fmt.Errorf("ask go env: %w", err)
	}
	version, root, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	version = strings.TrimPrefix(version, "go")
	p := part{
		Name: "Go runtime and standard library", Version: version, PURL: "pkg:golang/std@" + version,
		In: everywhere(), Direct: true,
	}
	// Debian's own Go has its licence elsewhere; the words are Go's in both.
	if p.Texts, err = texts(root, []string{"."}); err == nil && len(p.Texts) == 0 {
		p.Texts, err = extraText("go.txt")
	}
	return p, err
}

var sqliteVersion = regexp.MustCompile(`#define SQLITE_VERSION\s+"([0-9.]+)"`)

// sqlite is the database engine, which mattn/go-sqlite3 holds as C code.
func sqlite(ctx context.Context, modules []part) (part, error) {
	const module = "github.com/mattn/go-sqlite3"
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	if err != nil {
		return part{}, fmt.Errorf("find %s: %w", module, err)
	}
	header, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(out)), "sqlite3-binding.h"))
	if err != nil {
		return part{}, err
	}
	version := sqliteVersion.FindSubmatch(header)
	if version == nil {
		return part{}, fmt.Errorf("%s doesn't say its version of SQLite", module)
	}
	p := part{
		Name: "SQLite", Version: string(version[1]), PURL: "pkg:generic/sqlite@" + string(version[1]),
		In: everywhere(), Licences: []string{"blessing"},
	}
	for i := range modules {
		if modules[i].Name == module {
			modules[i].Needs = insert(modules[i].Needs, p.PURL)
		}
	}
	p.Texts, err = extraText("sqlite.txt")
	return p, err
}
