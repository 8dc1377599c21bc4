package localapi_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/localapi"
)

// everywhere is one request of each kind.
var everywhere = []struct{ method, path, body string }{
	{"GET", "/v1/accounts", ""},
	{"GET", "/v1/accounts/account-1/session", ""},
	{"POST", "/v1/accounts/account-1/login", ""},
	{"POST", "/api/kite-auth/generate-session", `{"requestToken":"a","apiKey":"b","apiSecret":"c"}`},
	{"GET", "/v1/events", ""},
	{"GET", "/v1/openapi.yaml", ""},
	{"GET", "/kite/account-1/user/profile", ""},
	{"POST", "/kite/account-1/orders/regular", ""},
	{"GET", "/nothing", ""},
	{"GET", "/", ""},
	{"OPTIONS", "/v1/accounts", ""},
}

// closedTo fails unless such a request is refused everywhere with that status,
// and without a word about what there is.
func (b *bench) closedTo(status int, token string, change func(*http.Request)) {
	b.t.Helper()
	for _, e := range everywhere {
		r := b.request(e.method, e.path, token, e.body)
		change(r)
		got := b.do(r)
		if got.status != status {
			b.t.Errorf("%s %s: %d, want %d", e.method, e.path, got.status, status)
		}
		if strings.Contains(got.body, "Account 1") || strings.Contains(got.body, "account-1") {
			b.t.Errorf("%s %s tells of the account", e.method, e.path)
		}
		if got.header.Get("Cache-Control") != "no-store" || got.header.Get("X-Content-Type-Options") != "nosniff" {
			b.t.Errorf("%s %s: headers %v", e.method, e.path, got.header)
		}
		for name := range got.header {
			if strings.HasPrefix(name, "Access-Control-") {
				b.t.Errorf("%s %s: it has %s", e.method, e.path, name)
			}
		}
	}
}

func TestP1_a_foreign_Host_is_refused(t *testing.T) {
	b := newBench(t)
	b.session(b.account(1), "s")
	_, token := b.client("Program")
	port := b.url[strings.LastIndex(b.url, ":")+1:]
	for _, host := range []string{
		"evil.example", "evil.example:" + port, "127.0.0.1", "localhost", "127.0.0.1:80", "127.0.0.1.:" + port, "[::1]:" + port,
		"127.0.0.1.evil.example:" + port, "evil.example@127.0.0.1:" + port, "LOCALHOST:" + port, "0.0.0.0:" + port, "2130706433:" + port, "127.1:" + port,
	} {
		b.closedTo(http.StatusForbidden, token, func(r *http.Request) { r.Host = host })
	}
	for _, host := range []string{"127.0.0.1:" + port, "localhost:" + port} {
		r := b.request("GET", "/v1/accounts", token, "")
		r.Host = host
		if got := b.do(r); got.status != http.StatusOK {
			t.Errorf("%s: %d", host, got.status)
		}
	}
}

func TestP1_in_requests_that_no_library_sends(t *testing.T) {
	b := newBench(t)
	_, token := b.client("Program")
	own, auth := strings.TrimPrefix(b.url, "http://"), "Authorization: Bearer "+token+"\r\nConnection: close\r\n\r\n"
	for name, c := range map[string]struct{ text, want string }{
		"as usual":              {"GET /v1/accounts HTTP/1.1\r\nHost: " + own + "\r\n" + auth, "HTTP/1.1 200"},
		"HTTP/1.0 without Host": {"GET /v1/accounts HTTP/1.0\r\n" + auth, "HTTP/1.0 403"},
		"HTTP/1.0 with Host":    {"GET /v1/accounts HTTP/1.0\r\nHost: " + own + "\r\n" + auth, "HTTP/1.0 200"},
		"HTTP/1.1 without Host": {"GET /v1/accounts HTTP/1.1\r\n" + auth, "HTTP/1.1 400"},
		"two Hosts":             {"GET /v1/accounts HTTP/1.1\r\nHost: " + own + "\r\nHost: evil.example\r\n" + auth, "HTTP/1.1 400"},
		"an absolute URL":       {"GET http://evil.example/v1/accounts HTTP/1.1\r\nHost: " + own + "\r\n" + auth, "HTTP/1.1 403"},
		"CONNECT":               {"CONNECT evil.example:443 HTTP/1.1\r\nHost: " + own + "\r\n" + auth, "HTTP/1.1 403"},
		"HTTP/2 at once":        {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP/1.1 403"},
		"a huge header":         {"GET /v1/accounts HTTP/1.1\r\nHost: " + own + "\r\nX: " + strings.Repeat("x", 64<<10) + "\r\n" + auth, "HTTP/1.1 431"},
	} {
		if got := b.raw(c.text); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %.60q, want %s", name, got, c.want)
		}
	}
}

