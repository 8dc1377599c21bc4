//go:build e2e

package e2e

import (
	"debug/elf"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/e2e/cutoff"
	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
	"github.com/kiteaccounts/kite-accounts/e2e/kiteapp"
)

// release is a scene with the programs that users get, whose clock is the
// computer's.
func release(t *testing.T, o desktop.Options) *scene {
	t.Helper()
	dir := os.Getenv("KITE_RELEASE_BIN")
	if dir == "" {
		t.Fatal("this test needs the release build too: run it with make test, or with make e2e alone")
	}
	s := newScene(t, o)
	cutoff.Pass(3 * time.Minute)
	app, err := kiteapp.New(s.Desktop, dir)
	s.ok(err)
	s.App = app
	return s
}

// TestReleaseIsHardenedAndKeepsRealTime goes through a login with the release
// build as an ordinary user: nobody reads its memory or environment, and the
// clock of the tests doesn't move it.
func TestReleaseIsHardenedAndKeepsRealTime(t *testing.T) {
	s := release(t, asOrdinaryUser())
	s.ok(os.WriteFile(filepath.Join(s.DataDir, "test-clock"), []byte("-8000h"), 0o644)) //nolint:gosec // read by another user
	s.ok(s.Start())
	s.trySandbox()
	w := s.beginLogin(kiteapp.GetSessionToken, sandboxCard)
	s.ok(w.See("User ID"))
	agent, err := s.AwaitAgent(0)
	s.ok(err)
	for _, pid := range []int{s.Process.PID, w.PID, agent} {
		s.checkHardened(pid)
	}
	s.ok(w.LogIn(first))
	s.see(kiteapp.ManageAccount, sandboxCard)
	text, err := s.Control("list", "--json")
	s.ok(err)
	var accounts []struct{ Session struct{ LoginTime int64 } }
	s.ok(json.Unmarshal([]byte(text), &accounts))
	if age := time.Since(time.UnixMilli(accounts[0].Session.LoginTime)); age < -time.Minute || age > 5*time.Minute {
		t.Errorf("the release build's login is %s old", age)
	}
}

// checkHardened looks at what the kernel shows: the files of a process that
// can't be dumped belong to root, and it leaves no core.
func (s *scene) checkHardened(pid int) {
	s.t.Helper()
	dir := filepath.Join("/proc", strconv.Itoa(pid))
	info, err := os.Stat(filepath.Join(dir, "environ"))
	s.ok(err)
	if owner := info.Sys().(*syscall.Stat_t).Uid; owner != 0 {
		s.t.Errorf("memory and environment of process %d are open to user %d", pid, owner)
	}
	limits, err := os.ReadFile(filepath.Join(dir, "limits"))
	s.ok(err)
	for line := range strings.Lines(string(limits)) {
		if strings.HasPrefix(line, "Max core file size") && !slices.Equal(strings.Fields(line)[4:6], []string{"0", "0"}) {
			s.t.Errorf("process %d may leave a core: %s", pid, line)
		}
	}
}

// TestLightProgramLinksNoDesktop keeps kitectl light: GTK alone costs 44 MiB.
func TestLightProgramLinksNoDesktop(t *testing.T) {
	program, err := elf.Open(filepath.Join(programs(t), "kitectl"))
	if err != nil {
		t.Fatal(err)
	}
	defer program.Close() //nolint:errcheck // only read
	libraries, err := program.ImportedLibraries()
	if err != nil {
		t.Fatal(err)
	}
	for _, library := range libraries {
		if !slices.Contains([]string{"libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "libresolv.so.2"}, library) {
			t.Errorf("kitectl links %s", library)
		}
	}
}
