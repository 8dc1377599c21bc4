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

// goBuild makes a program of one module, for that system.
func goBuild(t *testing.T, system string, args ...string) string {
	t.Helper()
	dir := t.TempDir()
	for file, content := range map[string]string{
		"go.mod":  "module example.com/hello\ngo 1.24\n",
		"main.go": "package main\n\nimport \"runtime\"\n\nfunc main() { _, file, _, _ := runtime.Caller(0); println(file) }\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out := filepath.Join(dir, "hello")
	command := exec.CommandContext(t.Context(), "go", append(append([]string{"build", "-buildvcs=false"}, args...), "-o", out, ".")...) //nolint:gosec // a test's own
	command.Dir = dir
	command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off", "GOOS="+system)
	if said, err := command.CombinedOutput(); err != nil {
		t.Fatalf("go build %v: %v\n%s", args, err, said)
	}
	return out
}

func TestBuildAndTexts(t *testing.T) {
	good := goBuild(t, "linux", "-trimpath", "-tags", "production,desktop")
	for tags, want := range map[string][]string{
		"production,desktop": nil,
		"production":         {`built with the tags "production,desktop", not "production"`},
	} {
		if faults, err := inspect.Build(good, tags); err != nil || !slices.Equal(faults, want) {
			t.Errorf("asked for %s: %q, error %v", tags, faults, err)
		}
	}
	bad := goBuild(t, "linux")
	if faults, err := inspect.Build(bad, ""); err != nil || !slices.Equal(faults, []string{"built without -trimpath"}) {
		t.Errorf("without -trimpath: %q, error %v", faults, err)
	}
	for program, clean := range map[string]bool{good: true, bad: false} {
		faults, err := inspect.Texts(program, []string{filepath.Dir(program), "go"})
		if err != nil || (len(faults) == 0) != clean {
			t.Errorf("texts of the program, which is clean %v: %q, error %v", clean, faults, err)
		}
	}
}

func TestModules(t *testing.T) {
	none, err := inspect.Modules(goBuild(t, "linux"))
	if err != nil || len(none) != 0 {
		t.Errorf("a program without others has %q, error %v", none, err)
	}
	own := filepath.Join(t.TempDir(), "thirdparty")
	build := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-o", own, "../../../build/package/thirdparty") //nolint:gosec // a test's own
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	modules, err := inspect.Modules(own)
	if err != nil || !slices.ContainsFunc(modules, func(m string) bool { return strings.HasPrefix(m, "github.com/google/licensecheck v") }) {
		t.Errorf("a command of ours has %q, error %v", modules, err)
	}
}

func TestPE(t *testing.T) {
	console := goBuild(t, "windows", "-ldflags=-s -w")
	if faults, err := inspect.PE(console, pe.IMAGE_SUBSYSTEM_WINDOWS_CUI); err != nil || len(faults) > 0 {
		t.Errorf("a console program: %q, error %v", faults, err)
	}
	faults, err := inspect.PE(console, pe.IMAGE_SUBSYSTEM_WINDOWS_GUI)
	if err != nil || !slices.Equal(faults, []string{"its subsystem is 3, not 2"}) {
		t.Errorf("a console program where a window is asked for: %q, error %v", faults, err)
	}
	content, err := os.ReadFile(console) //nolint:gosec // just built
	if err != nil {
		t.Fatal(err)
	}
	// The optional header is behind the four bytes "PE\0\0" and 20 more; the
	// characteristics are 70 bytes into it.
	header := int(content[0x3c]) + int(content[0x3d])<<8 + 24
	content[header+70], content[header+71] = 0, 0
	if err := os.WriteFile(console, content, 0o600); err != nil { //nolint:gosec // just built
		t.Fatal(err)
	}
	faults, err = inspect.PE(console, pe.IMAGE_SUBSYSTEM_WINDOWS_CUI)
	want := []string{"its addresses are fixed", "its addresses are random within 32 bits only", "data can be executed"}
	if err != nil || !slices.Equal(faults, want) {
		t.Errorf("a program with nothing switched on: %q, error %v", faults, err)
	}
	faults, err = inspect.PE(goBuild(t, "windows"), pe.IMAGE_SUBSYSTEM_WINDOWS_CUI)
	if err != nil || !slices.ContainsFunc(faults, func(f string) bool { return strings.HasPrefix(f, "not stripped") }) {
		t.Errorf("a program with symbols: %q, error %v", faults, err)
	}
}
