package kite_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
)

const (
	callback = "http://127.0.0.1:51730/kite/callback"
	token    = "3tZT9tCZz1BYPi9JLVLh9tUf08cKe2yx" //nolint:gosec // of the form that Kite's have
	state    = "b6f2a1c09d"
	good     = callback + "?status=success&request_token=" + token + "&state=" + state + "&action=login&type=login"
)

func TestMatchesCallback(t *testing.T) {
	const https = "https://good.example/cb"
	for name, c := range map[string]struct {
		raw, callback string
		want          bool
	}{
		"itself":                    {callback, callback, true},
		"with a query":              {callback + "?a=b", callback, true},
		"with a fragment":           {callback + "#a", callback, true},
		"another case of host":      {"HTTPS://GOOD.example/cb", https, true},
		"default port spelt out":    {"https://good.example:443/cb", https, true},
		"default port left out":     {https, "https://good.example:443/cb", true},
		"default port of http":      {"http://127.0.0.1/cb", "http://127.0.0.1:80/cb", true},
		"empty port":                {"https://good.example:/cb", https, true},
		"empty path":                {"http://127.0.0.1:5/", "http://127.0.0.1:5", true},
		"empty path with query":     {"http://127.0.0.1:5?a=b", "http://127.0.0.1:5/", true},
		"escaped as registered":     {"https://good.example/a%20b", "https://good.example/a%20b", true},
		"look-alike host":           {"https://good.example.evil.tld/cb", https, false},
		"host as path":              {"https://evil.tld/good.example/cb", https, false},
		"host as user":              {"https://good.example@evil.tld/cb", https, false},
		"user at the right host":    {"https://user@good.example/cb", https, false},
		"empty user":                {"https://@good.example/cb", https, false},
		"user and password":         {"https://good.example:443@evil.tld/cb", https, false},
		"subdomain":                 {"https://a.good.example/cb", https, false},
		"parent domain":             {"https://example/cb", https, false},
		"trailing dot":              {"https://good.example./cb", https, false},
		"Cyrillic letter":           {"https://g\u043eod.example/cb", https, false},
		"Kelvin sign":               {"https://\u212Aite.example/cb", "https://kite.example/cb", false},
		"full-width letter":         {"https://\uff47ood.example/cb", https, false},
		"ideographic full stop":     {"https://good\u3002example/cb", https, false},
		"escaped dot in host":       {"https://good%2eexample/cb", https, false},
		"http for https":            {"http://good.example/cb", https, false},
		"https for http":            {"https://127.0.0.1:51730/kite/callback", callback, false},
		"http at port 443":          {"http://good.example:443/cb", https, false},
		"another port":              {"http://127.0.0.1:51731/kite/callback", callback, false},
		"port with a zero":          {"http://127.0.0.1:051730/kite/callback", callback, false},
		"no port":                   {"http://127.0.0.1/kite/callback", callback, false},
		"localhost for 127.0.0.1":   {"http://localhost:51730/kite/callback", callback, false},
		"another way to write it":   {"http://127.1:51730/kite/callback", callback, false},
		"extra path":                {callback + "/more", callback, false},
		"slash at the end":          {callback + "/", callback, false},
		"double slash":              {"http://127.0.0.1:51730//kite/callback", callback, false},
		"shorter path":              {"http://127.0.0.1:51730/kite", callback, false},
		"another case of path":      {"http://127.0.0.1:51730/Kite/callback", callback, false},
		"escaped dot segment":       {"http://127.0.0.1:51730/x/%2e%2e/kite/callback", callback, false},
		"dot segment":               {"http://127.0.0.1:51730/kite/./callback", callback, false},
		"escaped letter":            {"http://127.0.0.1:51730/%6bite/callback", callback, false},
		"escaped slash":             {"http://127.0.0.1:51730/kite%2Fcallback", callback, false},
		"path parameter":            {callback + ";a=b", callback, false},
		"backslash":                 {`http://127.0.0.1:51730\@evil.tld/kite/callback`, callback, false},
		"backslash in path":         {`http://127.0.0.1:51730/kite\callback`, callback, false},
		"space in front":            {" " + callback, callback, false},
		"line break inside":         {"http://127.0.0.1:51730/kite/\ncallback", callback, false},
		"callback only in query":    {"https://evil.tld/?u=" + callback, callback, false},
		"callback only in fragment": {"https://evil.tld/#" + callback, callback, false},
		"opaque":                    {"http:127.0.0.1:51730/kite/callback", callback, false},
		"without scheme":            {"//127.0.0.1:51730/kite/callback", callback, false},
		"script":                    {"javascript:alert(1)", callback, false},
		"empty":                     {"", callback, false},
		"no callback":               {callback, "", false},
		"both empty":                {"", "", false},
		"both without host":         {"http:///x", "http:///x", false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := kite.MatchesCallback(c.raw, c.callback); got != c.want {
				t.Errorf("MatchesCallback(%q, %q) = %t", c.raw, c.callback, got)
			}
		})
	}
}