func TestP2_web_pages_are_refused(t *testing.T) {
	b := newBench(t)
	b.session(b.account(1), "s")
	_, token := b.client("Program")
	for name, header := range map[string]http.Header{
		"another page":         {"Origin": {"https://evil.example"}},
		"a page in a sandbox":  {"Origin": {"null"}},
		"an empty origin":      {"Origin": {""}},
		"its own origin":       {"Origin": {b.url}},
		"cross-site":           {"Sec-Fetch-Site": {"cross-site"}},
		"same-site":            {"Sec-Fetch-Site": {"same-site"}},
		"same-origin":          {"Sec-Fetch-Site": {"same-origin"}},
		"an unknown site":      {"Sec-Fetch-Site": {"x"}},
		"none and another":     {"Sec-Fetch-Site": {"none", "cross-site"}},
		"a preflight":          {"Origin": {"https://evil.example"}, "Access-Control-Request-Method": {"GET"}, "Access-Control-Request-Headers": {"authorization"}},
		"an extension's":       {"Origin": {"chrome-extension://abcdef"}},
		"the window's own one": {"Origin": {"wails://wails"}},
	} {
		t.Run(name, func(t *testing.T) {
			b.closedTo(http.StatusForbidden, token, func(r *http.Request) {
				for k, v := range header {
					r.Header[k] = v
				}
			})
		})
	}
	r := b.request("GET", "/v1/accounts", token, "")
	r.Header.Set("Sec-Fetch-Site", "none")
	if got := b.do(r); got.status != http.StatusOK {
		t.Errorf("an address typed in: %d", got.status)
	}
}

func TestP3_who_has_no_token_learns_nothing(t *testing.T) {
	b := newBench(t, func(c *localapi.Config) { c.Limits.RefusalBurst = 1000 })
	b.session(b.account(1), "s")
	revoked, old := b.client("Revoked")
	if err := b.clients.Revoke(t.Context(), revoked.ID); err != nil {
		t.Fatal(err)
	}
	_, token := b.client("Program")
	other := "A"
	if strings.HasSuffix(token, other) {
		other = "E"
	}
	for name, values := range map[string][]string{
		"none":              nil,
		"empty":             {""},
		"no scheme":         {token},
		"scheme alone":      {"Bearer"},
		"another scheme":    {"Basic " + token},
		"one bit differs":   {"Bearer " + token[:len(token)-1] + other},
		"short":             {"Bearer " + token[:len(token)-1]},
		"long":              {"Bearer " + token + "A"},
		"no prefix":         {"Bearer " + token[3:]},
		"two tokens":        {"Bearer " + token + "," + token},
		"a space after it":  {"Bearer " + token + " x"},
		"the wrong header":  {"Bearer " + token, "Bearer " + token},
		"never issued":      {"Bearer ka_" + strings.Repeat("A", 43)},
		"revoked":           {"Bearer " + old},
		"upper case":        {"Bearer " + strings.ToUpper(token)},
		"the hash":          {"Bearer " + fmt.Sprintf("%x", token)},
		"an id":             {"Bearer " + revoked.ID},
		"a quote":           {"Bearer ' OR 1=1 --"},
		"a token of Kite's": {"token " + kitetest.Account("one").APIKey + ":abcdef"},
	} {
		t.Run(name, func(t *testing.T) {
			b.closedTo(http.StatusUnauthorized, "", func(r *http.Request) { r.Header["Authorization"] = values })
		})
	}
	if got := b.get("/v1/accounts", token); got.status != http.StatusOK {
		t.Errorf("the right one: %d", got.status)
	}
}

