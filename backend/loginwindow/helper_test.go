package loginwindow_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/loginwindow"
)

// The test binary runs itself as a helper that behaves as told.
const roleVar = "KITE_TEST_HELPER"

func TestMain(m *testing.M) {
	if role := os.Getenv("LC_" + roleVar); role != "" {
		misbehave(role)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func misbehave(role string) {
	var job loginwindow.Job
	if err := loginwindow.ReadMessage(os.Stdin, &job); err != nil {
		os.Exit(9)
	}
	report := loginwindow.NewReport()
	report.Shown = true
	if role != "silent" {
		_ = loginwindow.WriteMessage(os.Stdout, report)
	}
	switch role {
	case "crash":
		os.Exit(1)
	case "garbage":
		fmt.Print("\x00\x00\x00\x05hello")
	case "huge":
		_ = binary.Write(os.Stdout, binary.BigEndian, uint32(1<<30))
		_, _ = io.CopyN(os.Stdout, zeros{}, 1<<30)
	case "half":
		fmt.Print("\x00\x00\x00\x50{\"v\":1,")
		os.Exit(0)
	case "other version":
		_ = loginwindow.WriteMessage(os.Stdout, loginwindow.Report{Version: 2, Outcome: loginwindow.OutcomeLanded})
	case "unknown outcome":
		_ = loginwindow.WriteMessage(os.Stdout, loginwindow.Report{Version: 1, Outcome: "party"})
	case "closed", "offline", "tls", "not-enabled", "api-key", "page-crashed", "no-web-view", "landed-elsewhere":
		_ = loginwindow.WriteMessage(os.Stdout, loginwindow.Report{Version: 1, Outcome: loginwindow.Outcome(role), Host: "host.example", Blocked: []string{"b.example"}})
	case "blocked, then crash":
		_ = loginwindow.WriteMessage(os.Stdout, loginwindow.Report{Version: 1, Blocked: []string{"cdn.example"}})
		os.Exit(1)
	case "landed":
		fmt.Fprintln(os.Stderr, "CONSOLE LOG canary-from-the-page")
		_ = loginwindow.WriteMessage(os.Stdout, loginwindow.Report{Version: 1, Outcome: loginwindow.OutcomeLanded, URL: job.Policy.Callback + "?request_token=abc", Blocked: []string{"z.example", "a.example"}})
	}
	_, _ = io.Copy(io.Discard, os.Stdin) // until the parent lets go
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

var job = kite.LoginJob{
	AccountID: "a", AccountName: "Personal", ClientID: "AB1234", LoginURL: "http://127.0.0.1:1/connect/login",
	CallbackURL: "http://127.0.0.1:51730/kite/callback", AccountType: kite.Sandbox,
}

// play opens a window whose helper plays a role.
func play(t *testing.T, role string) (*loginwindow.Window, *bytes.Buffer) {
	t.Helper()
	t.Setenv("DISPLAY", ":0") // the fake helper doesn't use it
	log := &bytes.Buffer{}
	w := loginwindow.New(os.Args[0], filepath.Join(t.TempDir(), "login-window"), slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	w.Args, w.Env = nil, []string{"LC_" + roleVar + "=" + role}
	w.Start, w.Login = time.Minute, time.Minute
	return w, log
}

func TestDeadlines(t *testing.T) {
	w := loginwindow.New("program", "", slog.New(slog.DiscardHandler))
	if w.Start != 20*time.Second || w.Login != 10*time.Minute || w.Args[0] != "login-window" {
		t.Errorf("defaults = %+v", w)
	}
}

func TestOpen_each_end_has_its_own_sentence(t *testing.T) {
	said := map[string]string{}
	for role, code := range map[string]string{
		"closed": kite.ECANCELED, "offline": kite.EOFFLINE, "tls": kite.EOFFLINE, "not-enabled": kite.EWRONGUSER, "api-key": kite.EINVALID, "page-crashed": kite.EINTERNAL,
		"no-web-view": kite.EINTERNAL, "landed-elsewhere": kite.EINVALID, "crash": kite.EINTERNAL, "half": kite.EINTERNAL, "huge": kite.EINTERNAL,
	} {
		t.Run(role, func(t *testing.T) {
			w, _ := play(t, role)
			landing, err := w.Open(t.Context(), job)
			e := kite.AsError(err)
			if e.Code != code || e.Message == "" || e.Hint == "" || !landing.RedirectURL.Empty() {
				t.Errorf("Open = %v, hint %q", err, e.Hint)
			}
			if other, twice := said[e.Message]; twice && role != "half" && other != "half" {
				t.Errorf("says the same as %s: %s", other, e.Message)
			}
			said[e.Message] = role
		})
	}
}

func TestOpen_an_answer_that_is_none(t *testing.T) {
	for _, role := range []string{"garbage", "other version", "unknown outcome"} {
		t.Run(role, func(t *testing.T) {
			w, _ := play(t, role)
			if _, err := w.Open(t.Context(), job); kite.ErrorCode(err) != kite.EINTERNAL {
				t.Errorf("Open = %v", err)
			}
		})
	}
}

func TestOpen_names_blocked_hosts_however_it_ends(t *testing.T) {
	w, _ := play(t, "blocked, then crash")
	landing, err := w.Open(t.Context(), job)
	if err == nil || len(landing.BlockedHosts) != 1 || landing.BlockedHosts[0] != "cdn.example" {
		t.Errorf("blocked = %q, %v", landing.BlockedHosts, err)
	}
}

func TestOpen_landed(t *testing.T) {
	w, log := play(t, "landed")
	landing, err := w.Open(t.Context(), job)
	if err != nil || landing.RedirectURL.Reveal() != job.CallbackURL+"?request_token=abc" {
		t.Fatalf("Open = %q, %v", landing.RedirectURL.Reveal(), err)
	}
	if strings.Join(landing.BlockedHosts, " ") != "a.example z.example" {
		t.Errorf("blocked = %q", landing.BlockedHosts)
	}
	kitetest.NoSecretIn(t, "log", log.String(), "canary-from-the-page", "request_token")
}

func TestOpen_deadlines_and_cancel(t *testing.T) {
	t.Run("a window that never appears", func(t *testing.T) {
		w, _ := play(t, "silent")
		w.Start = 300 * time.Millisecond
		if _, err := w.Open(t.Context(), job); kite.ErrorCode(err) != kite.ETIMEOUT || !strings.Contains(err.Error(), "didn't appear") {
			t.Errorf("Open = %v", err)
		}
	})
	t.Run("a login that never ends", func(t *testing.T) {
		w, _ := play(t, "hang")
		w.Login = 300 * time.Millisecond
		if _, err := w.Open(t.Context(), job); kite.ErrorCode(err) != kite.ETIMEOUT || !strings.Contains(err.Error(), "took too long") {
			t.Errorf("Open = %v", err)
		}
	})
	t.Run("cancelled", func(t *testing.T) {
		w, _ := play(t, "hang")
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		start := time.Now()
		if _, err := w.Open(ctx, job); kite.ErrorCode(err) != kite.ECANCELED {
			t.Errorf("Open = %v", err)
		}
		if took := time.Since(start); took > 30*time.Second {
			t.Errorf("took %v", took)
		}
	})
}

func TestOpen_the_same_account_twice_is_refused_and_another_is_not(t *testing.T) {
	w, _ := play(t, "hang")
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { _, err := w.Open(ctx, job); done <- err }()
	for !w.Focus(job.AccountID) { // the helper is being started
		time.Sleep(5 * time.Millisecond)
	}
	if _, err := w.Open(ctx, job); kite.ErrorCode(err) != kite.ECONFLICT {
		t.Errorf("second Open = %v", err)
	}
	if w.Focus("somebody else") {
		t.Error("focused a window that isn't there")
	}
	cancel()
	if err := <-done; kite.ErrorCode(err) != kite.ECANCELED {
		t.Errorf("Open = %v", err)
	}
	if w.Focus(job.AccountID) {
		t.Error("the window is gone, but can be focused")
	}
}

func TestOpen_without_a_display(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there always is one")
	}
	w, _ := play(t, "landed")
	t.Setenv("DISPLAY", "")
	t.Setenv("WAYLAND_DISPLAY", "")
	if _, err := w.Open(t.Context(), job); !strings.Contains(kite.AsError(err).Hint, "Paste the redirect URL") {
		t.Errorf("Open = %v", err)
	}
}

func TestOpen_with_a_program_that_is_missing(t *testing.T) {
	w, _ := play(t, "landed")
	w.Program = "/nonexistent"
	if _, err := w.Open(t.Context(), job); kite.ErrorCode(err) != kite.EINTERNAL {
		t.Errorf("Open = %v", err)
	}
}
