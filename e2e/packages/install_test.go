//go:build packages

package packages

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestDeb_needs_nothing_that_it_does_not_declare(t *testing.T) {
	s := newSystem(t, installed(t))
	if got := s.run(t, "dpkg-query", "-W", "-f", "${db:Status-Abbrev}", "kite-accounts"); got != "ii " {
		t.Errorf("the package's state is %q", got)
	}
	if got := s.run(t, "dpkg", "--audit"); got != "" {
		t.Errorf("dpkg complains: %s", got)
	}
	for _, program := range []string{"/usr/bin/kite-accounts", "/usr/bin/kitectl"} {
		if out := s.run(t, "ldd", program); strings.Contains(out, "not found") || !strings.Contains(out, "libc.so.6") {
			t.Errorf("%s: %s", program, out)
		}
	}
	// Go and WebKit read the roots of trust from there, and could trust nobody.
	if info, err := os.Stat(s.path("/etc/ssl/certs/ca-certificates.crt")); err != nil || info.Size() < 100_000 {
		t.Errorf("roots of trust: %v, %v", info, err)
	}
	if out := s.runAsUser(t, "kitectl", "version"); !strings.Contains(out, version) {
		t.Errorf("kitectl version says %q, not %s", out, version)
	}
	if got, err := os.ReadFile(s.path("/usr/lib/kite-accounts/packaged-as")); err != nil || strings.TrimSpace(string(got)) != "deb" {
		t.Errorf("it is packaged as %q, %v", got, err)
	}
}

func TestDeb_belongs_to_root_and_nothing_in_it_gains_rights(t *testing.T) {
	out, err := exec.Command("dpkg-deb", "-c", packageFile(t, debPattern)).Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		mode, owner, path := fields[0], fields[1], strings.TrimSpace(line[strings.Index(line, " ./"):])
		want := "-rw-r--r--"
		switch {
		case strings.HasPrefix(mode, "d"):
			want = "drwxr-xr-x"
		case strings.HasPrefix(path, "./usr/bin/"):
			want = "-rwxr-xr-x"
		}
		if owner != "root/root" || mode != want {
			t.Errorf("%s: %s %s, want %s root/root", path, mode, owner, want)
		}
		if !strings.HasPrefix("./usr/", path) && !strings.HasPrefix(path, "./usr/") {
			t.Errorf("%s is outside of /usr", path)
		}
	}
}

func TestDeb_as_lintian_sees_it(t *testing.T) {
	out, err := exec.Command("lintian", "--fail-on", "error", packageFile(t, debPattern)).CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

func TestDeb_desktop_entry_and_metadata_are_valid_as_installed(t *testing.T) {
	s := installed(t)
	if out, err := exec.Command("desktop-file-validate", s.path(desktopEntry)).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("desktop entry: %v\n%s", err, out)
	}
	if out, err := exec.Command("appstreamcli", "validate-tree", "--no-net", "--explain", s.dir).CombinedOutput(); err != nil {
		t.Errorf("AppStream: %v\n%s", err, out)
	}
	entry, err := os.ReadFile(s.path(desktopEntry))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(entry)) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		switch key {
		case "Exec":
			if _, err := os.Stat(s.path("/usr/bin/" + strings.Fields(value)[0])); err != nil {
				t.Errorf("%s: %v", line, err)
			}
		case "Icon":
			expectIcons(t, s, value)
		}
	}
}

func expectIcons(t *testing.T, s *system, name string) {
	t.Helper()
	for _, size := range []string{"16x16", "32x32", "48x48", "128x128", "256x256", "512x512"} {
		out, err := exec.Command("identify", "-format", "%wx%h", s.path("/usr/share/icons/hicolor/"+size+"/apps/"+name+".png")).CombinedOutput()
		if err != nil || string(out) != size {
			t.Errorf("icon of %s: %s, %v", size, out, err)
		}
	}
	if _, err := os.Stat(s.path("/usr/share/icons/hicolor/scalable/apps/" + name + ".svg")); err != nil {
		t.Error(err)
	}
}

func TestDeb_pages_and_completions_work_as_installed(t *testing.T) {
	s := newSystem(t, equipped(t))
	for page, says := range map[string]string{"kitectl": "kitectl", "kite-accounts": "--login-all"} {
		warned := s.run(t, "sh", "-c", "man --warnings -l /usr/share/man/man1/"+page+".1.gz 2>&1 >/dev/null")
		if out := s.run(t, "man", page); !strings.Contains(out, "SYNOPSIS") || !strings.Contains(out, says) || warned != "" {
			t.Errorf("man %s: %s\nwarnings: %s", page, out, warned)
		}
	}
	// Each shell finds the completion by itself and gets kitectl's own answers.
	for shell, c := range map[string]struct{ line, want string }{
		"bash": {`. /usr/share/bash-completion/bash_completion; _completion_loader kitectl; complete -p kitectl`, `^complete .*kitectl\n$`},
		"zsh":  {`autoload -Uz compinit; compinit -u -D; print $_comps[kitectl]`, `^_kitectl\n$`},
		"fish": {`complete -C "kitectl tok"`, `(?m)^token\b`},
	} {
		if out := s.runAsUser(t, "env", "HOME=/tmp", shell, "-c", c.line); !regexp.MustCompile(c.want).MatchString(out) {
			t.Errorf("%s: %q doesn't match %q", shell, out, c.want)
		}
	}
	if out := s.runAsUser(t, "env", "COMP_LINE=kitectl tok", "COMP_POINT=11", "kitectl"); strings.TrimSpace(out) != "token" {
		t.Errorf("kitectl completes tok to %q", out)
	}
	s.run(t, "zsh", "-n", "/usr/share/zsh/vendor-completions/_kitectl")
	s.run(t, "fish", "-n", "/usr/share/fish/vendor_completions.d/kitectl.fish")
}

func TestDeb_names_the_licences_of_what_it_contains(t *testing.T) {
	s := installed(t)
	copyright, err := os.ReadFile(s.path("/usr/share/doc/kite-accounts/copyright"))
	if err != nil || !strings.Contains(string(copyright), "MIT") {
		t.Errorf("copyright: %v", err)
	}
	listed, err := exec.Command("zgrep", "-c", "^", s.path("/usr/share/doc/kite-accounts/THIRD-PARTY-LICENSES.txt.gz")).Output()
	if err != nil || len(listed) < len("100\n") {
		t.Errorf("licences of others: %s lines, %v", listed, err)
	}
	if changelogs, err := filepath.Glob(s.path("/usr/share/doc/kite-accounts/changelog*")); err != nil || len(changelogs) != 1 {
		t.Errorf("changelogs: %q, %v", changelogs, err)
	}
}
