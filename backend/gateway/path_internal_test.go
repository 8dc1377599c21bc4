package gateway

import (
	"net/url"
	"path"
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

func TestDecodePath(t *testing.T) {
	for escaped, want := range map[string]string{
		"/": "/", "/user/profile": "/user/profile", "/orders/regular/151220000000000": "/orders/regular/151220000000000",
		"/instruments/NSE/M%26M/trigger_range": "/instruments/NSE/M&M/trigger_range",
		"/instruments/NSE/M&M/trigger_range":   "/instruments/NSE/M&M/trigger_range",
		"/instruments/NSE/NIFTY%2050":          "/instruments/NSE/NIFTY 50",
		"/quote/NSE:INFY":                      "/quote/NSE:INFY",
		"/...":                                 "/...",
		"/%75ser":                              "/user",
	} {
		if got, ok := decodePath(escaped); !ok || got != want {
			t.Errorf("%q gave %q, %t; want %q", escaped, got, ok, want)
		}
	}
}

// badPaths are refused, each for another trick.
var badPaths = []string{
	"", "user/profile", "//evil.example/", "//", "/user//profile", "/user/", "/@evil.example", "/user@evil.example/x",
	"http://evil.example/", "https://user:pw@evil.example/", "/http://evil.example/",
	"/..", "/.", "/../session/token", "/user/../session/token", "/user/./profile", "/user/..", "/%2e%2e/session", "/%2E/x", "/.%2e/x",
	"/..;/session", "/user;x=1", "/user%3bx", "/user%2fprofile", "/user%2Fprofile", "/user%5cprofile", `/user\profile`, `\\evil`,
	"/user%00", "/user\x00", "/user%0d%0aHost:evil", "/user\r\nX: y", "/user%09", "/user%7f", "/%252e%252e/session", "/%25",
	"/user%", "/user%2", "/user%zz", "/user?x", "/user%3fx=1", "/user#x", "/user%23", "/us\u00e9r", "/%c3%a9", "/%ff", "/%e2%88%95",
	"/" + strings.Repeat("a", maxPath),
}

func TestDecodePath_refuses(t *testing.T) {
	for _, p := range badPaths {
		if got, ok := decodePath(p); ok {
			t.Errorf("%q was taken as %q", p, got)
		}
	}
}

// targetOf is the address that the gateway asks for an escaped path.
func targetOf(root *url.URL, escaped, decoded string) *url.URL {
	return &url.URL{Scheme: root.Scheme, Host: root.Host, Path: root.Path + decoded, RawPath: root.EscapedPath() + escaped}
}

func FuzzPath(f *testing.F) {
	for _, p := range append(badPaths, "/user/profile", "/instruments/NSE/M%26M", "/quote/NSE:INFY", "/%73ession/token") {
		f.Add(p)
	}
	roots := []*url.URL{{Scheme: "https", Host: "api.kite.trade"}, {Scheme: "https", Host: "sandbox.kite.trade", Path: "/oms"}}
	f.Fuzz(func(t *testing.T, escaped string) {
		decoded, ok := decodePath(escaped)
		if !ok {
			return
		}
		if path.Clean(decoded) != decoded || strings.ContainsAny(decoded, "\\%;?#@\x00\r\n") || len(decoded) > maxPath {
			t.Fatalf("%q was taken as %q", escaped, decoded)
		}
		for _, root := range roots {
			target := targetOf(root, escaped, decoded)
			seen, err := url.Parse(target.String())
			if err != nil || seen.Host != root.Host || seen.User != nil || seen.Path != root.Path+decoded || seen.RawQuery != "" || seen.Fragment != "" {
				t.Fatalf("%q leads to %q", escaped, target)
			}
			line, err := url.ParseRequestURI(target.RequestURI())
			if err != nil || line.Path != root.Path+decoded || line.Host != "" {
				t.Fatalf("%q asks for %q", escaped, target.RequestURI())
			}
		}
		if strings.EqualFold(strings.Split(decoded, "/")[1], "session") && !isSession(decoded) {
			t.Fatalf("%q is a session's", escaped)
		}
	})
}

func TestQuery_keeps_all_but_credentials(t *testing.T) {
	for query, want := range map[string]string{
		"":                         "",
		"i=NSE:INFY&i=NSE%3ATCS":   "i=NSE:INFY&i=NSE%3ATCS",
		"from=2026-01-01+09:15:00": "from=2026-01-01+09:15:00",
		"%zz&&a=%":                 "%zz&&a=%",
		"api_key=K&access_token=T": "",
		"a=1&access_token=T&b=2":   "a=1&b=2",
		"Access_Token=T&b":         "b",
		"access%5ftoken=T&b":       "b",
		"b&%61ccess_token=T":       "b",
		"a=1;access_token=T&b":     "b",
		"access_token":             "",
		"note=access_token":        "note=access_token",
	} {
		if got := withoutCredentials(query); got != want {
			t.Errorf("%q became %q; want %q", query, got, want)
		}
	}
}

func FuzzQuery(f *testing.F) {
	for _, q := range []string{"a=b", "access_token=x", "a;access_token=x", "%61pi_key=1&b=%", "&&;;=="} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, query string) {
		kept := withoutCredentials(query)
		for _, separators := range []string{"&", ";", "&;"} {
			for _, part := range strings.FieldsFunc(kept, func(c rune) bool { return strings.ContainsRune(separators, c) }) {
				name, _, _ := strings.Cut(part, "=")
				decoded, err := url.QueryUnescape(name)
				if err == nil && separators != ";" && (strings.EqualFold(decoded, "access_token") || strings.EqualFold(decoded, "api_key")) {
					t.Fatalf("%q became %q", query, kept)
				}
			}
		}
	})
}

func TestRoot_is_encrypted_or_on_this_computer(t *testing.T) {
	for _, root := range []string{"https://api.kite.trade", "https://sandbox.kite.trade/oms/", "http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:80"} {
		if _, err := parseRoot(root); err != nil {
			t.Errorf("%s: %v", root, err)
		}
	}
	for _, root := range []string{"", "http://api.kite.trade", "https://", "ftp://127.0.0.1", "https://user:pw@api.kite.trade", "https://a?b", "https://a#b", "http://127.0.0.1.evil.example", "//evil"} {
		if _, err := parseRoot(root); kite.ErrorCode(err) != kite.EINVALID {
			t.Errorf("%s: %v", root, err)
		}
	}
}
