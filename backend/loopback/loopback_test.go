package loopback_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/loopback"
)

const (
	token = "3tZT9tCZz1BYPi9JLVLh9tUf08cKe2yx" //nolint:gosec // of the form that Kite's have
	state = "0123456789abcdef0123456789abcdef"
	query = "?status=success&request_token=" + token + "&state=" + state
)

// desk is a listener that takes the redirect with our state.
type desk struct {
	kite.RedirectWaiter
	callback string
	address  string

	mu    sync.Mutex
	heard []string
}

func open(t *testing.T, host string, change func(*loopback.Listener)) *desk {
	t.Helper()
	port := strconv.Itoa(kitetest.FreePort(t))
	d := &desk{address: net.JoinHostPort(strings.Trim(host, "[]"), port)}
	d.callback = "http://" + d.address + "/kite/callback"
	l := loopback.New()
	if change != nil {
		change(l)
	}
	w, err := l.Listen(t.Context(), d.callback, d.judge)
	if err != nil {
		t.Fatal(err)
	}
	d.RedirectWaiter = w
	t.Cleanup(func() { _ = w.Close() })
	return d
}

func (d *desk) judge(redirectURL kite.Secret) kite.RedirectAnswer {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.heard = append(d.heard, redirectURL.Reveal())
	_, err := kite.ParseRedirect(redirectURL.Reveal(), d.callback, state)
	switch {
	case err == nil:
		return kite.RedirectAnswer{Final: true}
	case kite.CarriesState(redirectURL.Reveal(), state):
		return kite.RedirectAnswer{Final: true, Err: kite.AsError(err)}
	}
	return kite.RedirectAnswer{Err: kite.AsError(err)}
}

func (d *desk) judged() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]string(nil), d.heard...)
}

// ask sends one request as it stands and returns the answer's status, headers
// and body.
func (d *desk) ask(t *testing.T, request string) (int, http.Header, string) {
	t.Helper()
	conn, err := net.Dial("tcp", d.address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // read to its end
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	go func() { _, _ = io.WriteString(conn, request) }() // the listener may stop reading
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("%.60q: %v", request, err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatalf("%.60q: %v", request, err)
	}
	return resp.StatusCode, resp.Header, string(body)
}

func (d *desk) get(target string, more ...string) string {
	return "GET " + target + " HTTP/1.1\r\nHost: " + d.address + "\r\n" + strings.Join(more, "") + "\r\n"
}

func TestListen_takes_the_redirect(t *testing.T) {
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]"} {
		t.Run(host, func(t *testing.T) {
			d := open(t, host, nil)
			status, header, body := d.ask(t, d.get("/kite/callback"+query))
			if status != http.StatusOK || !strings.Contains(body, "Kite Accounts has the login. You can close this tab.") {
				t.Errorf("%d %s", status, body)
			}
			if heard := d.judged(); len(heard) != 1 || heard[0] != d.callback+query {
				t.Errorf("judged %q", heard)
			}
			for name, want := range map[string]string{
				"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
				"Content-Type": "text/html; charset=utf-8",
			} {
				if got := header.Get(name); got != want {
					t.Errorf("%s: %q", name, got)
				}
			}
			if csp := header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'; style-src 'sha256-") || strings.Contains(csp, "unsafe") {
				t.Errorf("Content-Security-Policy: %q", csp)
			}
			if strings.Contains(body, token) || strings.Contains(body, state) || regexp.MustCompile(`(?i)<script|<img|<link|src=|href=|style="`).MatchString(body) {
				t.Errorf("page = %s", body)
			}
		})
	}
}

func TestListen_answers_nothing_but_the_callback(t *testing.T) {
	d := open(t, "127.0.0.1", nil)
	_, port, _ := net.SplitHostPort(d.address)
	good := "/kite/callback" + query
	for name, c := range map[string]struct {
		request string
		status  int
	}{
		"foreign host":             {"GET " + good + " HTTP/1.1\r\nHost: evil.example:" + port + "\r\n\r\n", 421},
		"rebound host, other port": {"GET " + good + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 421},
		"localhost for 127.0.0.1":  {"GET " + good + " HTTP/1.1\r\nHost: localhost:" + port + "\r\n\r\n", 421},
		"host with user":           {"GET " + good + " HTTP/1.1\r\nHost: a@" + d.address + "\r\n\r\n", 400},
		"no host":                  {"GET " + good + " HTTP/1.0\r\n\r\n", 421},
		"two hosts":                {"GET " + good + " HTTP/1.1\r\nHost: " + d.address + "\r\nHost: evil.example\r\n\r\n", 400},
		"foreign absolute target":  {"GET http://evil.example" + good + " HTTP/1.1\r\nHost: " + d.address + "\r\n\r\n", 421},
		"absolute target":          {d.get("http://" + d.address + good), 404},
		"favicon":                  {d.get("/favicon.ico"), 404},
		"root":                     {d.get("/"), 404},
		"more path":                {d.get("/kite/callback/more" + query), 404},
		"slash at the end":         {d.get("/kite/callback/" + query), 404},
		"double slash":             {d.get("//kite/callback" + query), 404},
		"dot segments":             {d.get("/x/../kite/callback" + query), 404},
		"escaped letter":           {d.get("/%6bite/callback" + query), 404},
		"another case":             {d.get("/Kite/callback" + query), 404},
		"POST":                     {"POST " + good + " HTTP/1.1\r\nHost: " + d.address + "\r\nContent-Length: 0\r\n\r\n", 405},
		"HEAD":                     {strings.Replace(d.get(good), "GET", "HEAD", 1), 405},
		"OPTIONS":                  {strings.Replace(d.get("*"), "GET", "OPTIONS", 1), 404},
		"CONNECT":                  {"CONNECT " + d.address + " HTTP/1.1\r\nHost: " + d.address + "\r\n\r\n", 404},
		"with a body":              {d.get(good, "Content-Length: 5\r\n") + "hello", 413},
		"with an endless body":     {d.get(good, "Transfer-Encoding: chunked\r\n") + strings.Repeat("5\r\nhello\r\n", 1<<16), 413},
		"long query":               {d.get(good + "&x=" + strings.Repeat("a", 10<<10)), 414},
		"long header":              {d.get(good, "X: "+strings.Repeat("a", 64<<10)+"\r\n"), 431},
		"many headers":             {d.get(good, strings.Repeat("Xy: aaaaaaaaaaaaaaaa\r\n", 4<<10)), 431},
		"no HTTP":                  {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400},
	} {
		t.Run(name, func(t *testing.T) {
			if strings.HasPrefix(c.request, "HEAD") {
				status, _, _ := headOf(t, d, c.request)
				if status != c.status {
					t.Errorf("status %d, want %d", status, c.status)
				}
				return
			}
			status, _, body := d.ask(t, c.request)
			if status != c.status || strings.Contains(body, token) || strings.Contains(body, "has the login") {
				t.Errorf("%d, want %d: %s", status, c.status, body)
			}
		})
	}
	if heard := d.judged(); len(heard) != 0 {
		t.Errorf("judged %q", heard)
	}
	if status, _, _ := d.ask(t, d.get(good)); status != http.StatusOK {
		t.Errorf("the real one afterwards: %d", status)
	}
}

