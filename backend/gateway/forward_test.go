package gateway_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

func TestRequest_carries_what_Kite_wants_and_nothing_of_the_program(t *testing.T) {
	u := serveKite(t, answer(200, marginsBody))
	f := start(t, u.URL)
	got := f.get(t, "/user/margins?api_key=x&segment=equity&access_token="+bearer,
		"Cookie", "c="+bearer, "Origin", "http://evil.example", "Referer", "http://evil.example/"+bearer, "X-Forwarded-For", "10.0.0.1",
		"X-Forwarded-Host", "evil", "Forwarded", "for=10.0.0.1", "Proxy-Authorization", bearer, "Connection", "X-Secret, keep-alive", "X-Secret", bearer,
		"Keep-Alive", "timeout=5", "Te", "trailers", "X-Kite-Version", "2", "X-Http-Method-Override", "DELETE", "X-Original-Url", "/session/token",
		"Idempotency-Key", "1", "Upgrade", "h2c", "Http2-Settings", "x", "Accept", "text/csv", "User-Agent", "client/1", "Accept-Encoding", "br, gzip")
	if got.StatusCode != http.StatusOK || got.body != marginsBody {
		t.Fatalf("%d %s", got.StatusCode, got.body)
	}
	r, _ := u.last(t)
	want := http.Header{
		"Authorization": {"token " + f.account.APIKey + ":accesss1"}, "X-Kite-Version": {"3"}, "Accept": {"text/csv"},
		"User-Agent": {"client/1"}, "Accept-Encoding": {"gzip"},
	}
	if !maps.EqualFunc(r.Header, want, slices.Equal) {
		t.Errorf("headers %v", r.Header)
	}
	if r.URL.RequestURI() != "/user/margins?segment=equity" || "http://"+r.Host != u.URL || r.Method != http.MethodGet {
		t.Errorf("%s %s of %s", r.Method, r.URL.RequestURI(), r.Host)
	}
	if all := fmt.Sprint(r.Header, r.URL, r.Trailer); strings.Contains(all, bearer) {
		t.Errorf("the bearer token left: %s", all)
	}
}

func TestRequest_body_and_query_stay_as_they_are(t *testing.T) {
	u := serveKite(t, answer(200, `{"status":"success","data":{"order_id":"1"}}`))
	f := start(t, u.URL+"/oms")
	f.client.MayTrade = true
	const form = "exchange=NSE&tradingsymbol=M%26M&tag=a+b%20c&empty="
	for _, method := range []string{"POST", "PUT", "DELETE"} {
		got := f.send(t, method, "/orders/regular/M%26M?a=%7e&a=;b&c", strings.NewReader(form), "Content-Type", "application/x-www-form-urlencoded")
		r, body := u.last(t)
		if got.StatusCode != http.StatusOK || r.Method != method || r.RequestURI != "/oms/orders/regular/M%26M?a=%7e&a=;b&c" || body != form || r.ContentLength != int64(len(form)) ||
			r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" || r.Header["User-Agent"][0] != "Go-http-client/1.1" {
			t.Errorf("%s: %d, sent %s %s %q", method, got.StatusCode, r.Method, r.RequestURI, body)
		}
	}
	if got := f.notes.list(); len(got) != 3 || got[0] != "trader|one|POST /orders/regular/M&M: 200" {
		t.Errorf("history was told %q", got)
	}
}

func TestRequest_body_of_a_mebibyte_is_the_longest(t *testing.T) {
	u := serveKite(t, answer(200, marginsBody))
	f := start(t, u.URL)
	for _, size := range []int{1 << 20, 1<<20 + 1} {
		for name, body := range map[string]io.Reader{
			"length known": bytes.NewReader(make([]byte, size)),
			"chunked":      io.MultiReader(bytes.NewReader(make([]byte, size))),
		} {
			t.Run(fmt.Sprint(size, name), func(t *testing.T) {
				before := u.count()
				got := f.send(t, "POST", "/margins/orders", body)
				if size > 1<<20 {
					got.want(t, 413, "InputException", kite.EINVALID)
					if name == "length known" && u.count() != before {
						t.Error("Kite was asked")
					}
					return
				}
				if _, sent := u.last(t); got.StatusCode != http.StatusOK || len(sent) != size {
					t.Errorf("%d, %d bytes sent", got.StatusCode, len(sent))
				}
			})
		}
	}
}

func TestAnswer_stays_as_it_is(t *testing.T) {
	u := serveKite(t, nil)
	f := start(t, u.URL)
	for _, status := range []int{200, 201, 304, 400, 404, 405, 410, 429, 500, 502, 503, 504} {
		u.Config.Handler = u.record(answer(status, map[bool]string{true: "", false: refusal("DataException")}[status == 304],
			"Retry-After", "7", "X-Kite", "a", "X-Kite", "b", "Etag", `"x"`,
			"Set-Cookie", "kf_session=1", "Access-Control-Allow-Origin", "*", "Access-Control-Allow-Credentials", "true", "Alt-Svc", `h3=":443"`,
			"Connection", "X-Hop", "X-Hop", "1", "Keep-Alive", "timeout=5", "X-Kite-Accounts-Error", "forged"))
		got := f.get(t, "/orders", "If-None-Match", `"x"`)
		want := refusal("DataException")
		if status == 304 {
			want = ""
		}
		if got.StatusCode != status || got.body != want || got.Header.Get("Retry-After") != "7" || len(got.Header["X-Kite"]) != 2 || got.Header.Get("Etag") != `"x"` {
			t.Errorf("%d %v %s", got.StatusCode, got.Header, got.body)
		}
		for _, name := range []string{"Set-Cookie", "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Alt-Svc", "X-Hop", "Keep-Alive", "X-Kite-Accounts-Error"} {
			if got.Header[name] != nil {
				t.Errorf("%d has %s", status, name)
			}
		}
	}
	if u.count() != 12 {
		t.Errorf("asked %d times: a refusal was tried again", u.count())
	}
	if got := f.notes.list(); len(got) != 12 || got[0] != "trader|one|" {
		t.Errorf("history was told %q", got)
	}
}