func TestParseRedirectTakesTheTokenInAnyOrder(t *testing.T) {
	parts := []string{"status=success", "request_token=" + token, "state=" + state, "action=login", "type=login"}
	for range parts {
		parts = append(parts[1:], parts[0])
		backward := slices.Clone(parts)
		slices.Reverse(backward)
		for _, query := range []string{strings.Join(parts, "&"), strings.Join(backward, "&")} {
			redirect, err := kite.ParseRedirect(callback+"?"+query, callback, state)
			if err != nil || redirect.RequestToken.Reveal() != token {
				t.Errorf("%s: %v", query, err)
			}
		}
	}
	for name, raw := range map[string]string{
		"without type":      callback + "?status=success&request_token=" + token + "&state=" + state,
		"extra parameters":  good + "&more=1&more=2",
		"with a fragment":   good + "#top",
		"longest token":     strings.Replace(good, token, strings.Repeat("a", 128), 1),
		"shortest token":    strings.Replace(good, token, strings.Repeat("a", 8), 1),
		"escaped parameter": strings.Replace(good, "request_token", "request%5Ftoken", 1),
	} {
		if _, err := kite.ParseRedirect(raw, callback, state); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestParseRedirectRefuses(t *testing.T) {
	without := func(part string) string { return strings.Replace(good, part, "", 1) }
	with := func(part, other string) string { return strings.Replace(good, part, other, 1) }
	for name, c := range map[string]struct {
		raw  string
		code string
		says string
	}{
		"another address":         {with("/kite/callback", "/other"), kite.EINVALID, "isn't this account's callback URL"},
		"look-alike host":         {with("127.0.0.1", "127.0.0.1.evil.tld"), kite.EINVALID, "isn't this account's callback URL"},
		"cancelled":               {callback + "?status=cancelled", kite.ECANCELED, "cancelled"},
		"cancelled, with a token": {with("success", "cancelled"), kite.ECANCELED, "cancelled"},
		"status=error":            {callback + "?status=error&state=" + state, kite.EBROKER, "failed"},
		"error, with a token":     {with("success", "error"), kite.EBROKER, "failed"},
		"success in capitals":     {with("success", "SUCCESS"), kite.EBROKER, "failed"},
		"no status":               {without("status=success&"), kite.EINVALID, "doesn't say"},
		"two statuses":            {good + "&status=error", kite.EINVALID, "two statuses"},
		"the same status twice":   {good + "&status=success", kite.EINVALID, "two statuses"},
		"no query":                {callback, kite.EINVALID, "doesn't say"},
		"all in the fragment":     {strings.Replace(good, "?", "#", 1), kite.EINVALID, "doesn't say"},
		"no token":                {without("request_token=" + token + "&"), kite.EINVALID, "no request_token"},
		"empty token":             {with(token, ""), kite.EINVALID, "no request_token"},
		"two tokens":              {good + "&request_token=" + strings.Repeat("z", 32), kite.EINVALID, "two request_tokens"},
		"the same token twice":    {good + "&request_token=" + token, kite.EINVALID, "two request_tokens"},
		"token in another case":   {with("request_token", "Request_Token"), kite.EINVALID, "no request_token"},
		"short token":             {with(token, "abcdefg"), kite.EINVALID, "isn't of Kite's form"},
		"long token":              {with(token, strings.Repeat("a", 129)), kite.EINVALID, "isn't of Kite's form"},
		"10 kB token":             {with(token, strings.Repeat("a", 10_000)), kite.EINVALID, "far too long"},
		"token with a line break": {with(token, token+"%0A"), kite.EINVALID, "isn't of Kite's form"},
		"token with markup":       {with(token, "%3Cscript%3E1"), kite.EINVALID, "isn't of Kite's form"},
		"no state":                {without("&state=" + state), kite.EINVALID, "doesn't belong"},
		"empty state":             {with("state="+state, "state="), kite.EINVALID, "doesn't belong"},
		"foreign state":           {with(state, "b6f2a1c09e"), kite.EINVALID, "doesn't belong"},
		"state in capitals":       {with(state, strings.ToUpper(state)), kite.EINVALID, "doesn't belong"},
		"longer state":            {with(state, state+"0"), kite.EINVALID, "doesn't belong"},
		"two states":              {good + "&state=" + state, kite.EINVALID, "doesn't belong"},
		"broken escape":           {good + "&a=%zz", kite.EINVALID, "can't be read"},
		"semicolon":               {good + ";a=b", kite.EINVALID, "can't be read"},
	} {
		t.Run(name, func(t *testing.T) {
			redirect, err := kite.ParseRedirect(c.raw, callback, state)
			e := kite.AsError(err)
			if err == nil || e.Code != c.code || !strings.Contains(e.Message, c.says) || e.Hint == "" {
				t.Errorf("err = %+v; want %s saying %q", err, c.code, c.says)
			}
			if !redirect.RequestToken.Empty() {
				t.Error("a token was returned")
			}
			kitetest.NoSecretInError(t, err, token, state)
		})
	}
}

func TestParseRedirectWithoutAStateOfOursTakesNothing(t *testing.T) {
	for _, raw := range []string{good, strings.Replace(good, state, "", 1), strings.Replace(good, "&state="+state, "", 1)} {
		if _, err := kite.ParseRedirect(raw, callback, ""); err == nil {
			t.Error("an empty state matched")
		}
	}
}

func TestCarriesRequestToken(t *testing.T) {
	for raw, want := range map[string]bool{
		"https://kite.zerodha.com/connect/finish?sess_id=abc": false,
		"https://other.example/?request_token=abc":            true,
		"https://other.example/?x=request_token":              false,
		"https://other.example/#request_token=abc":            false,
		"http://[::1": false,
		good:          true,
	} {
		if got := kite.CarriesRequestToken(raw); got != want {
			t.Errorf("CarriesRequestToken(%s) = %t", raw, got)
		}
	}
}

// FuzzParseRedirect checks by other means that a token comes only from exactly
// the callback URL with all rules kept, and that no error repeats the token.
func FuzzParseRedirect(f *testing.F) {
	for _, raw := range []string{
		good, callback, "", good + "&state=x", "https://127.0.0.1:51730/kite/callback?request_token=" + token,
		"http://127.0.0.1:51730@evil/kite/callback?request_token=" + token + "&status=success&state=" + state,
		strings.ToUpper(good), strings.Replace(good, "?", "#", 1), good + "%", "http://[::1]:51730/kite/callback",
	} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		redirect, err := kite.ParseRedirect(raw, callback, state)
		if err != nil {
			e := kite.AsError(err)
			if !redirect.RequestToken.Empty() || e.Code == kite.EINTERNAL || e.Hint == "" || strings.Contains(err.Error(), token) {
				t.Fatalf("refused %q with %v and a token: %t", raw, err, !redirect.RequestToken.Empty())
			}
			return
		}
		address, query, _ := strings.Cut(raw, "?")
		query, _, _ = strings.Cut(query, "#")
		q, parseErr := url.ParseQuery(query)
		if parseErr != nil || !strings.EqualFold(address, callback) || !strings.HasSuffix(address, "/kite/callback") {
			t.Fatalf("accepted %q", raw)
		}
		if len(q["request_token"]) != 1 || len(q["status"]) != 1 || q.Get("status") != "success" || len(q["state"]) != 1 || q.Get("state") != state {
			t.Fatalf("accepted the query of %q", raw)
		}
		if got := redirect.RequestToken.Reveal(); got != q.Get("request_token") || len(got) < 8 || len(got) > 128 {
			t.Fatalf("took %q from %q", got, raw)
		}
	})
}
