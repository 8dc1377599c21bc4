package webview_test

import (
	"bufio"
	"context"
	"fmt"
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/loginwindow"
	"github.com/kiteaccounts/kite-accounts/backend/loginwindow/webview"
)

// The test binary runs itself as the real helper, in a real window on a
// virtual display, and as a parent that can be killed.
const roleVar = "LC_KITE_TEST_ROLE"

// folderVar names the folder that has those of all logins.
const folderVar = "KITE_TEST_FOLDER"

func TestMain(m *testing.M) {
	switch os.Getenv(roleVar) {
	case "helper":
		os.Exit(webview.Main())
	case "parent":
		_, err := newWindow().Open(context.Background(), jobFor(os.Getenv("KITE_TEST_URL"), os.Getenv("KITE_TEST_URL")+"/never"))
		fmt.Println(err)
		os.Exit(0)
	}
	temporary, err := os.MkdirTemp("", "login-window-test-")
	must(err)
	must(os.Setenv(folderVar, filepath.Join(temporary, strings.Repeat("long", 50), strings.Repeat("long", 50))))
	stop := startDisplay()
	code := m.Run()
	stop()
	_ = os.RemoveAll(temporary)
	os.Exit(code)
}

// startDisplay starts Xvfb and a window manager; without them nothing here can
// be tested.
func startDisplay() (stop func()) {
	r, w, err := os.Pipe()
	must(err)
	x := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "1024x800x24", "-nolisten", "tcp")
	x.ExtraFiles = []*os.File{w}
	must(x.Start())
	_ = w.Close()
	number, err := bufio.NewReader(r).ReadString('\n')
	must(err)
	must(os.Setenv("DISPLAY", ":"+strings.TrimSpace(number)))
	must(os.Setenv("NO_AT_BRIDGE", "1"))
	if os.Getenv("DBUS_SESSION_BUS_ADDRESS") == "" { // GLib would launch one that outlives the tests
		must(os.Setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:"))
	}
	wm := exec.Command("openbox")
	must(wm.Start())
	return func() {
		_ = wm.Process.Kill()
		_ = x.Process.Signal(syscall.SIGTERM) // lets it remove its socket
		_ = x.Wait()
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func newWindow() *loginwindow.Window {
	w := loginwindow.New(os.Args[0], os.Getenv(folderVar), slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug})))
	w.Args, w.Env, w.Start, w.Login = nil, []string{roleVar + "=helper"}, 2*time.Minute, 2*time.Minute
	return w
}

func jobFor(base, callback string) kite.LoginJob {
	return kite.LoginJob{
		AccountID: base, AccountName: "Personal", ClientID: "AB1234", LoginURL: base, CallbackURL: callback, AccountType: kite.Sandbox,
	}
}

// site is a web server that notes what it was asked.
type site struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string
	pages map[string]string // path → body; "→ url" redirects
}

func newSite(t *testing.T, pages map[string]string) *site {
	t.Helper()
	s := &site{pages: pages}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked = append(s.asked, r.Method+" "+r.URL.Path+" "+r.Header.Get("Cookie"))
	body, known := s.pages[r.URL.Path]
	s.mu.Unlock()
	switch target, redirects := strings.CutPrefix(body, "→ "); {
	case !known:
		http.NotFound(w, r)
	case redirects:
		http.Redirect(w, r, target, http.StatusFound)
	case strings.HasPrefix(body, "{"):
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(body))
	case strings.HasPrefix(body, "attachment"):
		w.Header().Set("Content-Disposition", "attachment; filename=evil.bin")
		w.Header().Set("Content-Type", "application/octet-stream")
		_, _ = w.Write([]byte(body))
	default:
		http.SetCookie(w, &http.Cookie{Name: "session", Value: "of-this-window", Path: "/"})
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte("<!doctype html><title>page</title>" + body))
	}
}

func (s *site) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string{}, s.asked...)
}

// stage is a broker and a hostile site where its callback URL points.
type stage struct{ broker, evil *site }

const query = "?status=success&request_token=abcdefgh12345678&state=s"

