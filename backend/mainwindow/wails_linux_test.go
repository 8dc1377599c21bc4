package mainwindow

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Confine for Windows looks into Wails' window by the names of its fields,
// which another version of Wails may change.
func TestWails_for_Windows_is_built_as_Confine_expects(t *testing.T) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/wailsapp/wails/v2").Output()
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(strings.TrimSpace(string(out)), "internal", "frontend", "desktop", "windows")
	fields := fieldsOf(t, filepath.Join(folder, "frontend.go"), "Frontend")
	if fields["chromium"] != "*edge.Chromium" || fields["mainWindow"] != "*Window" {
		t.Errorf("Frontend has %v", fields)
	}
	if embedded := fieldsOf(t, filepath.Join(folder, "window.go"), "Window"); embedded["winc.Form"] != "winc.Form" {
		t.Errorf("Window has %v", embedded)
	}
}

// fieldsOf are the fields of a struct with their types; an embedded one has its
// type as its name.
func fieldsOf(t *testing.T, path, name string) map[string]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, is := n.(*ast.TypeSpec)
		if !is || spec.Name.Name != name {
			return true
		}
		for _, f := range spec.Type.(*ast.StructType).Fields.List {
			text := types.ExprString(f.Type)
			if len(f.Names) == 0 {
				found[text] = text
			}
			for _, n := range f.Names {
				found[n.Name] = text
			}
		}
		return false
	})
	return found
}
