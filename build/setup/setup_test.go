package setup_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The scripts run with a PATH of their own, in which go, node, dpkg-query,
// apt-get and sudo are stand-ins that print what they are told and note how
// they were called: no test installs anything.

// machine is a folder of programs.
type machine struct {
	t   *testing.T
	bin string
}

func newMachine(t *testing.T) machine {
	t.Helper()
	m := machine{t: t, bin: t.TempDir()}
	for _, name := range []string{"bash", "env", "awk", "sort", "head", "comm", "paste", "dirname", "cat"} {
		path, err := exec.LookPath(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(path, filepath.Join(m.bin, name)); err != nil {
			t.Fatal(err)
		}
	}
	m.has("sleep", "exit 0")
	return m
}

// has puts a program there that runs these shell lines.
func (m machine) has(name, lines string) {
	m.t.Helper()
	path := filepath.Join(m.bin, name)
	_ = os.Remove(path) // never write through a link to the real program
	script := "#!" + filepath.Join(m.bin, "bash") + "\n" + lines + "\n"
	if err := os.WriteFile(path, []byte(script), 0o755); err != nil {
		m.t.Fatal(err)
	}
}

// run gives what a script printed and whether it succeeded.
func (m machine) run(script string, args ...string) (output string, ok bool) {
	m.t.Helper()
	path, err := filepath.Abs(script)
	if err != nil {
		m.t.Fatal(err)
	}
	cmd := exec.Command(filepath.Join(m.bin, "bash"), append([]string{path}, args...)...)
	cmd.Env = []string{"PATH=" + m.bin, "LC_ALL=C.UTF-8", "CALLS=" + m.callsFile()}
	out, err := cmd.CombinedOutput()
	return string(out), err == nil
}

func (m machine) callsFile() string { return filepath.Join(m.bin, "calls") }

// calls are how the stand-ins were called that note it.
func (m machine) calls() string {
	m.t.Helper()
	text, err := os.ReadFile(m.callsFile())
	if err != nil && !os.IsNotExist(err) {
		m.t.Fatal(err)
	}
	return string(text)
}

const note = `echo "${0##*/} $*" >>"$CALLS"`

func TestToolchain(t *testing.T) {
	const goodGo, goodNode = "echo go1.26.8", "echo v20.20.2"
	for name, c := range map[string]struct{ goProgram, node, says string }{
		"both recent":   {goodGo, goodNode, ""},
		"exactly":       {"echo go1.26.0", "echo v20.19.0", ""},
		"much newer":    {"echo go1.100.1", "echo v100.0.0", ""},
		"no Go":         {"", goodNode, "Go 1.26.0 or newer is needed and none was found."},
		"broken Go":     {"exit 1", goodNode, "Go 1.26.0 or newer is needed and none was found."},
		"Debian's Go":   {"echo go1.19.8", goodNode, "Go 1.26.0 or newer is needed, and this machine has 1.19.8."},
		"no Node":       {goodGo, "", "Node.js 20.19.0 or newer is needed and none was found."},
		"Debian's Node": {goodGo, "echo v18.20.4", "Node.js 20.19.0 or newer is needed, and this machine has 18.20.4."},
		"Node nearly":   {goodGo, "echo v20.9.0", "Node.js 20.19.0 or newer is needed, and this machine has 20.9.0."},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMachine(t)
			m.has("npm", "exit 0")
			if c.goProgram != "" {
				m.has("go", c.goProgram)
			}
			if c.node != "" {
				m.has("node", c.node)
			}
			output, ok := m.run("toolchain.sh")
			if ok != (c.says == "") || !strings.Contains(output, c.says) {
				t.Errorf("succeeded %v and said:\n%s", ok, output)
			}
		})
	}
}

// debian is a machine where all packages but the missing ones are installed.
func debian(t *testing.T, uid string, missing ...string) machine {
	t.Helper()
	m := newMachine(t)
	m.has("id", "echo "+uid)
	m.has("dpkg-query", `shift 2; for p in "$@"; do case " `+strings.Join(missing, " ")+` " in
		*" $p "*) echo "un  $p" ;; *) echo "ii  $p" ;; esac; done`)
	m.has("apt-get", note)
	return m
}