func newStage(t *testing.T, pages func(callback, evil string) map[string]string) stage {
	t.Helper()
	evil := newSite(t, map[string]string{"/": "evil", "/cb": "evil", "/pixel.png": "evil", "/data": "evil"})
	return stage{newSite(t, pages(evil.URL+"/cb"+query, evil.URL)), evil}
}

func (s stage) open(t *testing.T) (kite.Landing, error) {
	t.Helper()
	return newWindow().Open(t.Context(), jobFor(s.broker.URL+"/", s.evil.URL+"/cb"))
}

func script(code string) string { return "<script>" + code + "</script>" }

func quote(s string) string { return strconv.Quote(s) }

func TestRedirect_is_taken_before_any_request(t *testing.T) {
	t.Parallel()
	for name, pages := range map[string]func(callback, evil string) map[string]string{
		"302": func(cb, _ string) map[string]string { return map[string]string{"/": "→ /hop", "/hop": "→ " + cb} },
		"script": func(cb, _ string) map[string]string {
			return map[string]string{"/": script("location.replace(" + quote(cb) + ")")}
		},
		"meta refresh": func(cb, _ string) map[string]string {
			return map[string]string{"/": `<meta http-equiv="refresh" content="0; url=` + html.EscapeString(cb) + `">`}
		},
		"form then 302": func(cb, _ string) map[string]string {
			return map[string]string{"/": `<form method=post action=/go></form>` + script("document.forms[0].submit()"), "/go": "→ " + cb}
		},
		"after an alert loop": func(cb, _ string) map[string]string {
			return map[string]string{"/": script("for (let i = 0; i < 500; i++) alert(i); location = " + quote(cb))}
		},
		"after a popup, a download and a frame were refused": func(cb, evil string) map[string]string {
			return map[string]string{
				"/":     `<iframe src="` + evil + `/"></iframe><a id=d href=/file download>d</a>` + script(`window.open(`+quote(evil+"/")+`); d.click(); setTimeout(() => location = `+quote(cb)+`, 500)`),
				"/file": "attachment",
			}
		},
		"after foreign resources were refused": func(cb, evil string) map[string]string {
			return map[string]string{"/": `<img src="` + evil + `/pixel.png">` +
				script(`fetch(`+quote(evil+"/data")+`).catch(() => {}); navigator.sendBeacon(`+quote(evil+"/data")+`, 'x'); setTimeout(() => location = `+quote(cb)+`, 700)`)}
		},
		"after an address with user info was refused": func(cb, evil string) map[string]string {
			other := strings.TrimPrefix(evil, "http://")
			return map[string]string{"/": `<img src="http://127.0.0.1:x@` + other + `/pixel.png">` + script(`setTimeout(() => location = `+quote(cb)+`, 700)`)}
		},
		"after another page was refused": func(cb, evil string) map[string]string {
			return map[string]string{"/": script(`location = ` + quote(evil+"/") + `; setTimeout(() => location = ` + quote(cb) + `, 700)`)}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, pages)
			landing, err := s.open(t)
			if err != nil || landing.RedirectURL.Reveal() != s.evil.URL+"/cb"+query {
				t.Fatalf("Open = %q, %v", landing.RedirectURL.Reveal(), err)
			}
			if asked := s.evil.requests(); len(asked) != 0 {
				t.Errorf("the callback's host was asked: %q", asked)
			}
			if strings.Contains(name, "page was refused") && (len(landing.BlockedHosts) != 1 || landing.BlockedHosts[0] != "127.0.0.1") {
				t.Errorf("blocked = %q", landing.BlockedHosts)
			}
		})
	}
}

