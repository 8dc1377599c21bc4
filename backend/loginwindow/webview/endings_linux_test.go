package webview_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// ended opens a window that stays until do has ended it.
func ended(t *testing.T, url string, do func(pid int)) error {
	t.Helper()
	before := children(t, os.Getpid())
	done := make(chan error)
	go func() {
		_, err := newWindow().Open(t.Context(), jobFor(url, url+"never"))
		done <- err
	}()
	var pid int
	waitFor(t, "the helper", func() bool {
		for _, c := range children(t, os.Getpid()) {
			if !contains(before, c) && environmentOf(c)[roleVar] == "helper" {
				pid = c
			}
		}
		return pid != 0
	})
	do(pid)
	err := <-done
	waitFor(t, "the helper's end", func() bool { return syscall.Kill(pid, 0) != nil })
	return err
}

func TestWindow_closed_by_the_user(t *testing.T) {
	for name, c := range map[string]struct{ body, code, says string }{
		"Escape":                  {"hello", kite.ECANCELED, "closed"},
		"after a refusal of Kite": {`{"status":"error","message":"The user is not enabled for the app.","data":null,"error_type":"InputException"}`, kite.EWRONGUSER, "isn't enabled"},
	} {
		t.Run(name, func(t *testing.T) {
			broker := newSite(t, map[string]string{"/": c.body})
			err := ended(t, broker.URL+"/", func(int) { pressEscape(t, "127.0.0.1") })
			if e := kite.AsError(err); e.Code != c.code || !strings.Contains(e.Message, c.says) {
				t.Errorf("Open = %v", err)
			}
		})
	}
}

func TestPage_that_does_not_load(t *testing.T) {
	t.Run("self-signed certificate", func(t *testing.T) {
		broker := httptest.NewTLSServer(http.NotFoundHandler())
		defer broker.Close()
		err := ended(t, broker.URL+"/", func(int) { pressEscapeAfter(t, "Log in: Personal", 1500*time.Millisecond) })
		if e := kite.AsError(err); e.Code != kite.EOFFLINE || !strings.Contains(e.Message, "isn't secure") {
			t.Errorf("Open = %v", err)
		}
	})
	t.Run("nobody answers", func(t *testing.T) {
		broker := httptest.NewServer(http.NotFoundHandler())
		broker.Close()
		err := ended(t, broker.URL+"/", func(int) { pressEscapeAfter(t, "Log in: Personal", 1500*time.Millisecond) })
		if e := kite.AsError(err); e.Code != kite.EOFFLINE || !strings.Contains(e.Message, "couldn't be loaded") {
			t.Errorf("Open = %v", err)
		}
	})
}

// webProcess finds the page's process below the helper.
func webProcess(t *testing.T, helper int) int {
	t.Helper()
	var found int
	waitFor(t, "the page's process", func() bool {
		for _, child := range children(t, helper) {
			if name, _ := os.ReadFile(fmt.Sprintf("/proc/%d/comm", child)); strings.HasPrefix(string(name), "WebKitWebProces") {
				found = child
			}
		}
		return found != 0
	})
	return found
}

func TestPage_that_crashed(t *testing.T) {
	broker := newSite(t, map[string]string{"/": "hello"})
	err := ended(t, broker.URL+"/", func(pid int) {
		waitFor(t, "the page", func() bool { return len(broker.requests()) > 0 })
		_ = syscall.Kill(webProcess(t, pid), syscall.SIGKILL)
		pressEscapeAfter(t, "Log in: Personal", time.Second)
	})
	if e := kite.AsError(err); !strings.Contains(e.Message, "crashed") {
		t.Errorf("Open = %v", err)
	}
}

func TestPage_that_hangs(t *testing.T) {
	broker := newSite(t, map[string]string{"/": "<input autofocus>"})
	var page int
	err := ended(t, broker.URL+"/", func(pid int) {
		waitFor(t, "the page", func() bool { return len(broker.requests()) > 0 })
		page = webProcess(t, pid)
		id := windowTitled(t, "Log in: Personal")
		_ = syscall.Kill(page, syscall.SIGSTOP)
		// WebKit asks whether a page answers once it has input for it.
		for range 3 {
			_ = exec.CommandContext(t.Context(), "xdotool", "windowactivate", "--sync", id, "mousemove", "--window", id, "200", "400", "click", "1", "key", "a").Run()
		}
		pressEscapeAfter(t, "Log in: Personal", 5*time.Second)
	})
	if e := kite.AsError(err); !strings.Contains(e.Message, "crashed") {
		t.Errorf("Open = %v", err)
	}
	waitFor(t, "the page's end", func() bool { return syscall.Kill(page, 0) != nil })
}

func TestHelper_killed(t *testing.T) {
	broker := newSite(t, map[string]string{"/": "hello"})
	err := ended(t, broker.URL+"/", func(pid int) {
		waitFor(t, "the page", func() bool { return len(broker.requests()) > 0 })
		_ = syscall.Kill(pid, syscall.SIGKILL)
	})
	if e := kite.AsError(err); e.Code != kite.EINTERNAL || !strings.Contains(e.Message, "ended unexpectedly") {
		t.Errorf("Open = %v", err)
	}
}

func TestHelper_ends_with_its_parent_and_what_is_left_goes_with_the_next_login(t *testing.T) {
	t.Setenv(folderVar, filepath.Join(t.TempDir(), "login-window"))
	broker := newSite(t, map[string]string{"/": "hello"})
	parent := exec.CommandContext(t.Context(), os.Args[0])
	parent.Env = append(os.Environ(), roleVar+"=parent", "KITE_TEST_URL="+broker.URL)
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the page", func() bool { return len(broker.requests()) > 0 })
	helpers := children(t, parent.Process.Pid)
	if len(helpers) == 0 {
		t.Fatal("no helper")
	}
	_ = parent.Process.Kill()
	_ = parent.Wait()
	waitFor(t, "the helper's end", func() bool { return syscall.Kill(helpers[0], 0) != nil })
	if folders(t) == 0 {
		t.Error("the test can't fail: the killed parent left nothing")
	}
	next, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := newWindow().Open(next, jobFor(broker.URL, broker.URL+"/never")); kite.ErrorCode(err) != kite.ECANCELED {
		t.Errorf("the next login = %v", err)
	}
	if left := folders(t); left != 0 {
		t.Errorf("%d folders are left", left)
	}
}

// folders counts those of logins.
func folders(t *testing.T) (n int) {
	t.Helper()
	entries, err := os.ReadDir(os.Getenv(folderVar))
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if entry.IsDir() {
			n++
		}
	}
	return n
}
