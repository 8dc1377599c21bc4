package webview

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/windows"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/loginwindow"
	"github.com/kiteaccounts/kite-accounts/backend/msedge"
	"github.com/kiteaccounts/kite-accounts/backend/msedge/msedgetest"
)

// The test binary runs itself as the real helper: with the WebView2 that is
// installed, if there is one, or with a fake that plays a scene.
const roleVar = "KITE_TEST_ROLE"

func TestMain(m *testing.M) {
	role := os.Getenv(roleVar)
	if role == "" {
		os.Exit(m.Run())
	}
	if scene, is := strings.CutPrefix(role, "parent of "); is {
		fmt.Println(loginOf(slog.DiscardHandler, scene).Open(context.Background(), job))
		os.Exit(0)
	}
	if scene, known := scenes[role]; known {
		play(scene)
	}
	os.Exit(Main())
}

// scene is a page as WebView2 tells of it. What is said goes to the log.
type scene func(v *msedgetest.View, uri string, say func(format string, args ...any))

func play(s scene) {
	say := func(format string, args ...any) { fmt.Fprintf(os.Stderr, "said: "+format+"\n", args...) }
	fake := &msedgetest.Runtime{
		Later:    func(f func()) { shownWindow.later(f) },
		Navigate: func(v *msedgetest.View, uri string) { s(v, uri, say) },
		Script: func(script string) string {
			switch {
			case script == readScript:
				return os.Getenv("KITE_TEST_TEXT")
			case strings.Contains(script, "AB1234"):
				say("user ID filled in")
			}
			return "null"
		},
		Log: func(text string) { say("%s", text) },
	}
	installed = func() (msedge.EntryPoint, error) { return fake.EntryPoint(), nil }
}

const loginPage = "https://kite.zerodha.com/connect/login?v=3"

func paused(uri, method, kind string) string {
	return fmt.Sprintf(`{"requestId":"1","request":{"url":%q,"method":%q},"resourceType":%q}`, uri, method, kind)
}

// shows plays a page that is loaded.
func shows(v *msedgetest.View, uri string, say func(string, ...any)) {
	say("start cancelled %t", v.Start(uri, false, false, false))
	say("page %s", v.Pause(paused(uri, "GET", "Document")))
	v.Load(uri, false)
	v.Complete(true, 0, 200)
}

// starts counts the pages of a scene that starts again.
var starts int

var scenes = map[string]scene{
	"redirect": func(v *msedgetest.View, uri string, say func(string, ...any)) {
		shows(v, uri, say)
		for name, value := range v.Refusals() {
			say("refusal %s %d", name, value)
		}
		say("script of the page %d, from elsewhere %d", v.Request("https://kite.zerodha.com/a.js"), v.Request("https://evil.tld/a.js"))
		say("image from elsewhere %s", v.Pause(paused("https://pixel.example/a.png", "GET", "Image")))
		say("frame cancelled %t", v.Start("https://evil.tld/frame", false, false, true))
		say("posted cancelled %t, ended %t", v.Start(callback, false, true, false), quitting.Load())
		say("redirect %s", v.Pause(paused(callback, "GET", "Document")))
	},
	"redirect that is told first": func(v *msedgetest.View, uri string, say func(string, ...any)) {
		shows(v, uri, say)
		say("redirect cancelled %t", v.Start(callback, true, false, false))
	},
	"form's redirect": func(v *msedgetest.View, uri string, say func(string, ...any)) {
		shows(v, uri, say)
		say("cancelled %t, asked %d", v.Start(callback, true, true, false), v.Request(callback))
		say("posted on %s, ended %t", v.Pause(paused(callback, "POST", "Document")), quitting.Load())
		v.Complete(false, 0, 0)
		say("then %s", v.Pause(paused(callback, "GET", "Document")))
	},
	"refusal": func(v *msedgetest.View, uri string, say func(string, ...any)) {
		shows(v, uri, say)
		shownWindow.later(func() { shownWindow.later(func() { say("Escape taken %t", v.Press(vkEscape)) }) })
	},
	"offline": func(v *msedgetest.View, uri string, say func(string, ...any)) {
		v.Start(uri, false, false, false)
		v.Load(uri, true)
		v.Complete(false, 13, 0)
		shownWindow.close()
	},
	"certificate": func(v *msedgetest.View, uri string, say func(string, ...any)) {
		v.Start(uri, false, false, false)
		say("certificate %d", v.Certificate(uri))
		v.Load(uri, true)
		v.Complete(false, errorCanceled, 0)
		shownWindow.close()
	},
	"crash": func(v *msedgetest.View, uri string, say func(string, ...any)) {
		shows(v, uri, say)
		v.Fail(pageExited)
		shownWindow.close()
	},
	"start again": func(v *msedgetest.View, uri string, say func(string, ...any)) {
		shows(v, uri, say)
		if starts++; starts > 1 {
			shownWindow.close()
			return
		}
		v.Fail(browserExited)
		shownWindow.later(func() { _, _, _ = procSendMessage.Call(uintptr(shownWindow.bar.again), bmClick, 0, 0) })
	},
	"bar": func(v *msedgetest.View, uri string, say func(string, ...any)) {
		shows(v, uri, say)
		v.Pause(paused("https://evil.tld/", "GET", "Document"))
		shownWindow.later(func() {
			b := shownWindow.bar
			say("title %q", textOf(shownWindow.handle))
			say("bar %q %q %q %q", textOf(b.account), textOf(b.clientID), textOf(b.host), textOf(b.problem))
			shownWindow.close()
		})
	},
	"stays": func(v *msedgetest.View, uri string, say func(string, ...any)) {
		shows(v, uri, say)
		tellPID()
	},
	"hangs": func(v *msedgetest.View, uri string, say func(string, ...any)) {
		shows(v, uri, say)
		tellPID()
		time.Sleep(time.Hour) // the window's thread does nothing any more
	},
}

