package loginwindow_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/loginwindow"
)

var (
	livePolicy = loginwindow.NewPolicy(kite.LoginJob{
		LoginURL: "https://kite.zerodha.com/connect/login?v=3", CallbackURL: "https://good.example/cb", AccountType: kite.Live,
		AllowedHosts: []string{"cdn.example.net"},
	})
	sandboxPolicy = loginwindow.NewPolicy(kite.LoginJob{
		LoginURL: "http://127.0.0.1:8123/connect/login", CallbackURL: "http://127.0.0.1:51730/kite/callback", AccountType: kite.Sandbox,
	})
)

const atKite = "https://kite.zerodha.com/connect/login"

func TestPolicy_live(t *testing.T) {
	for raw, want := range map[string]loginwindow.Verdict{
		"https://kite.zerodha.com/connect/finish?sess_id=1":          loginwindow.Load,
		"https://zerodha.com/":                                       loginwindow.Load,
		"https://kite.trade/connect/login?api_key=k":                 loginwindow.Load,
		"https://cdn.example.net/a.js":                               loginwindow.Load,
		"about:blank":                                                loginwindow.Load,
		"http://kite.zerodha.com/":                                   loginwindow.Blocked,
		"https://kite.zerodha.com:8443/":                             loginwindow.Blocked,
		"https://kite.zerodha.com.evil.tld/":                         loginwindow.Blocked,
		"https://evilzerodha.com/":                                   loginwindow.Blocked,
		"https://kite.zerodha.com@evil.tld/":                         loginwindow.Blocked,
		"https://kite.zerodha.com./":                                 loginwindow.Blocked,
		"https://xn--kte-zerodha-9fb.com/":                           loginwindow.Blocked,
		"https://sub.cdn.example.net/":                               loginwindow.Blocked,
		"data:text/html,hello":                                       loginwindow.Refused,
		"javascript:alert(1)":                                        loginwindow.Refused,
		"file:///etc/passwd":                                         loginwindow.Refused,
		"zerodha://x":                                                loginwindow.Refused,
		"https://good.example/cb?status=success&request_token=abc":   loginwindow.Landed,
		"https://GOOD.example:443/cb?request_token=abc":              loginwindow.Landed,
		"https://good.example/cb":                                    loginwindow.Landed,
		"https://good.example/cb/more?request_token=abc":             loginwindow.LandedElsewhere,
		"https://good.example.evil.tld/cb?request_token=abc":         loginwindow.LandedElsewhere,
		"https://good.example@evil.tld/cb?request_token=abc":         loginwindow.LandedElsewhere,
		"https://good.example./cb?request_token=abc":                 loginwindow.LandedElsewhere,
		"http://good.example/cb?request_token=abc":                   loginwindow.LandedElsewhere,
		"https://good.example/%63b?request_token=abc":                loginwindow.LandedElsewhere,
		"https://g\u043eod.example/cb?request_token=abc":             loginwindow.LandedElsewhere,
		"https://good.example:8443/cb?status=success&request_token=": loginwindow.LandedElsewhere,
		"https://good.example/":                                      loginwindow.Blocked,
	} {
		if got := livePolicy.Decide(raw, "GET", atKite); got != want {
			t.Errorf("%s: %d, want %d", raw, got, want)
		}
	}
}

func TestPolicy_sandbox_loads_its_own_origin_only(t *testing.T) {
	for raw, want := range map[string]loginwindow.Verdict{
		"http://127.0.0.1:8123/connect/authorize":                  loginwindow.Load,
		"http://127.0.0.1:51730/kite/callback?request_token=a":     loginwindow.Landed,
		"http://127.0.0.1:8124/":                                   loginwindow.Blocked,
		"https://127.0.0.1:8123/":                                  loginwindow.Blocked,
		"http://localhost:8123/":                                   loginwindow.Blocked,
		"https://kite.zerodha.com/":                                loginwindow.Blocked,
		"http://127.0.0.1:51731/kite/callback?request_token=abcde": loginwindow.LandedElsewhere,
	} {
		if got := sandboxPolicy.Decide(raw, "GET", "http://127.0.0.1:8123/connect/login"); got != want {
			t.Errorf("%s: %d, want %d", raw, got, want)
		}
	}
}

func TestPolicy_takes_the_redirect_only_from_the_broker_and_by_GET(t *testing.T) {
	const redirect = "https://good.example/cb?status=success&request_token=abc"
	if got := livePolicy.Decide(redirect, "POST", atKite); got == loginwindow.Landed || got == loginwindow.Load {
		t.Errorf("POST: %d", got)
	}
	if got := livePolicy.Decide(redirect, "GET", "https://evil.tld/"); got != loginwindow.Blocked {
		t.Errorf("from another page: %d", got)
	}
}