func TestP3_guessing_is_slowed_down_and_keeps_nobody_out(t *testing.T) {
	b := newBench(t, func(c *localapi.Config) { c.Limits.Refusals, c.Limits.RefusalBurst = 1e-9, 3 })
	wrong := func(i int) answer { return b.get("/v1/accounts", fmt.Sprintf("ka_%043d", i)) }
	for i := range 3 {
		if got := wrong(i); got.status != http.StatusUnauthorized {
			t.Fatalf("guess %d: %d", i, got.status)
		}
	}
	for _, got := range []answer{wrong(4), b.get("/v1/accounts", ""), b.get("/v1/accounts", "no token at all")} {
		if got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") == "" || got.code() != kite.ERATELIMIT {
			t.Errorf("too many: %d %s", got.status, got.body)
		}
	}
	// Also one that was never there before is let in.
	_, token := b.client("Program")
	for range 5 {
		if got := b.get("/v1/accounts", token); got.status != http.StatusOK {
			t.Errorf("the right one: %d", got.status)
		}
	}
}

func TestP4_a_revoked_token_is_refused_from_the_next_request_on(t *testing.T) {
	b := newBench(t)
	b.account(1)
	own, ownToken := b.client("Revoked here")
	_, otherToken := b.client("Revoked elsewhere")
	for _, token := range []string{ownToken, otherToken} {
		if got := b.get("/v1/accounts", token); got.status != http.StatusOK {
			t.Fatalf("at first: %d", got.status)
		}
	}
	if err := b.clients.Revoke(t.Context(), own.ID); err != nil {
		t.Fatal(err)
	}
	if got := b.get("/v1/accounts", otherToken); got.status != http.StatusOK { // and is remembered
		t.Errorf("revoking one, the other: %d", got.status)
	}
	b.inAnotherProcess(func(s kite.ClientStore) error {
		all, err := s.Clients(t.Context())
		if err != nil || len(all) != 1 {
			return fmt.Errorf("clients: %v, %w", all, err)
		}
		return s.DeleteClient(t.Context(), all[0].ID)
	})
	for name, token := range map[string]string{"here": ownToken, "by another process": otherToken} {
		if got := b.get("/v1/accounts", token); got.status != http.StatusUnauthorized || got.code() != "EUNAUTHORIZED" {
			t.Errorf("revoked %s: %d %s", name, got.status, got.body)
		}
	}
}

// A program whose rights were changed elsewhere has the new ones at once.
func TestP4_rights_follow_at_once(t *testing.T) {
	b := newBench(t)
	b.session(b.account(1), "s")
	c, token := b.client("Program")
	if got := b.get("/v1/accounts/account-1/session", token); got.status != http.StatusOK {
		t.Fatalf("at first: %d", got.status)
	}
	b.inAnotherProcess(func(s kite.ClientStore) error {
		c.AllAccounts, c.AccountIDs = false, []string{"another"}
		return s.UpdateClient(t.Context(), c)
	})
	if got := b.get("/v1/accounts/account-1/session", token); got.status != http.StatusNotFound {
		t.Errorf("after that: %d", got.status)
	}
}

func TestPaths_that_mean_others_lead_nowhere(t *testing.T) {
	asked := &gateway{}
	b := newBench(t, func(c *localapi.Config) { c.Gateway = asked })
	b.session(b.account(1), "s")
	_, token := b.client("Program", b.account(2))
	own := strings.TrimPrefix(b.url, "http://")
	for _, path := range []string{
		"/v1/accounts/../accounts", "/v1/accounts/..%2f", "/v1/accounts/..%2faccount-1/session", "/v1/accounts/%2e%2e/session", "/v1/./accounts",
		"/v1//accounts", "//v1/accounts", "/v1/accounts/", "/v1/accounts/%00/session", "/v1/accounts/account-1%00/session", "/v1/accounts/account-1%2fsession",
		"/v1/accounts/account-2%5c..%5caccount-1/session", "/v1/accounts/account-1/session", "/V1/accounts", "/v1/accounts/account-1/session/x",
		"/kite/account-2/../account-1/user/profile", "/kite/account-2/%2e%2e/account-1/user/profile", "/kite/account-2/..%2faccount-1/user/profile",
		"/kite/..%2f..%2fv1/accounts", "/kite/account-1/user/profile", "/kite//user/profile", "/kite/account-2//user/profile", "/kite/account-2/user/%0a",
		"/kite/account-2/user%5cprofile", "/kite/", "/kite", "/v1/accounts%3f", "/v1/accounts/%ff/session", "/api/kite-auth/generate-session/", "*",
	} {
		got := b.raw("GET " + path + " HTTP/1.1\r\nHost: " + own + "\r\nAuthorization: Bearer " + token + "\r\nConnection: close\r\n\r\n")
		status := got[len("HTTP/1.1 "):][:3]
		if !slices.Contains([]string{"404", "400"}, status) || strings.Contains(got, "Location:") {
			t.Errorf("%s: %s", path, status)
		}
	}
	if calls := asked.all(); len(calls) != 0 {
		t.Errorf("Kite was asked %q", calls)
	}
}

