package build_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// repository is a git repository of one commit with the script in it.
type repository struct {
	t      *testing.T
	folder string
}

func newRepository(t *testing.T) repository {
	t.Helper()
	r := repository{t, t.TempDir()}
	script, err := os.ReadFile("version.sh")
	if err != nil {
		t.Fatal(err)
	}
	r.write("build/version.sh", string(script))
	r.git("init", "--quiet")
	r.commit()
	return r
}

func (r repository) write(name, text string) {
	r.t.Helper()
	path := filepath.Join(r.folder, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil { //nolint:gosec // a script, to be run
		r.t.Fatal(err)
	}
}

func (r repository) git(args ...string) string {
	r.t.Helper()
	cmd := exec.CommandContext(r.t.Context(), "git", args...) //nolint:gosec // this test's own words
	cmd.Dir = r.folder
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@b", "GIT_COMMITTER_NAME=a",
		"GIT_COMMITTER_EMAIL=a@b", "GIT_AUTHOR_DATE=2026-11-02T03:45:00Z", "GIT_COMMITTER_DATE=2026-11-02T03:45:00Z")
	out, err := cmd.CombinedOutput()
	if err != nil {
		r.t.Fatalf("git %s: %v: %s", args[0], err, out)
	}
	return strings.TrimSpace(string(out))
}

func (r repository) commit() {
	r.t.Helper()
	r.git("add", ".")
	r.git("commit", "--quiet", "--allow-empty", "--message", "a")
}

func (r repository) script(args ...string) (string, error) {
	cmd := exec.CommandContext(r.t.Context(), filepath.Join(r.folder, "build", "version.sh"), args...) //nolint:gosec // a copy of ours
	out, err := cmd.Output()
	return strings.TrimSpace(string(out)), err
}

func (r repository) expect(want string) {
	r.t.Helper()
	commit := r.git("rev-parse", "--short=7", "HEAD")
	want = strings.ReplaceAll(want, "COMMIT", commit)
	if got, err := r.script(); err != nil || got != want {
		r.t.Errorf("version.sh says %q (%v), want %q", got, err, want)
	}
}

func TestVersion_follows_the_tags(t *testing.T) {
	r := newRepository(t)
	r.expect("0.0.0+gCOMMIT")
	r.write("README.md", "a")
	r.commit()
	r.git("tag", "v1.3.0-rc.1")
	r.expect("1.3.0-rc.1")
	r.commit()
	r.git("tag", "v1.3.0")
	r.expect("1.3.0")
	r.commit()
	r.commit()
	r.expect("1.3.0+2.gCOMMIT")
	r.write("README.md", "b")
	r.expect("1.3.0+2.gCOMMIT.dirty")
	r.write("new.txt", "not git's yet")
	r.git("checkout", "README.md")
	r.expect("1.3.0+2.gCOMMIT")
	if date, err := r.script("--date"); err != nil || date != "1793591100" {
		t.Errorf("version.sh --date says %q (%v)", date, err)
	}
}

func TestVersion_of_tags_that_are_none(t *testing.T) {
	r := newRepository(t)
	made := filepath.Join(t.TempDir(), "made")
	for _, tag := range []string{"v9.9.9$(touch${IFS}" + made + ")", "v9.9.9;id", "v1.2", "v2-old", "version-3"} {
		r.git("tag", tag)
	}
	r.expect("0.0.0+gCOMMIT")
	r.git("tag", "v1.2.3.4")
	if said, err := r.script(); err == nil {
		t.Errorf("version.sh takes v1.2.3.4 for the version %q", said)
	}
	if _, err := os.Stat(made); err == nil {
		t.Error("a tag's name was run")
	}
}

// What make is given as a version lands in its commands.
func TestMake_refuses_a_version_that_a_shell_would_run(t *testing.T) {
	for _, version := range []string{"1.2.3;id", "1.2.3`id`", "a'b", `1"2`, "1 2"} {
		cmd := exec.CommandContext(t.Context(), "make", "-n", "help")
		cmd.Dir = ".."
		cmd.Env = append(os.Environ(), "VERSION="+version)
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), "VERSION may hold") {
			t.Errorf("make with the version %q: %v: %s", version, err, out)
		}
	}
}