func TestPolicy_a_callback_on_an_allowed_host_is_still_the_redirect(t *testing.T) {
	p := loginwindow.NewPolicy(kite.LoginJob{
		LoginURL: "http://127.0.0.1:8123/connect/login", CallbackURL: "http://127.0.0.1:8123/cb", AccountType: kite.Sandbox,
	})
	if got := p.Decide("http://127.0.0.1:8123/cb?request_token=a", "GET", "http://127.0.0.1:8123/x"); got != loginwindow.Landed {
		t.Errorf("%d", got)
	}
}

func TestPolicy_knows_the_brokers_own_pages(t *testing.T) {
	for raw, want := range map[string]bool{
		atKite: true, "https://cdn.example.net/": false, "https://kite.zerodha.com.evil.tld/": false, "http://kite.zerodha.com/": false, "": false,
	} {
		if got := livePolicy.IsBroker(raw); got != want {
			t.Errorf("IsBroker(%q) = %t", raw, got)
		}
	}
}

func TestContentFilter_is_a_list_of_rules_that_begins_with_block_all(t *testing.T) {
	var rules []struct{ Trigger, Action map[string]string }
	if err := json.Unmarshal([]byte(livePolicy.ContentFilter()), &rules); err != nil {
		t.Fatal(err)
	}
	if rules[0].Trigger["url-filter"] != ".*" || rules[0].Action["type"] != "block" {
		t.Errorf("first rule = %+v", rules[0])
	}
	for _, r := range rules[1:] {
		if r.Action["type"] != "ignore-previous-rules" || !strings.HasPrefix(r.Trigger["url-filter"], "^") {
			t.Errorf("rule = %+v", r)
		}
	}
}

func TestContentFilter_lets_only_the_allowed_hosts_through(t *testing.T) {
	var rules []struct{ Trigger, Action map[string]string }
	if err := json.Unmarshal([]byte(livePolicy.ContentFilter()), &rules); err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]bool{
		"https://kite.zerodha.com/a.js": true, "https://zerodha.com:443/": true, "https://cdn.example.net/a.css": true,
		"https://zerodha.com:x@evil.tld/": false, "https://kite.trade:443@evil.tld/": false, "https://cdn.example.net:x@evil.tld/": false,
		"https://zerodha.com.evil.tld/": false, "https://zerodha.com:8443/": false, "http://zerodha.com/": false,
	} {
		allowed := false
		for _, r := range rules[1:] {
			allowed = allowed || regexp.MustCompile(r.Trigger["url-filter"]).MatchString(address)
		}
		if allowed != want {
			t.Errorf("%s: allowed %t", address, allowed)
		}
	}
}

func TestAllowsResource_is_what_the_content_filter_is(t *testing.T) {
	for name, policy := range map[string]loginwindow.Policy{"live": livePolicy, "sandbox": sandboxPolicy} {
		var rules []struct{ Trigger, Action map[string]string }
		if err := json.Unmarshal([]byte(policy.ContentFilter()), &rules); err != nil {
			t.Fatal(err)
		}
		for _, address := range []string{
			"https://kite.zerodha.com/a.js", "https://zerodha.com:443/", "https://kite.trade/", "https://cdn.example.net/a.css", "http://127.0.0.1:8123/a.png",
			"data:text/plain,x", "blob:https://kite.zerodha.com/1-2", "about:blank",
			"https://zerodha.com:x@evil.tld/", "https://kite.trade:443@evil.tld/", "https://zerodha.com.evil.tld/", "https://zerodha.com:8443/", "http://zerodha.com/",
			"https://sub.cdn.example.net/", "http://127.0.0.1:8124/", "http://127.0.0.1:81230/", "https://evil.tld/data:", "wss://ws.zerodha.com/", "file:///c:/secret", "chrome://version/",
		} {
			filtered := false
			for _, r := range rules[1:] {
				filtered = filtered || regexp.MustCompile(r.Trigger["url-filter"]).MatchString(address)
			}
			if got := policy.AllowsResource(address); got != filtered {
				t.Errorf("%s, %s: allowed %t, the filter %t", name, address, got, filtered)
			}
		}
	}
}

func FuzzDecide(f *testing.F) {
	f.Add("https://good.example/cb?request_token=abc", "GET")
	f.Add("https://kite.zerodha.com/", "POST")
	f.Fuzz(func(t *testing.T, raw, method string) {
		if livePolicy.Decide(raw, method, atKite) == loginwindow.Landed && !kite.MatchesCallback(raw, "https://good.example/cb") {
			t.Errorf("landed at %q", raw)
		}
	})
}