func TestResource_from_elsewhere_is_refused_and_its_host_named(t *testing.T) {
	t.Parallel()
	broker := newSite(t, map[string]string{})
	broker.pages["/"] = script(`window.webkit?.messageHandlers?.missing?.postMessage('forged.example'); let missing = 0
		addEventListener('error', () => { if (++missing === 2) location = '/leave' }, true)`) +
		`<img src="https://pixel.example/a.png"><script src="https://cdn.example/b.js"></script>`
	broker.pages["/leave"] = "→ " + broker.URL + "/cb" + query
	landing, err := newWindow().Open(t.Context(), jobFor(broker.URL+"/", broker.URL+"/cb"))
	if err != nil || strings.Join(landing.BlockedHosts, " ") != "cdn.example pixel.example" {
		t.Errorf("blocked = %q, %v", landing.BlockedHosts, err)
	}
}

func TestRedirect_by_POST_is_not_taken_and_not_sent(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(cb, _ string) map[string]string {
		return map[string]string{"/": `<form method=post action="` + html.EscapeString(cb) + `"></form>` +
			script(`document.forms[0].submit(); setTimeout(() => location = '/end', 700)`), "/end": "→ " + cb}
	})
	if _, err := s.open(t); err != nil {
		t.Error(err)
	}
	if asked := s.evil.requests(); len(asked) != 0 {
		t.Errorf("the callback's host was asked: %q", asked)
	}
}

func TestRedirect_to_a_port_that_browsers_refuse(t *testing.T) {
	t.Parallel()
	broker := newSite(t, map[string]string{"/": "→ http://127.0.0.1:9/cb" + query})
	landing, err := newWindow().Open(t.Context(), jobFor(broker.URL+"/", "http://127.0.0.1:9/cb"))
	if err != nil || landing.RedirectURL.Empty() {
		t.Errorf("Open = %v", err)
	}
}

func TestRedirect_elsewhere_is_explained(t *testing.T) {
	t.Parallel()
	s := newStage(t, func(_, evil string) map[string]string {
		return map[string]string{"/": "→ " + evil + "/other" + query}
	})
	_, err := s.open(t)
	if e := kite.AsError(err); e.Code != kite.EINVALID || !strings.Contains(e.Message, "127.0.0.1") || e.Field != "callbackUrl" {
		t.Errorf("Open = %v", err)
	}
	if asked := s.evil.requests(); len(asked) != 0 {
		t.Errorf("the other host was asked: %q", asked)
	}
}

func TestWindows_share_no_cookie_and_leave_no_file(t *testing.T) {
	tmp, home := t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", tmp)
	t.Setenv("HOME", home)
	for _, v := range []string{"XDG_DATA_HOME", "XDG_CACHE_HOME"} {
		t.Setenv(v, filepath.Join(home, v))
	}
	broker := newSite(t, map[string]string{})
	broker.pages["/"] = script("localStorage.seen = 1; setTimeout(() => location = '/leave', 100)")
	broker.pages["/leave"] = "→ " + broker.URL + "/cb" + query
	for range 2 {
		if _, err := newWindow().Open(t.Context(), jobFor(broker.URL+"/", broker.URL+"/cb")); err != nil {
			t.Fatal(err)
		}
	}
	first := 0
	for _, asked := range broker.requests() {
		if asked == "GET / " {
			first++
		}
	}
	if first != 2 {
		t.Errorf("a window began with a cookie: %q", broker.requests())
	}
	for _, folder := range []string{tmp, filepath.Join(home, "XDG_DATA_HOME"), filepath.Join(home, "XDG_CACHE_HOME")} {
		if left, _ := os.ReadDir(folder); len(left) != 0 {
			t.Errorf("left in %s: %v", folder, left)
		}
	}
}

func TestUserID_is_filled_in_on_the_brokers_page(t *testing.T) {
	t.Parallel()
	broker := newSite(t, map[string]string{})
	broker.pages["/"] = script(`setTimeout(() => {
		document.body.innerHTML = '<input id=userid><input id=password>'
		userid.addEventListener('input', () => location = '/seen/' + userid.value + '/' + typeof window.fill)
	}, 600)`)
	broker.pages["/seen/AB1234/undefined"] = "→ " + broker.URL + "/cb" + query
	if _, err := newWindow().Open(t.Context(), jobFor(broker.URL+"/", broker.URL+"/cb")); err != nil {
		t.Errorf("Open = %v; asked %q", err, broker.requests())
	}
}