func tellPID() {
	if into := os.Getenv("KITE_TEST_PID"); into != "" {
		_ = os.WriteFile(into+".new", []byte(strconv.Itoa(os.Getpid())), 0o600)
		_ = os.Rename(into+".new", into)
	}
}

var job = kite.LoginJob{
	AccountID: "a", AccountName: "Personal & Co", ClientID: "AB1234", LoginURL: loginPage, CallbackURL: "https://good.example/cb", AccountType: kite.Live,
}

// loginOf is one whose helper has a role.
func loginOf(log slog.Handler, role string) *loginwindow.Window {
	w := loginwindow.New(os.Args[0], "", slog.New(log))
	w.Args, w.Env, w.Login = nil, []string{roleVar + "=" + role, "KITE_TEST_TEXT=" + os.Getenv("KITE_TEST_TEXT"), "KITE_TEST_PID=" + os.Getenv("KITE_TEST_PID")}, time.Minute
	w.Start, w.Leave = time.Minute, 10*time.Second // wine waits two for a window manager before a window is gone
	return w
}

// open opens a window until it ends by itself, and returns what its helper
// said.
func open(t *testing.T, role, text string) (landing kite.Landing, said string, err error) {
	t.Helper()
	temporary := t.TempDir()
	t.Setenv("TMP", temporary)
	t.Setenv("KITE_TEST_TEXT", text)
	log := &bytes.Buffer{}
	landing, err = loginOf(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}), role).Open(t.Context(), job)
	if left, _ := os.ReadDir(temporary); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
	return landing, log.String(), err
}

// running waits for the helper of a window that stays and returns its handle.
func running(t *testing.T) windows.Handle {
	t.Helper()
	path := os.Getenv("KITE_TEST_PID")
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if text, err := os.ReadFile(path); err == nil {
			pid, err := strconv.Atoi(string(text))
			if err != nil {
				t.Fatal(err)
			}
			process, err := windows.OpenProcess(windows.SYNCHRONIZE, false, uint32(pid))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = windows.CloseHandle(process) })
			return process
		}
	}
	t.Fatal("no helper")
	return 0
}

func ends(t *testing.T, process windows.Handle) {
	t.Helper()
	if event, err := windows.WaitForSingleObject(process, 60_000); event != windows.WAIT_OBJECT_0 {
		t.Errorf("the helper still runs: %d, %v", event, err)
	}
}

func TestHelper_ends_with_its_parent(t *testing.T) {
	for _, scene := range []string{"stays", "hangs"} {
		t.Run(scene, func(t *testing.T) {
			t.Setenv("KITE_TEST_PID", filepath.Join(t.TempDir(), "pid"))
			parent := exec.Command(os.Args[0])
			parent.Env = append(os.Environ(), roleVar+"=parent of "+scene)
			if err := parent.Start(); err != nil {
				t.Fatal(err)
			}
			helper := running(t)
			_ = parent.Process.Kill()
			_ = parent.Wait()
			ends(t, helper)
		})
	}
}

