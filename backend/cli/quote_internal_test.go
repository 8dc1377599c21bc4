package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

var hard = []string{
	"", "plain", "two words", "$HOME", "`id`", "$(id)", "it's", `"quoted"`, `back\slash\`, `\'`, "line\nbreak", "tab\there", "#not a comment",
	"!history", "%PATH%", "é ü 日本", "‘typographic’ ‚quotes‛", "a=b;c&d|e>f<g*?[x]{y}~", "-n", "\r", "'", "''", `'\''`, "$'x'", "{{x}}",
}

// inShell evaluates the lines and prints the variables, each with a NUL.
func inShell(t *testing.T, lines string, names ...string) []string {
	t.Helper()
	script := lines + "\nprintf '%s\\0'"
	for _, name := range names {
		script += ` "$` + name + `"`
	}
	out, err := exec.CommandContext(t.Context(), "sh", "-c", script).Output()
	if err != nil {
		t.Fatalf("%v: %s", err, script)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
}

func TestEnv_for_sh_gives_back_every_value(t *testing.T) {
	var all []variable
	var names []string
	for i, value := range hard {
		name := "V" + string(rune('A'+i))
		all, names = append(all, variable{name, value}), append(names, name)
	}
	var out strings.Builder
	if err := printVariables(&out, "sh", all); err != nil {
		t.Fatal(err)
	}
	for i, got := range inShell(t, out.String(), names...) {
		if got != hard[i] {
			t.Errorf("%q came back as %q", hard[i], got)
		}
	}
}

// FuzzShQuote runs a shell for each value.
func FuzzShQuote(f *testing.F) {
	for _, value := range hard {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if strings.ContainsRune(value, 0) || len(value) > 1000 {
			t.Skip("no environment holds it")
		}
		if got := inShell(t, "V="+shQuote(value), "V"); len(got) != 1 || got[0] != value {
			t.Errorf("%q came back as %q", value, got)
		}
	})
}

// Where these shells are, they are asked; the table below pins the texts.
func TestEnv_for_other_shells_that_are_installed(t *testing.T) {
	for _, c := range []struct{ format, program, flag, print string }{
		{"fish", "fish", "-c", "printf '%s' \"$V\""},
		{"powershell", "pwsh", "-Command", "[Console]::Out.Write($Env:V)"},
	} {
		if _, err := exec.LookPath(c.program); err != nil {
			t.Logf("%s isn't installed", c.program)
			continue
		}
		for _, value := range hard[1:] {
			var script strings.Builder
			if err := printVariables(&script, c.format, []variable{{"V", value}}); err != nil {
				t.Fatal(err)
			}
			out, err := exec.CommandContext(t.Context(), c.program, c.flag, script.String()+c.print).Output() //nolint:gosec // named above
			if err != nil || string(out) != value {
				t.Errorf("%s: %q came back as %q, %v", c.program, value, out, err)
			}
		}
	}
}

func TestEnv_texts(t *testing.T) {
	for value, want := range map[string][3]string{
		"plain":     {`'plain'`, `'plain'`, `plain`},
		"":          {`''`, `''`, `''`},
		"it's":      {`'it\'s'`, `'it''s'`, `"it's"`},
		`a\b'`:      {`'a\\b\''`, `'a\b'''`, `"a\\b'"`},
		"$x y":      {`'$x y'`, `'$x y'`, `'$x y'`},
		"it's $x `": {"'it\\'s $x `'", "'it''s $x `'", "\"it's \\$x \\`\""},
		"two\nrows": {"'two\nrows'", "'two\nrows'", `"two\nrows"`},
		"‘a’":       {`'‘a’'`, `'‘‘a’’'`, `'‘a’'`},
	} {
		got := [3]string{fishQuote(value), powershellQuote(value), dotenvQuote(value)}
		if got != want {
			t.Errorf("%q: %q, want %q", value, got, want)
		}
	}
}

// FuzzDotenvQuote reads back as the readers agree on: single quotes are
// literal, in double quotes a backslash frees the next character.
func FuzzDotenvQuote(f *testing.F) {
	for _, value := range hard {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		text := dotenvQuote(value)
		if strings.ContainsAny(text, "\n\r") {
			t.Fatalf("%q takes several lines: %q", value, text)
		}
		if got := readDotenv(text); got != value {
			t.Errorf("%q came back as %q from %q", value, got, text)
		}
	})
}

func readDotenv(text string) string {
	switch {
	case strings.HasPrefix(text, "'"):
		return text[1 : len(text)-1]
	case !strings.HasPrefix(text, `"`):
		return text
	}
	var value []byte
	for inside := text[1 : len(text)-1]; inside != ""; inside = inside[1:] {
		if inside[0] == '\\' {
			inside = inside[1:]
			value = append(value, map[byte]byte{'n': '\n', 'r': '\r'}[inside[0]])
			if value[len(value)-1] == 0 {
				value[len(value)-1] = inside[0]
			}
			continue
		}
		value = append(value, inside[0])
	}
	return string(value)
}

func TestEnv_as_JSON(t *testing.T) {
	var all []variable
	for i, value := range hard {
		all = append(all, variable{string(rune('A' + i)), value})
	}
	var out bytes.Buffer
	if err := printVariables(&out, "json", all); err != nil {
		t.Fatal(err)
	}
	var object map[string]string
	if err := json.Unmarshal(out.Bytes(), &object); err != nil {
		t.Fatal(err)
	}
	for _, v := range all {
		if utf8.ValidString(v.Value) && object[v.Name] != v.Value {
			t.Errorf("%q came back as %q", v.Value, object[v.Name])
		}
	}
}

func TestIsOften_names_the_commands_of_often(t *testing.T) {
	model := grammar(&often{}, &bytes.Buffer{}, &bytes.Buffer{}).Model
	names := 0
	for _, node := range model.Children {
		for _, name := range append(node.Aliases, node.Name) {
			if names++; !isOften(name) {
				t.Errorf("%s isn't among them", name)
			}
		}
	}
	if names != 6 || isOften("sandbox") {
		t.Errorf("%d names", names)
	}
}

func TestExitCodes_have_a_meaning_each_that_is_documented(t *testing.T) {
	text, err := os.ReadFile("../../docs/cli.md")
	if err != nil {
		t.Fatal(err)
	}
	for kind, code := range exitOfCode {
		if exitMeanings[code] == "" {
			t.Errorf("%s ends with %d, which means nothing", kind, code)
		}
	}
	for code, meaning := range exitMeanings {
		if row := fmt.Sprintf("| %d | %s |\n", code, meaning); !strings.Contains(string(text), row) {
			t.Errorf("docs/cli.md lacks %s", row)
		}
	}
	if rows := regexp.MustCompile(`(?m)^\| [0-9]+ \|`).FindAll(text, -1); len(rows) != len(exitMeanings) {
		t.Errorf("docs/cli.md has %d codes, the program %d", len(rows), len(exitMeanings))
	}
}