func TestMethods_that_are_none(t *testing.T) {
	b := newBench(t)
	b.account(1)
	_, token := b.client("Program")
	for path, allow := range map[string]string{
		"/v1/accounts": "GET", "/v1/accounts/account-1/session": "GET", "/v1/accounts/account-1/login": "POST",
		"/v1/events": "GET", "/v1/openapi.yaml": "GET", "/api/kite-auth/generate-session": "POST",
	} {
		for _, method := range []string{"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "BREW"} {
			if method == allow {
				continue
			}
			if got := b.do(b.request(method, path, token, "")); got.status != http.StatusMethodNotAllowed || got.header.Get("Allow") != allow {
				t.Errorf("%s %s: %d, Allow %q", method, path, got.status, got.header.Get("Allow"))
			}
		}
	}
}

func TestRate_is_each_programs_own(t *testing.T) {
	b := newBench(t, func(c *localapi.Config) {
		c.Limits = localapi.Limits{Rate: 1e-9, Burst: 3, KiteRate: 1e-9, KiteBurst: 2}
		c.Gateway = &gateway{}
	})
	b.account(1)
	_, eager := b.client("Eager")
	_, calm := b.client("Calm")
	var statuses []int
	for range 5 {
		got := b.get("/v1/accounts", eager)
		if statuses = append(statuses, got.status); got.status == http.StatusTooManyRequests && (got.header.Get("Retry-After") == "" || got.code() != kite.ERATELIMIT) {
			t.Errorf("refused with %v %s", got.header, got.body)
		}
	}
	if !slices.Equal(statuses, []int{200, 200, 200, 429, 429}) {
		t.Errorf("statuses = %v", statuses)
	}
	if got := b.get("/v1/accounts", calm); got.status != http.StatusOK {
		t.Errorf("another program: %d", got.status)
	}
	if got := b.get("/kite/account-1/user/profile", eager); got.status != http.StatusOK {
		t.Errorf("calls to Kite have a rate of their own: %d", got.status)
	}
}

func TestUsualLimits(t *testing.T) {
	l := localapi.UsualLimits()
	if l.Header != 5*time.Second || l.Body != 10*time.Second || l.Idle != time.Minute || l.Write != 20*time.Second || l.Login != 10*time.Minute ||
		l.Heartbeat != 15*time.Second || l.Recheck != 2*time.Second || l.Goodbye != 2*time.Second || l.Connections != 512 || l.Requests != 128 || l.Streams != 8 {
		t.Errorf("limits = %+v", l)
	}
}

func TestPanic_is_an_answer_without_what_was_asked(t *testing.T) {
	b := newBench(t, func(c *localapi.Config) { c.Gateway = panicking{} })
	b.account(1)
	_, token := b.client("Program")
	got := b.get("/kite/account-1/canary-path?canary-query", token)
	if got.status != http.StatusInternalServerError || got.code() != kite.EINTERNAL {
		t.Errorf("%d %s", got.status, got.body)
	}
	kitetest.NoSecretIn(t, "log", b.log.String(), "canary-path", "canary-query", "canary-panic", token)
	if !strings.Contains(b.log.String(), "local API panicked") {
		t.Error("the log says nothing")
	}
	if got := b.get("/v1/accounts", token); got.status != http.StatusOK {
		t.Errorf("after that: %d", got.status)
	}
}

type panicking struct{}

func (panicking) ServeHTTP(http.ResponseWriter, *http.Request, kite.APIClient, kite.Account, string) {
	panic("canary-panic")
}