func TestHelper_is_gone_when_a_login_was_cancelled(t *testing.T) {
	t.Setenv("KITE_TEST_PID", filepath.Join(t.TempDir(), "pid"))
	t.Setenv("TMP", t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	w := loginOf(slog.DiscardHandler, "stays")
	done := make(chan error)
	go func() {
		_, err := w.Open(ctx, job)
		done <- err
	}()
	helper := running(t)
	if !w.Focus(job.AccountID) {
		t.Error("the window can't be raised")
	}
	cancel()
	if err := <-done; kite.ErrorCode(err) != kite.ECANCELED {
		t.Errorf("Open = %v", err)
	}
	ends(t, helper)
	if left, _ := os.ReadDir(os.Getenv("TMP")); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

func TestHelper_without_the_runtime_says_what_to_install(t *testing.T) {
	if _, err := msedge.Installed(); err == nil {
		t.Skip("WebView2 is installed here")
	}
	_, said, err := open(t, "installed", "")
	e := kite.AsError(err)
	if !strings.Contains(e.Message, "WebView2 Runtime") || !strings.Contains(e.Hint, "Install") || !strings.Contains(e.Hint, "Paste the redirect URL") {
		t.Errorf("Open = %v, hint %q; %s", err, e.Hint, said)
	}
}

func TestHelper_takes_the_redirect_and_refuses_everything_else(t *testing.T) {
	landing, said, err := open(t, "redirect", "null")
	if err != nil || landing.RedirectURL.Reveal() != callback {
		t.Fatalf("Open = %q, %v; %s", landing.RedirectURL.Reveal(), err, said)
	}
	if got := strings.Join(landing.BlockedHosts, " "); got != "evil.tld pixel.example" {
		t.Errorf("blocked %q", got)
	}
	for _, want := range []string{
		"environment 1 0 in ", "version 122.0.2365.46, sign-on 0, exclusive 1, own crash reports 1",
		"msSmartScreenProtection", "profile login-1", "private 1", "controller drop 0", "controller visible 1", "bounds true",
		"filter * 0 ffffffff", "hears Fetch.requestPaused", "protocol Fetch.enable",
		"start cancelled false", "page Fetch.continueRequest", "user ID filled in",
		"script of the page 0, from elsewhere 403", "image from elsewhere Fetch.failRequest", "frame cancelled true", "posted cancelled true, ended false", "redirect Fetch.failRequest",
		"refusal AddNewWindowRequested PutHandled 1", "refusal AddPermissionRequested PutState 2", "refusal AddDownloadStarting PutCancel 1",
		"refusal AddDownloadStarting PutHandled 1", "refusal AddLaunchingExternalUriScheme PutCancel 1", "refusal AddBasicAuthenticationRequested PutCancel 1",
		"refusal AddClientCertificateRequested PutCancel 1", "refusal AddClientCertificateRequested PutHandled 1", "controller closed",
		"MAP * ^NOTFOUND , EXCLUDE zerodha.com , EXCLUDE *.zerodha.com , EXCLUDE kite.trade , EXCLUDE *.kite.trade",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("wasn't said: %s", want)
		}
	}
	if t.Failed() {
		t.Log(said)
	}
}

func TestHelper_switches_off_what_a_login_needs_not(t *testing.T) {
	_, said, err := open(t, "redirect that is told first", "null")
	if err != nil || !strings.Contains(said, "redirect cancelled true") {
		t.Fatalf("Open = %v; %s", err, said)
	}
	for _, name := range []string{
		"IsWebMessageEnabled", "AreDefaultScriptDialogsEnabled", "IsStatusBarEnabled", "AreDevToolsEnabled", "AreDefaultContextMenusEnabled", "AreHostObjectsAllowed",
		"IsZoomControlEnabled", "IsBuiltInErrorPageEnabled", "AreBrowserAcceleratorKeysEnabled", "IsPasswordAutosaveEnabled", "IsGeneralAutofillEnabled",
		"IsPinchZoomEnabled", "IsSwipeNavigationEnabled", "IsReputationCheckingRequired",
	} {
		if !strings.Contains(said, "said: setting Put"+name+" 0") {
			t.Errorf("%s isn't off", name)
		}
	}
	if n := strings.Count(said, "said: setting "); n != 14 {
		t.Errorf("%d settings: %s", n, said)
	}
}

func TestHelper_each_end_has_its_outcome(t *testing.T) {
	const refusal = `"{\"status\":\"error\",\"message\":\"The user is not enabled for the app.\"}"`
	for role, c := range map[string]struct{ text, code, message, said string }{
		"refusal":     {refusal, kite.EWRONGUSER, "isn't enabled", "Escape taken true"},
		"offline":     {"null", kite.EOFFLINE, "couldn't be loaded", ""},
		"certificate": {"null", kite.EOFFLINE, "isn't secure", "certificate 1"},
		"crash":       {"null", kite.EINTERNAL, "crashed", ""},
		"start again": {"null", kite.ECANCELED, "closed", "profile login-2"},
	} {
		t.Run(role, func(t *testing.T) {
			_, said, err := open(t, role, c.text)
			if e := kite.AsError(err); e.Code != c.code || !strings.Contains(e.Message, c.message) || !strings.Contains(said, c.said) {
				t.Errorf("Open = %v; %s", err, said)
			}
		})
	}
}

func TestHelper_bar_says_whose_login_it_is_and_where_the_page_is_from(t *testing.T) {
	_, said, _ := open(t, "bar", "null")
	for _, want := range []string{`Log in: Personal & Co (AB1234) — kite.zerodha.com`, `Personal & Co`, `AB1234`, `🔒 kite.zerodha.com`, `evil.tld was blocked`} {
		if !strings.Contains(said, want) {
			t.Errorf("wasn't said: %s\n%s", want, said)
		}
	}
}

func TestHelper_learns_from_the_held_request_whether_a_redirected_form_landed(t *testing.T) {
	landing, said, err := open(t, "form's redirect", "null")
	if err != nil || landing.RedirectURL.Empty() {
		t.Fatalf("Open = %v; %s", err, said)
	}
	for _, want := range []string{"cancelled false, asked 0", "posted on Fetch.failRequest, ended false", "then Fetch.failRequest"} {
		if !strings.Contains(said, "said: "+want) {
			t.Errorf("wasn't said: %s; %s", want, said)
		}
	}
}
