//go:build packages

package packages

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// system is a Debian in a folder: the minimal one, and layers on top in which
// everything lands that is written. The mounts end with the tests' process.
type system struct {
	dir    string
	layers []string // of below, topmost first
	top    string   // what was written into this system
}

// newSystem puts a layer on another system, or on the minimal one if that is
// nil. The other one isn't to be written to any more.
func newSystem(t *testing.T, below *system) *system {
	t.Helper()
	folder, err := os.MkdirTemp(work, "system")
	if err != nil {
		t.Fatal(err)
	}
	s := &system{dir: filepath.Join(folder, "root"), top: filepath.Join(folder, "top"), layers: []string{base}}
	if below != nil {
		s.layers = append([]string{below.top}, below.layers...)
	}
	scratch := filepath.Join(folder, "scratch")
	for _, dir := range []string{folder, s.dir, s.top, scratch} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(dir, 0o755); err != nil { // an ordinary user goes through it
			t.Fatal(err)
		}
	}
	options := fmt.Sprintf("lowerdir=%s,upperdir=%s,workdir=%s", strings.Join(s.layers, ":"), s.top, scratch)
	if err := syscall.Mount("overlay", s.dir, "overlay", 0, options); err != nil {
		t.Fatalf("mount %s: %v", options, err)
	}
	s.bind(t, "/proc")
	s.bind(t, "/dev")
	return s
}

// bind shows a folder of this computer at the same place in the system.
func (s *system) bind(t *testing.T, folder string) {
	t.Helper()
	at := filepath.Join(s.dir, folder)
	if err := os.MkdirAll(at, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount(folder, at, "", syscall.MS_BIND|syscall.MS_REC, ""); err != nil {
		t.Fatalf("show %s: %v", folder, err)
	}
}

// unbind hides it again.
func (s *system) unbind(folder string) error {
	at := filepath.Join(s.dir, folder)
	if err := syscall.Unmount(at, syscall.MNT_DETACH); err != nil {
		return fmt.Errorf("hide %s: %w", folder, err)
	}
	return os.Remove(at) // and only an empty folder, should something show through it still
}

// path is where a file of the system is on this computer.
func (s *system) path(name string) string { return filepath.Join(s.dir, name) }

// try runs a program as root in the system and returns what it printed.
func (s *system) try(words ...string) (string, error) {
	cmd := exec.Command("chroot", append([]string{s.dir, "env", "-i", "http_proxy=" + os.Getenv("http_proxy"), "https_proxy=" + os.Getenv("https_proxy"), "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		"HOME=/root", "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive"}, words...)...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// run is try for what must succeed.
func (s *system) run(t *testing.T, words ...string) string {
	t.Helper()
	out, err := s.try(words...)
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(words, " "), err, out)
	}
	return out
}

// runAsUser is run as nobody special.
func (s *system) runAsUser(t *testing.T, words ...string) string {
	t.Helper()
	return s.run(t, append([]string{"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"}, words...)...)
}

// install installs packages by name, or from files of this computer, with what
// they depend on and nothing else.
func (s *system) install(t *testing.T, packages ...string) string {
	t.Helper()
	words := []string{"apt-get", "install", "-y", "-q", "--no-install-recommends", "--allow-downgrades", "-o", "Acquire::Retries=3", "-o", "Dpkg::Use-Pty=0"}
	for _, p := range packages {
		if strings.HasPrefix(p, "/") {
			p = s.bring(t, p)
			defer os.Remove(s.path(p)) //nolint:errcheck // of the tests
		}
		words = append(words, p)
	}
	return s.run(t, words...)
}

// bring copies a file of this computer into the system and returns its path
// there.
func (s *system) bring(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	inside := "/tmp/" + filepath.Base(file)
	if err := os.WriteFile(s.path(inside), content, 0o755); err != nil {
		t.Fatal(err)
	}
	return inside
}

// Systems that tests share; each puts a layer of its own on top.
var (
	withDeb   *system // the package, and only what it depends on
	withTools *system // the same with a launcher, shells and a reader of man pages
	withoutIt *system // the package was removed again, so what it depends on is there
)

func installed(t *testing.T) *system {
	t.Helper()
	if withDeb == nil {
		s := newSystem(t, nil)
		s.run(t, "apt-get", "update", "-q", "-o", "Acquire::Retries=3")
		s.install(t, packageFile(t, debPattern))
		withDeb = s
	}
	return withDeb
}

func equipped(t *testing.T) *system {
	t.Helper()
	if withTools == nil {
		s := newSystem(t, installed(t))
		s.install(t, "libgtk-3-bin", "bash-completion", "zsh", "fish", "man-db")
		withTools = s
	}
	return withTools
}

func uninstalled(t *testing.T) *system {
	t.Helper()
	if withoutIt == nil {
		s := newSystem(t, installed(t))
		s.run(t, "apt-get", "purge", "-y", "-q", "kite-accounts")
		withoutIt = s
	}
	return withoutIt
}