func TestPackages_all_there_asks_for_nothing(t *testing.T) {
	m := debian(t, "1000")
	if output, ok := m.run("packages.sh", "build", "desktop", "tests"); !ok || output != "" || m.calls() != "" {
		t.Errorf("succeeded %v, said %q, ran %q", ok, output, m.calls())
	}
}

func TestPackages_root_installs_only_what_is_missing(t *testing.T) {
	m := debian(t, "0", "xclip", "dunst", "gcc")
	output, ok := m.run("packages.sh", "tests")
	lines := strings.Split(strings.TrimSpace(m.calls()), "\n")
	if !ok || len(lines) != 2 || !strings.HasSuffix(lines[0], " update") ||
		!strings.HasSuffix(lines[1], " install -y --no-install-recommends dunst xclip") {
		t.Errorf("succeeded %v, said %q, ran %q", ok, output, lines)
	}
}

func TestPackages_installs_a_group_at_a_time(t *testing.T) {
	for group, c := range map[string]struct{ missing, other string }{
		"tests":         {"appstream", "nsis"},
		"windows":       {"nsis", "wine"},
		"windows-tests": {"wine", "nsis"},
	} {
		m := debian(t, "0", c.missing, c.other)
		if output, ok := m.run("packages.sh", group); !ok || !strings.HasSuffix(m.calls(), " --no-install-recommends "+c.missing+"\n") {
			t.Errorf("%s: succeeded %v, said %q, ran %q", group, ok, output, m.calls())
		}
	}
	if output, ok := debian(t, "0").run("packages.sh", "doors"); ok || !strings.Contains(output, "no such group: doors") {
		t.Errorf("of an unknown group it said %q", output)
	}
}

func TestPackages_an_ordinary_user_goes_through_sudo(t *testing.T) {
	m := debian(t, "1000", "xclip")
	m.has("sudo", note+"\n"+`exec "$@"`)
	output, ok := m.run("packages.sh", "tests")
	if !ok || strings.Count(m.calls(), "sudo env DEBIAN_FRONTEND=noninteractive apt-get") != 2 ||
		strings.Count(m.calls(), "\napt-get") != 2 {
		t.Errorf("succeeded %v, said %q, ran %q", ok, output, m.calls())
	}
}

func TestPackages_without_sudo_names_the_command(t *testing.T) {
	m := debian(t, "1000", "xclip", "dunst")
	output, ok := m.run("packages.sh", "tests")
	if ok || !strings.Contains(output, "As root, run: apt-get install dunst xclip") || m.calls() != "" {
		t.Errorf("succeeded %v, said %q, ran %q", ok, output, m.calls())
	}
}

func TestPackages_elsewhere_than_Debian_names_them_and_goes_on(t *testing.T) {
	m := newMachine(t)
	if output, ok := m.run("packages.sh", "build"); !ok || !strings.Contains(output, "libwebkit2gtk-4.1-dev") {
		t.Errorf("succeeded %v, said %q", ok, output)
	}
}

func TestPackages_a_mirror_that_fails_is_tried_again(t *testing.T) {
	m := debian(t, "0", "xclip")
	for name, c := range map[string]struct {
		failures string
		ok       bool
	}{"twice": {"2", true}, "always": {"100", false}} {
		t.Run(name, func(t *testing.T) {
			m.t = t
			if err := os.WriteFile(m.callsFile(), nil, 0o600); err != nil {
				t.Fatal(err)
			}
			m.has("apt-get", note+"\n"+`lines=0; while read -r _; do lines=$((lines + 1)); done <"$CALLS"; [ "$lines" -gt `+c.failures+` ]`)
			output, ok := m.run("packages.sh", "tests")
			if ok != c.ok || (!ok && !strings.Contains(output, "This failed 3 times: apt-get")) {
				t.Errorf("succeeded %v, said %q, ran %q", ok, output, m.calls())
			}
		})
	}
}

func TestPackages_every_group_that_the_Makefile_names_is_known(t *testing.T) {
	for _, group := range []string{"build", "desktop", "tests", "packaging", "package-tests", "windows", "windows-tests"} {
		m := debian(t, "1000")
		if output, ok := m.run("packages.sh", group); !ok || output != "" {
			t.Errorf("%s: succeeded %v, said %q", group, ok, output)
		}
	}
	m := debian(t, "1000")
	if output, ok := m.run("packages.sh", "packages"); ok || !strings.Contains(output, "no such group: packages") {
		t.Errorf("succeeded %v, said %q", ok, output)
	}
}
