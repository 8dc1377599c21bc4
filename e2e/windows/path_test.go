//go:build wine

package windows

import (
	"path/filepath"
	"strings"
	"testing"
)

// NSIS's variables end at 1023 characters; a PATH may be longer.
var long = strings.TrimSuffix(strings.Repeat(`C:\a folder of a long name;`, 90), ";")

func TestSetup_changes_nothing_else_of_the_PATH(t *testing.T) {
	folder := installed(t)
	setup := standinSetup(t, "1.0.0")
	ours := windowsPath(t, folder)
	for name, c := range map[string]struct{ kind, before, with string }{
		"one":                    {"REG_SZ", `C:\one`, `C:\one;` + ours},
		"expanded":               {"REG_EXPAND_SZ", `%USERPROFILE%\bin;C:\two`, `%USERPROFILE%\bin;C:\two;` + ours},
		"ends with a semicolon":  {"REG_EXPAND_SZ", `C:\one;`, `C:\one;;` + ours},
		"longer than NSIS knows": {"REG_EXPAND_SZ", long, long + ";" + ours},
		"a longer name":          {"REG_SZ", ours + `2;C:\one`, ours + `2;C:\one;` + ours},
	} {
		t.Run(name, func(t *testing.T) {
			setRegistry(t, "Environment", "Path", c.kind, c.before)
			for range 2 { // a second time changes nothing
				install(t, setup, "/PATH=1")
				if kind, path := registry(t, "Environment", "Path"); kind != c.kind || path != c.with {
					t.Errorf("with it, it is %s %q", kind, path)
				}
			}
			install(t, setup, "/PATH=0")
			if kind, path := registry(t, "Environment", "Path"); kind != c.kind || path != c.before {
				t.Errorf("without it, it is %s %q", kind, path)
			}
		})
	}
}

func TestSetup_finds_itself_in_the_PATH_with_a_backslash(t *testing.T) {
	folder := installed(t)
	before := `C:\one;` + windowsPath(t, folder) + `\`
	setRegistry(t, "Environment", "Path", "REG_SZ", before)
	install(t, standinSetup(t, "1.0.0"), "/PATH=1")
	if _, path := registry(t, "Environment", "Path"); path != before {
		t.Errorf("with it, it is %q", path)
	}
}

// A semicolon in a folder's name would make two folders of it.
func TestSetup_adds_no_folder_with_a_semicolon_to_the_PATH(t *testing.T) {
	installed(t)
	setup := standinSetup(t, "1.0.0")
	folder := filepath.Join(local, "a;C")
	setRegistry(t, "Environment", "Path", "REG_SZ", `C:\one`)
	if code := try(t, setup, "/PATH=1", "/D="+windowsPath(t, folder)); code != exitPath {
		t.Errorf("it ended with %d", code)
	}
	if _, path := registry(t, "Environment", "Path"); path != `C:\one` {
		t.Errorf("it is %q", path)
	}
	install(t, setup, "/D="+windowsPath(t, folder)) // nobody asks for the PATH
	remove(t, folder)
	if _, path := registry(t, "Environment", "Path"); path != `C:\one` {
		t.Errorf("after it, it is %q", path)
	}
}

func TestSetup_removes_itself_from_anywhere_in_the_PATH(t *testing.T) {
	folder := installed(t)
	setup := standinSetup(t, "1.0.0")
	ours := windowsPath(t, folder)
	for before, after := range map[string]string{
		ours + `;C:\one`:                                    `C:\one`,
		`C:\one;` + ours + `;C:\two`:                        `C:\one;C:\two`,
		`C:\one;` + strings.ToUpper(ours) + `;` + ours:      `C:\one`,
		ours + `;` + ours:                                   ``,
		`C:\one;` + ours + `\;C:\two`:                       `C:\one;C:\two`,
		ours + `\;` + ours:                                  ``,
		`C:\one;` + ours + `\bin;` + ours + `;%SystemRoot%`: `C:\one;` + ours + `\bin;%SystemRoot%`,
	} {
		setRegistry(t, "Environment", "Path", "REG_EXPAND_SZ", before)
		install(t, setup, "/PATH=0")
		if _, path := registry(t, "Environment", "Path"); path != after {
			t.Errorf("of %q it left %q", before, path)
		}
	}
}

func TestSetup_makes_a_PATH_where_there_is_none(t *testing.T) {
	folder := installed(t)
	setup := standinSetup(t, "1.0.0")
	install(t, setup, "/PATH=1")
	if kind, path := registry(t, "Environment", "Path"); kind != "REG_EXPAND_SZ" || path != windowsPath(t, folder) {
		t.Errorf("it made %s %q", kind, path)
	}
	if out, code := run(t, nil, "cmd", "/c", "kitectl", "agent", "--stop"); code != 0 {
		t.Errorf("a terminal doesn't find kitectl: %d %s", code, out)
	}
	remove(t, folder)
	if kind, path := registry(t, "Environment", "Path"); kind != "" {
		t.Errorf("it left %s %q", kind, path)
	}
}
