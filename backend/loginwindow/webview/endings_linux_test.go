package webview_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/loginwindow/webview"
)

// said is what a helper has said of itself.
type said struct{ kitetest.Log }

func (s *said) Write(p []byte) (int, error) {
	return io.MultiWriter(&s.Log, os.Stderr).Write(p)
}

// waitFor waits until the helper has said that: what is wrong with a page can be
// seen from outside in a bar that AT-SPI would tell, and nowhere else.
func (s *said) waitFor(t *testing.T, what string) {
	t.Helper()
	waitFor(t, "the helper to say "+what, func() bool { return s.has(what) })
}

func (s *said) has(what string) bool { return strings.Contains(s.String(), what) }

// ended opens a window that stays until do has ended it.
func ended(t *testing.T, url string, do func(pid int, says *said)) error {
	t.Helper()
	before := children(t, os.Getpid())
	done := make(chan error, 1)
	says := &said{}
	w := newWindow()
	w.Log = slog.New(slog.NewTextHandler(says, &slog.HandlerOptions{Level: slog.LevelDebug}))
	go func() {
		_, err := w.Open(t.Context(), jobFor(url, url+"never"))
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
	do(pid, says)
	err := <-done
	waitFor(t, "the helper's end", func() bool { return syscall.Kill(pid, 0) != nil })
	return err
}

func TestWindow_closed_by_the_user(t *testing.T) {
	for name, c := range map[string]struct{ body, trouble, code, says string }{
		"Escape":                  {"hello", "", kite.ECANCELED, "closed"},
		"after a refusal of Kite": {`{"status":"error","message":"The user is not enabled for the app.","data":null,"error_type":"InputException"}`, "trouble: not-enabled", kite.EWRONGUSER, "isn't enabled"},
	} {
		t.Run(name, func(t *testing.T) {
			broker := newSite(t, map[string]string{"/": c.body})
			err := ended(t, broker.URL+"/", func(_ int, says *said) {
				says.waitFor(t, c.trouble)
				pressEscape(t, "127.0.0.1")
			})
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
		err := ended(t, broker.URL+"/", func(_ int, says *said) {
			says.waitFor(t, "trouble: tls")
			pressEscape(t, "Log in: Personal")
		})
		if e := kite.AsError(err); e.Code != kite.EOFFLINE || !strings.Contains(e.Message, "isn't secure") {
			t.Errorf("Open = %v", err)
		}
	})
	t.Run("nobody answers", func(t *testing.T) {
		broker := httptest.NewServer(http.NotFoundHandler())
		broker.Close()
		err := ended(t, broker.URL+"/", func(_ int, says *said) {
			says.waitFor(t, "trouble: offline")
			pressEscape(t, "Log in: Personal")
		})
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
	err := ended(t, broker.URL+"/", func(pid int, says *said) {
		waitFor(t, "the page", func() bool { return len(broker.requests()) > 0 })
		_ = syscall.Kill(webProcess(t, pid), syscall.SIGKILL)
		says.waitFor(t, "trouble: page-crashed")
		pressEscape(t, "Log in: Personal")
	})
	if e := kite.AsError(err); !strings.Contains(e.Message, "crashed") {
		t.Errorf("Open = %v", err)
	}
}

func TestPage_that_hangs(t *testing.T) {
	broker := newSite(t, map[string]string{"/": "<input autofocus>"})
	var page int
	err := ended(t, broker.URL+"/", func(pid int, says *said) {
		waitFor(t, "the page", func() bool { return len(broker.requests()) > 0 })
		page = webProcess(t, pid)
		id := windowTitled(t, "Log in: Personal")
		_ = syscall.Kill(page, syscall.SIGSTOP)
		// WebKit asks whether a page answers once it has input for it.
		waitFor(t, "WebKit to find that the page hangs", func() bool {
			_ = exec.CommandContext(t.Context(), "xdotool", "windowactivate", "--sync", id, "mousemove", "--window", id, "200", "400", "click", "1", "key", "a").Run()
			return says.has("trouble: page-crashed")
		})
		pressEscape(t, "Log in: Personal")
	})
	if e := kite.AsError(err); !strings.Contains(e.Message, "crashed") {
		t.Errorf("Open = %v", err)
	}
	waitFor(t, "the page's end", func() bool { return syscall.Kill(page, 0) != nil })
}

func TestHelper_killed(t *testing.T) {
	broker := newSite(t, map[string]string{"/": "hello"})
	err := ended(t, broker.URL+"/", func(pid int, _ *said) {
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
	var helpers []int
	waitFor(t, "the helper", func() bool {
		helpers = children(t, parent.Process.Pid)
		return len(helpers) > 0
	})
	_ = parent.Process.Kill()
	_ = parent.Wait()
	waitFor(t, "the helper's end", func() bool { return syscall.Kill(helpers[0], 0) != nil })
	// The page's processes, which end by themselves, write to the folder till then.
	waitFor(t, "the page's end", func() bool { return !webview.GroupLives(t, helpers[0], "WebKit") })
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
