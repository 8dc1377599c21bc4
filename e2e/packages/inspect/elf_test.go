package inspect_test

import (
	"debug/pe"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/e2e/packages/inspect"
)

// compile makes a program with gcc as the linker's options of the release say,
// and then with those given, which gcc takes instead.
func compile(t *testing.T, source string, options ...string) string {
	t.Helper()
	dir := t.TempDir()
	in, out := filepath.Join(dir, "program.c"), filepath.Join(dir, "program")
	if err := os.WriteFile(in, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	args := append([]string{"-O1", "-fPIE", "-pie", "-Wl,-z,relro,-z,now", "-o", out, in}, options...)
	if said, err := exec.CommandContext(t.Context(), "gcc", args...).CombinedOutput(); err != nil { //nolint:gosec // a test's own
		t.Fatalf("gcc %v: %v\n%s", options, err, said)
	}
	return out
}

const hello = `#include <stdio.h>
int main(void) { puts("hello"); return 0; }`

// The absolute address within the code must be filled in when the program
// starts, for which the code has to be writable then.
const textRelocation = `int main(void) { return 0; }
__asm__(".text\n.quad main\n");`

func TestELF(t *testing.T) {
	for name, test := range map[string]struct {
		source  string
		options []string
		want    []string // beginnings of the faults, sorted
	}{
		"as released":      {hello, []string{"-s"}, nil},
		"with symbols":     {hello, nil, []string{"not stripped: there is a section .symtab"}},
		"fixed addresses":  {hello, []string{"-s", "-no-pie", "-fno-pie"}, []string{"its addresses are fixed"}},
		"lazy":             {hello, []string{"-s", "-Wl,-z,lazy"}, []string{"functions are looked up lazily"}},
		"no RELRO":         {hello, []string{"-s", "-Wl,-z,norelro"}, []string{"there is no RELRO"}},
		"executable stack": {hello, []string{"-s", "-z", "execstack"}, []string{"memory is writable and executable: PT_GNU_STACK"}},
		"RUNPATH":          {hello, []string{"-s", "-Wl,-rpath,/somewhere"}, []string{"there is a RUNPATH"}},
		"RPATH":            {hello, []string{"-s", "-Wl,-rpath,/somewhere,--disable-new-dtags"}, []string{"there is a RPATH"}},
		"TEXTREL":          {textRelocation, []string{"-s", "-Wl,-z,notext"}, []string{"there is a TEXTREL"}},
		"static":           {hello, []string{"-s", "-static", "-no-pie"}, []string{"functions are looked up lazily", "its addresses are fixed"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			faults, err := inspect.ELF(compile(t, test.source, test.options...))
			if err != nil {
				t.Fatal(err)
			}
			if !slices.EqualFunc(faults, test.want, strings.HasPrefix) {
				t.Errorf("faults are %q, not %q", faults, test.want)
			}
		})
	}
	debuggable, err := inspect.ELF(compile(t, hello, "-g"))
	if err != nil || !slices.Contains(debuggable, "not stripped: there is a section .debug_info") {
		t.Errorf("with debug information: %q, error %v", debuggable, err)
	}
}

func TestLibraries(t *testing.T) {
	libraries, err := inspect.Libraries(compile(t, hello, "-Wl,--no-as-needed", "-lm"))
	if err != nil || !slices.Equal(libraries, []string{"libm.so.6", "libc.so.6"}) {
		t.Errorf("libraries are %q, error %v", libraries, err)
	}
}

func TestWhatIsNoProgram(t *testing.T) {
	path := filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(path, []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := inspect.ELF(path); err == nil {
		t.Error("ELF takes it")
	}
	if _, err := inspect.Libraries(path); err == nil {
		t.Error("Libraries takes it")
	}
	if _, err := inspect.PE(path, pe.IMAGE_SUBSYSTEM_WINDOWS_CUI); err == nil {
		t.Error("PE takes it")
	}
	if _, err := inspect.Build(path, ""); err == nil {
		t.Error("Build takes it")
	}
	if _, err := inspect.Modules(path); err == nil {
		t.Error("Modules takes it")
	}
	if _, err := inspect.Texts(filepath.Join(path, "no"), nil); err == nil {
		t.Error("Texts takes it")
	}
}
