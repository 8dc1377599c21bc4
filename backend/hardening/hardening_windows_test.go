//go:build !e2e

package hardening_test

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"golang.org/x/sys/windows"

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

// child says whether a library beside its program is found, and waits until
// stdin closes.
func child(how string) int {
	apply := map[string]func() error{
		"hardened": hardening.Apply, "hardened windowless": hardening.ApplyWindowless, "hardened until exec": hardening.ApplyUntilExec,
		"hardened by several": func() error {
			return errors.Join(hardening.Apply(), hardening.ApplyUntilExec(), hardening.ApplyWindowless())
		},
	}[how]
	if apply != nil {
		if err := apply(); err != nil {
			_, _ = os.Stderr.WriteString(err.Error())
			return 1
		}
	}
	answer := "found\n"
	if _, err := windows.LoadLibrary("planted.dll"); err != nil {
		answer = "not found\n"
	}
	_, _ = os.Stdout.WriteString(answer)
	_, _ = io.ReadAll(os.Stdin)
	return 0
}

// start runs the test binary in a folder with a planted library, and gives its
// process and what it found.
func start(t *testing.T, how string) (pid uint32, found string) {
	t.Helper()
	folder := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(folder, "child.exe")
	system, err := windows.GetSystemDirectory()
	if err != nil {
		t.Fatal(err)
	}
	for from, to := range map[string]string{self: program, filepath.Join(system, "version.dll"): filepath.Join(folder, "planted.dll")} {
		text, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, text, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), childVar+"="+how)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = in.Close(); _ = cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return uint32(cmd.Process.Pid), line
}

func TestApply_takes_no_library_from_beside_the_program(t *testing.T) {
	if _, found := start(t, "plain"); found != "found\n" {
		t.Fatalf("unprotected, it is %s", found)
	}
	for _, how := range []string{"hardened", "hardened windowless", "hardened until exec", "hardened by several"} {
		if _, found := start(t, how); found != "not found\n" {
			t.Errorf("%s: %s", how, found)
		}
	}
}

func TestApplyWindowless_lets_no_program_of_the_user_read_the_memory(t *testing.T) {
	plain, _ := start(t, "plain")
	kept, _ := start(t, "hardened windowless")
	for _, c := range []struct {
		what   string
		pid    uint32
		access uint32
		want   error
	}{
		{"memory of another", plain, windows.PROCESS_VM_READ, nil},
		{"memory", kept, windows.PROCESS_VM_READ, windows.ERROR_ACCESS_DENIED},
		{"handles", kept, windows.PROCESS_DUP_HANDLE, windows.ERROR_ACCESS_DENIED},
		{"a thread", kept, windows.PROCESS_CREATE_THREAD, windows.ERROR_ACCESS_DENIED},
		{"the list itself", kept, windows.WRITE_DAC, windows.ERROR_ACCESS_DENIED},
		{"its end", kept, windows.SYNCHRONIZE | windows.PROCESS_TERMINATE, nil},
	} {
		if c.access == windows.WRITE_DAC && windows.NewLazySystemDLL("ntdll.dll").NewProc("wine_get_version").Find() == nil {
			continue // wine 8 lets every owner change the list
		}
		h, err := windows.OpenProcess(c.access, false, c.pid)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.what, err, c.want)
		}
		if err == nil {
			_ = windows.CloseHandle(h)
		}
	}
}
