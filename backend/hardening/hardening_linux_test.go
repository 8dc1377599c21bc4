//go:build linux && !e2e

package hardening_test

import (
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/kiteaccounts/kite-accounts/backend/hardening"
)

// childVar makes the test binary the process that is looked at: Apply can't be
// undone, so it must not hit the test process itself.
const childVar = "HARDENING_TEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childVar) != "" {
		os.Exit(child(os.Getenv(childVar)))
	}
	os.Exit(m.Run())
}

// child prints what the kernel says of it and waits until stdin closes.
func child(how string) int {
	apply := map[string]func() error{
		"hardened": hardening.Apply, "hardened windowless": hardening.ApplyWindowless, "hardened until exec": hardening.ApplyUntilExec,
	}[how]
	if apply != nil {
		if err := apply(); err != nil {
			_, _ = os.Stderr.WriteString(err.Error())
			return 1
		}
	}
	dumpable, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0)
	if err != nil {
		return 1
	}
	var core unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_CORE, &core); err != nil {
		return 1
	}
	_, _ = os.Stdout.WriteString("dumpable=" + strconv.Itoa(dumpable) +
		" core=" + strconv.FormatUint(core.Cur, 10) + "/" + strconv.FormatUint(core.Max, 10) + "\n")
	_, _ = os.Stdin.Read(make([]byte, 1))
	return 0
}

func TestApply_no_tracing_and_no_core_dumps(t *testing.T) {
	for _, how := range []string{"hardened", "hardened windowless"} {
		if _, report := start(t, how, nil); report != "dumpable=0 core=0/0" {
			t.Errorf("%s: the kernel reports %q", how, report)
		}
	}
}

func TestApplyUntilExec_leaves_the_limit_that_a_program_inherits(t *testing.T) {
	_, plain := start(t, "plain", nil)
	_, report := start(t, "hardened until exec", nil)
	if want := strings.Replace(plain, "dumpable=1", "dumpable=0", 1); report != want || want == plain {
		t.Errorf("the kernel reports %q, want %q", report, want)
	}
}

// Root reads everything, so the look from outside is an ordinary user's. These
// two files need the same permission as a debugger, less what Yama adds.
func TestApply_the_same_user_sees_neither_memory_map_nor_environment(t *testing.T) {
	user := ordinaryUser()
	for _, file := range []string{"maps", "environ"} {
		plain, _ := start(t, "plain", user)
		if err := readAs(t, user, plain, file); err != nil {
			t.Fatalf("%s of a process that isn't hardened: %v", file, err)
		}
		for _, how := range []string{"hardened", "hardened until exec"} {
			hardened, _ := start(t, how, user)
			if err := readAs(t, user, hardened, file); err == nil {
				t.Errorf("%s of a %s process can be read", file, how)
			}
		}
	}
}

// ordinaryUser is nil where the tests already run as one.
func ordinaryUser() *syscall.Credential {
	if os.Getuid() != 0 {
		return nil
	}
	return &syscall.Credential{Uid: 65534, Gid: 65534}
}

// start runs a child and returns its process id and its report.
func start(t *testing.T, how string, user *syscall.Credential) (pid int, report string) {
	t.Helper()
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), childVar+"="+how, "GORACE=atexit_sleep_ms=0")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: user}
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = stdin.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("child: %v", err)
		}
	})
	line := make([]byte, 256)
	n, err := stdout.Read(line)
	if err != nil {
		t.Fatalf("read report: %v", err)
	}
	return cmd.Process.Pid, strings.TrimSpace(string(line[:n]))
}

// readAs opens a file of /proc/PID as the user would.
func readAs(t *testing.T, user *syscall.Credential, pid int, file string) error {
	t.Helper()
	cmd := exec.Command("head", "-c", "0", "/proc/"+strconv.Itoa(pid)+"/"+file) //nolint:gosec // this test's own child
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: user}
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return err
}
