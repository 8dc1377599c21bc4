// Command size says which files and functions are longer than the project
// allows. Newcomers read files whole, so length is a matter of correctness of
// design here: what is too long does two things.
package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// The longest allowed, in lines. Generated files are exempt, and so are test
// functions, which may hold a long table.
const (
	maxGoFunction = 60
	maxGoFile     = 400
	maxPageFile   = 300
)

// skipped are folders whose files aren't written by hand.
var skipped = map[string]bool{
	".git": true, ".tools": true, "node_modules": true, "wailsjs": true, "dist": true,
	"bin": true, "screenshots": true, "testdata": true,
}

func main() {
	findings, err := check(".")
	if err != nil {
		fmt.Fprintln(os.Stderr, "size:", err)
		os.Exit(2)
	}
	for _, finding := range findings {
		fmt.Println(finding)
	}
	if len(findings) > 0 {
		os.Exit(1)
	}
}

// check walks the tree under root and returns a line for each thing too long.
func check(root string) ([]string, error) {
	var findings []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if path != root && skipped[entry.Name()] {
				return filepath.SkipDir
			}
			return nil
		}
		found, err := checkFile(path)
		findings = append(findings, found...)
		return err
	})
	return findings, err
}

func checkFile(path string) ([]string, error) {
	limit := maxPageFile
	switch filepath.Ext(path) {
	case ".go":
		limit = maxGoFile
	case ".ts", ".js", ".mjs", ".svelte", ".css":
	default:
		return nil, nil
	}
	source, err := os.ReadFile(path) //nolint:gosec // files of the tree it is asked about
	if err != nil {
		return nil, err
	}
	var findings []string
	if filepath.Ext(path) == ".go" {
		file, functions, err := longFunctions(path, source)
		if err != nil || ast.IsGenerated(file) {
			return nil, err
		}
		findings = functions
	}
	if lines := bytes.Count(source, []byte("\n")); lines > limit {
		findings = append(findings, fmt.Sprintf("%s: %d lines, at most %d", path, lines, limit))
	}
	return findings, nil
}

func isTest(path string, function *ast.FuncDecl) bool {
	return strings.HasSuffix(path, "_test.go") && strings.HasPrefix(function.Name.Name, "Test")
}

// longFunctions counts from the opening to the closing brace's line.
func longFunctions(path string, source []byte) (*ast.File, []string, error) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, source, parser.ParseComments)
	if err != nil {
		return nil, nil, fmt.Errorf("read %s: %w", path, err)
	}
	var findings []string
	for _, declaration := range file.Decls {
		function, is := declaration.(*ast.FuncDecl)
		if !is || function.Body == nil || isTest(path, function) {
			continue
		}
		lines := set.Position(function.End()).Line - set.Position(function.Pos()).Line + 1
		if lines > maxGoFunction {
			findings = append(findings, fmt.Sprintf("%s:%d: %s has %d lines, at most %d",
				strings.TrimPrefix(path, "./"), set.Position(function.Pos()).Line, function.Name.Name, lines, maxGoFunction))
		}
	}
	return file, findings, nil
}