// headOf asks with HEAD, whose answer has no body.
func headOf(t *testing.T, d *desk, request string) (int, http.Header, string) {
	t.Helper()
	conn, err := net.Dial("tcp", d.address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // read to its end
	_, _ = io.WriteString(conn, request)
	resp, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: http.MethodHead})
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, ""
}

func TestListen_goes_on_after_a_redirect_that_isn_t_ours(t *testing.T) {
	d := open(t, "127.0.0.1", nil)
	for _, c := range []struct{ query, says string }{
		{strings.Replace(query, state, "fedcba98", 1), "belong to the login that was started here"},
		{strings.Replace(query, "&state="+state, "", 1), "belong to the login that was started here"},
		{"?status=success", "holds no request_token"},
		{"?status=cancelled", "The login was cancelled on Kite"},
		{"", "doesn&#39;t say whether the login succeeded"},
		{"?status=%3Cscript%3Ealert(1)%3C/script%3E", "Kite reported that the login failed"},
		{"?%zz", "be read"},
	} {
		status, header, body := d.ask(t, d.get("/kite/callback"+c.query))
		if status != http.StatusBadRequest || !strings.Contains(body, c.says) || !strings.Contains(body, "still waits") || strings.Contains(body, token) {
			t.Errorf("%s: %d %s", c.query, status, body)
		}
		if header.Get("Cache-Control") != "no-store" || header.Get("Content-Security-Policy") == "" {
			t.Errorf("%s: headers %v", c.query, header)
		}
	}
	if status, _, _ := d.ask(t, d.get("/kite/callback"+query)); status != http.StatusOK {
		t.Errorf("the real one afterwards: %d", status)
	}
}

func TestListen_says_that_a_login_with_our_state_failed(t *testing.T) {
	d := open(t, "127.0.0.1", nil)
	status, _, body := d.ask(t, d.get("/kite/callback?status=cancelled&state="+state))
	if status != http.StatusBadRequest || !strings.Contains(body, "cancelled on Kite") || strings.Contains(body, "still waits") {
		t.Errorf("%d %s", status, body)
	}
}

func TestListen_takes_one_of_many_hits(t *testing.T) {
	d := open(t, "127.0.0.1", nil)
	const hits = 20
	statuses := make(chan int, hits)
	for range hits {
		go func() {
			status, _, _ := d.ask(t, d.get("/kite/callback"+query))
			statuses <- status
		}()
	}
	count := map[int]int{}
	for range hits {
		count[<-statuses]++
	}
	if count[http.StatusOK] != 1 || count[http.StatusGone] != hits-1 || len(d.judged()) != 1 {
		t.Errorf("statuses %v, judged %d times", count, len(d.judged()))
	}
}

func TestListen_slow_connections_keep_nobody_out(t *testing.T) {
	d := open(t, "127.0.0.1", func(l *loopback.Listener) { l.Headers = 4 * time.Second })
	var slow []net.Conn
	for i := range 100 {
		conn, err := net.Dial("tcp", d.address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close() //nolint:errcheck // the listener closes it
		if i%2 == 0 {
			_, _ = io.WriteString(conn, "GET /kite/callback HTTP/1.1\r\nX-")
		}
		slow = append(slow, conn)
	}
	started := time.Now()
	if status, _, _ := d.ask(t, d.get("/kite/callback"+query)); status != http.StatusOK || time.Since(started) > 3900*time.Millisecond {
		t.Errorf("status %d after %s", status, time.Since(started))
	}
	for _, conn := range slow {
		_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
		if _, err := io.Copy(io.Discard, conn); errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatal("a slow connection is kept")
		}
	}
}