func TestAnswer_packed_by_Kite_stays_packed(t *testing.T) {
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	_, _ = io.WriteString(zip, marginsBody)
	_ = zip.Close()
	u := serveKite(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Accept-Encoding") == "" {
			_, _ = io.WriteString(w, marginsBody)
			return
		}
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(packed.Bytes())
	})
	f := start(t, u.URL)
	if got := f.get(t, "/user/margins", "Accept-Encoding", "gzip, deflate, br"); got.body != packed.String() || got.Header.Get("Content-Encoding") != "gzip" {
		t.Errorf("unpacked or packed anew: %v", got.Header)
	}
	for _, accept := range []string{"", "br", "identity"} {
		if got := f.get(t, "/user/margins", "Accept-Encoding", accept); got.body != marginsBody || got.Header.Get("Content-Encoding") != "" {
			t.Errorf("packed for a program that takes %q", accept)
		}
	}
}

func TestHead_has_no_body(t *testing.T) {
	u := serveKite(t, answer(200, "", "Content-Length", "7"))
	if got := start(t, u.URL).send(t, "HEAD", "/user/profile", nil); got.StatusCode != http.StatusOK || got.body != "" || got.ContentLength != 7 {
		t.Errorf("%d with %d bytes", got.StatusCode, got.ContentLength)
	}
}

func TestInterim_answers_are_left_out(t *testing.T) {
	root := rawKite(t, func(conn net.Conn) {
		_, _ = io.WriteString(conn, "HTTP/1.1 103 Early Hints\r\nSet-Cookie: a=b\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
	})
	if got := start(t, root).get(t, "/"); got.StatusCode != http.StatusOK || got.body != "{}" || got.Header["Set-Cookie"] != nil {
		t.Errorf("%d %v %s", got.StatusCode, got.Header, got.body)
	}
}

func TestRefused_requests_never_reach_Kite(t *testing.T) {
	u := serveKite(t, answer(200, marginsBody))
	f := start(t, u.URL)
	f.send(t, "POST", "/orders/regular", strings.NewReader("a=b")).want(t, 403, "PermissionException", kite.EDENIED)
	f.send(t, "DELETE", "/session/token?api_key=x&access_token=y", nil).want(t, 403, "PermissionException", kite.EDENIED)
	f.send(t, "POST", "/%73ession/token", nil).want(t, 403, "PermissionException", kite.EDENIED)
	f.send(t, "PATCH", "/orders", nil).want(t, 405, "InputException", kite.EINVALID)
	f.get(t, "/", "Connection", "Upgrade", "Upgrade", "websocket", "Sec-WebSocket-Key", "x").want(t, 501, "GeneralException", kite.EINVALID)
	for _, path := range []string{"//evil.example/", "/@evil.example", "/user//profile", "/%2e%2e/x", "/a%2fb", "/a%5cb", "/a%00b", "/user/..%2fsession", "http://evil.example/", "", "user"} {
		f.get(t, "?unused").want(t, 400, "InputException", kite.EINVALID)
		f.rawPath(t, path).want(t, 400, "InputException", kite.EINVALID)
	}
	if u.count() != 0 {
		t.Errorf("Kite was asked %d times", u.count())
	}
	want := []string{
		"POST /orders/regular: not allowed", "DELETE /session/token: not allowed", "POST /session/token: not allowed",
		"Another method of /orders: not sent", "in vain: not sent",
	}
	for i, what := range want {
		if got := f.notes.list(); len(got) != len(want)+22 || got[i] != "trader|one|"+what {
			t.Errorf("history was told %q, want %q", got, what)
		}
	}
	f.client.MayTrade = true
	if got := f.send(t, "POST", "/orders/regular", strings.NewReader("a=b")); got.StatusCode != http.StatusOK {
		t.Errorf("a trader got %d", got.StatusCode)
	}
	f.send(t, "DELETE", "/session/token", nil).want(t, 403, "PermissionException", kite.EDENIED)
}

func TestRedirects_are_neither_followed_nor_passed_on(t *testing.T) {
	t.Parallel()
	elsewhere := serveKite(t, answer(200, marginsBody))
	for _, status := range []int{300, 301, 302, 303, 305, 307, 308, 399} {
		u := serveKite(t, answer(status, "", "Location", elsewhere.URL+"/user/margins"))
		got := start(t, u.URL).get(t, "/user/margins")
		got.want(t, 502, "NetworkException", kite.EOFFLINE)
		if got.Header.Get("Location") != "" {
			t.Errorf("%d: Location was passed on", status)
		}
	}
	if elsewhere.count() != 0 {
		t.Error("a redirect was followed")
	}
}
