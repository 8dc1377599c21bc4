package kite_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
)

// formFields are the keys of AccountInput in frontend/src/lib/backend/backend.ts.
var formFields = []string{
	"accountName", "clientId", "phoneNumber", "apiKey", "accountType", "callbackUrl", "postbackUrl", "password", "apiSecret",
	"sessionLifetimeHours", "loginUrl", "apiRoot", "allowedHosts",
}

// problemsOf validates an account with one change and returns the sentences
// by field.
func problemsOf(t *testing.T, change func(*kite.Account)) map[string]string {
	t.Helper()
	a := kitetest.SandboxAccount("a")
	change(&a)
	found := map[string]string{}
	for _, e := range a.Validate() {
		if e.Code != kite.EINVALID || !slices.Contains(formFields, e.Field) || e.Message == "" {
			t.Errorf("%+v isn't fit for a form field", e)
		}
		if !strings.HasSuffix(e.Message, ".") || len(e.Message) > 160 {
			t.Errorf("%s: %q isn't a short sentence", e.Field, e.Message)
		}
		found[e.Field] = e.Message
	}
	return found
}

// accepts and refuses check one field with many values.
func accepts(t *testing.T, field string, set func(*kite.Account, string), values ...string) {
	t.Helper()
	for _, v := range values {
		if found := problemsOf(t, func(a *kite.Account) { set(a, v) }); len(found) > 0 {
			t.Errorf("%s %.80q refused: %v", field, v, found)
		}
	}
}

func refuses(t *testing.T, field string, set func(*kite.Account, string), values ...string) {
	t.Helper()
	for _, v := range values {
		found := problemsOf(t, func(a *kite.Account) { set(a, v) })
		if found[field] == "" {
			t.Errorf("%s %.80q accepted (%v)", field, v, found)
		}
	}
}

var megabyte = strings.Repeat("A", 1<<20)

func TestFixturesAreValid(t *testing.T) {
	for _, a := range []kite.Account{kitetest.Account("0c7f0d4e-one"), kitetest.SandboxAccount("x")} {
		if problems := a.Validate(); len(problems) > 0 {
			t.Errorf("%s: %v", a.Name, problems)
		}
	}
}

func TestValidateAccountName(t *testing.T) {
	set := func(a *kite.Account, v string) { a.Name = v }
	accepts(t, "accountName", set, "Asha", "A", "आशा राव", "👩\u200d👩\u200d👧\u200d👦 Family", "Zoë", "שלום", "'; DROP TABLE accounts;--", "<img src=x onerror=alert(1)>",
		strings.Repeat("é", 80), "क्\u200dष")
	refuses(t, "accountName", set, "", strings.Repeat("é", 81), "a\x00b", "a\nb", "a\tb", "\x7f", "a\u0085b", "a\u2028b",
		"abc\u202Etxt", "a\u2066b\u2069", "a\u200Bb", "\ufeffa", "\xff\xfe", strings.Repeat("x", 300), megabyte)
}

func TestValidateClientID(t *testing.T) {
	set := func(a *kite.Account, v string) { a.ClientID = v }
	accepts(t, "clientId", set, "AB1234", "XX0000", "ZZ", "ABC123")
	refuses(t, "clientId", set, "", "A", "ab1234", "AB 1234", "AB-1234", "AB1234\n", "ÀB1234", "ABCDEFGHIJKLM", megabyte)
}

func TestValidatePhoneNumber(t *testing.T) {
	set := func(a *kite.Account, v string) { a.PhoneNumber = v }
	accepts(t, "phoneNumber", set, "", "9876543210", "+91 98765 43210", "022-2345 6789")
	refuses(t, "phoneNumber", set, "1234", "call me", "+", "98765x43210", "９８７６５４３２１０", "9876543210\n", megabyte)
}

func TestValidateAPIKey(t *testing.T) {
	set := func(a *kite.Account, v string) { a.APIKey = v }
	accepts(t, "apiKey", set, "abcdefgh12345678", "sandboxdemo")
	refuses(t, "apiKey", set, "", "abc", "abc def ghi", "abc:defgh", "abcdefgh\n", strings.Repeat("a", 65), megabyte)
}

func TestValidateCallbackURL(t *testing.T) {
	set := func(a *kite.Account, v string) { a.CallbackURL = v }
	accepts(t, "callbackUrl", set,
		"http://127.0.0.1:51730/kite/callback", "http://127.0.0.1", "http://localhost:8000/", "http://LOCALHOST/cb", "https://good.example/cb",
		"https://good.example", "https://good.example:8443/a/b", "https://google.com", "https://xn--gd-fka.example/cb",
		"https://mykite.trade/cb", "https://notzerodha.com/cb", "https://zerodha.com.example/cb", "http://127.0.0.1:65535/", "https://good.example/a..b/...")
	refuses(t, "callbackUrl", set,
		"", "good.example/cb", "//good.example/cb", "http://good.example/cb", "http://192.168.1.1/cb", "http://[::1]/cb", "http://127.0.0.1.evil.tld/",
		"ftp://127.0.0.1/", "myapp://callback", "javascript:alert(1)", "https:good.example", "https://", "https:///cb", "http://127.0.0.1:0/",
		"http://127.0.0.1:65536/", "http://127.0.0.1:051730/", "http://127.0.0.1:abc/", "https://user@good.example/cb", "https://user:pw@good.example/cb",
		"https://good.example/cb?a=b", "https://good.example/cb?", "https://good.example/cb#x", "https://good.example/cb#", "https://good.example./cb",
		"https://good.example/a b", " https://good.example/", "https://good.example/\n", "https://good.example/../cb", "https://good.example/./cb",
		"https://good.example/%2E%2e/cb", "https://gооd.example/cb", "https://zerodha.com/cb", "https://kite.zerodha.com/cb", "https://KITE.trade/cb",
		"https://api.kite.trade/", "https://good.example/%zz", "https://good.example/"+strings.Repeat("a", 2000), "https://"+megabyte)
}

// https://fetch.spec.whatwg.org/#port-blocking; a sample from its table.
func TestValidateCallbackPortsThatBrowsersRefuse(t *testing.T) {
	set := func(a *kite.Account, v string) { a.CallbackURL = "http://127.0.0.1:" + v + "/cb" }
	refuses(t, "callbackUrl", set, "1", "7", "21", "22", "25", "53", "69", "110", "137", "143", "161", "389", "427", "548", "554", "587", "636",
		"989", "990", "993", "995", "1719", "1720", "1723", "2049", "3659", "4045", "4190", "5060", "5061", "6000", "6566", "6665", "6667", "6669", "6679", "6697", "10080")
	accepts(t, "callbackUrl", set, "80", "443", "3000", "5000", "5062", "6001", "6670", "8000", "8080", "8888", "10081", "51730")
}

func TestEveryAcceptedCallbackMatchesItself(t *testing.T) {
	for _, raw := range []string{"http://127.0.0.1:51730/kite/callback", "https://good.example", "https://Good.example:443/a%20b", "http://LOCALHOST/é"} {
		if problem := kite.CallbackProblem(raw); problem != "" {
			t.Errorf("%s: %s", raw, problem)
		}
		if !kite.MatchesCallback(raw+"?status=success", raw) {
			t.Errorf("%s could never be caught", raw)
		}
	}
}

func TestValidatePostbackURL(t *testing.T) {
	set := func(a *kite.Account, v string) { a.PostbackURL = v }
	accepts(t, "postbackUrl", set, "", "https://hooks.example.com/kite", "https://hooks.example.com/kite?account=1")
	refuses(t, "postbackUrl", set, "http://hooks.example.com/", "https://localhost/x", "https://127.0.0.1/x", "hooks", "https://u:p@hooks.example.com/",
		"https://hooks.example.com/"+megabyte)
}

func TestValidateSessionLifetime(t *testing.T) {
	lifetime := func(kind kite.AccountType, ttl time.Duration) string {
		return problemsOf(t, func(a *kite.Account) { a.Type, a.TTL = kind, ttl })["sessionLifetimeHours"]
	}
	for _, ttl := range []time.Duration{time.Second, 90 * time.Minute, kite.DefaultTTL} {
		if problem := lifetime(kite.Sandbox, ttl); problem != "" {
			t.Errorf("sandbox, %v: %s", ttl, problem)
		}
	}
	for _, ttl := range []time.Duration{0, -time.Hour, time.Nanosecond, kite.DefaultTTL + 1, math.MaxInt64, math.MinInt64} {
		if lifetime(kite.Sandbox, ttl) == "" || lifetime(kite.Live, ttl) == "" {
			t.Errorf("%v accepted", ttl)
		}
	}
	if lifetime(kite.Live, kite.DefaultTTL) != "" || lifetime(kite.Live, 23*time.Hour) == "" {
		t.Error("a live session lasts 24 hours, no more and no less")
	}
}

func TestValidateAccountType(t *testing.T) {
	set := func(a *kite.Account, v string) { a.Type = kite.AccountType(v) }
	accepts(t, "accountType", set, "live", "sandbox")
	refuses(t, "accountType", set, "", "LIVE", "demo", megabyte)
}

func TestValidateEndpoints(t *testing.T) {
	const login, root = "https://sandbox.kite.trade/connect/login", "https://sandbox.kite.trade/oms"
	for name, c := range map[string]struct {
		kind        kite.AccountType
		login, root string
		field       string
	}{
		"none":                   {kite.Sandbox, "", "", ""},
		"both":                   {kite.Sandbox, login, root, ""},
		"this computer":          {kite.Sandbox, "http://127.0.0.1:5000/connect/login", "http://localhost:5000", ""},
		"login with a query":     {kite.Sandbox, login + "?a=b", root, ""},
		"live with its own":      {kite.Live, login, root, "apiRoot"},
		"login alone":            {kite.Sandbox, login, "", "apiRoot"},
		"root alone":             {kite.Sandbox, "", root, "loginUrl"},
		"login over plain http":  {kite.Sandbox, "http://sandbox.example/login", root, "loginUrl"},
		"root over plain http":   {kite.Sandbox, login, "http://10.0.0.1", "apiRoot"},
		"root with a query":      {kite.Sandbox, login, root + "?a=b", "apiRoot"},
		"root with a fragment":   {kite.Sandbox, login, root + "#", "apiRoot"},
		"root with user":         {kite.Sandbox, login, "https://u:p@sandbox.example", "apiRoot"},
		"login that is a script": {kite.Sandbox, "javascript:alert(1)", root, "loginUrl"},
		"long login":             {kite.Sandbox, login + megabyte, root, "loginUrl"},
	} {
		t.Run(name, func(t *testing.T) {
			found := problemsOf(t, func(a *kite.Account) {
				a.Type, a.Endpoints = c.kind, kite.Endpoints{LoginURL: c.login, APIRoot: c.root}
			})
			if (c.field == "") != (len(found) == 0) || (c.field != "" && found[c.field] == "") {
				t.Errorf("problems = %v; want one with %q", found, c.field)
			}
		})
	}
}

func TestValidateAllowedHosts(t *testing.T) {
	set := func(a *kite.Account, v string) { a.AllowedHosts = strings.Split(v, ",") }
	accepts(t, "allowedHosts", set, "static.example.com", "a.b.c.example", "xn--gd-fka.example", "static.zerodha.net,cdn.example.com")
	many := make([]string, 21)
	for i := range many {
		many[i] = fmt.Sprintf("h%d.example", i)
	}
	refuses(t, "allowedHosts", set, "https://static.example.com", "static.example.com/", "static.example.com:443", "*.example.com", "*", "example", "", "a..b",
		"-a.example", "a-.example", "Static.Example.com", "gооd.example", "a.example\n", strings.Repeat("a", 64)+".example",
		strings.Repeat("a.", 130)+"example", strings.Join(many, ","), megabyte)
}

func TestValidateReportsEveryFieldAtOnce(t *testing.T) {
	found := problemsOf(t, func(a *kite.Account) {
		*a = kite.Account{PhoneNumber: "x", PostbackURL: "x", AllowedHosts: []string{"*"}}
	})
	for _, field := range []string{"accountName", "clientId", "phoneNumber", "apiKey", "accountType", "callbackUrl", "postbackUrl", "sessionLifetimeHours", "allowedHosts"} {
		if found[field] == "" {
			t.Errorf("nothing about %s", field)
		}
	}
}

func TestValidateSecret(t *testing.T) {
	for name, value := range map[string]string{"empty": "", "plain": "abc123", "spaces": "my pass word", "Indian script": "पासवर्ड", "longest": strings.Repeat("é", 256)} {
		if e := kite.ValidateSecret("password", kite.NewSecret(value)); e != nil {
			t.Errorf("%s refused: %v", name, e)
		}
	}
	for name, value := range map[string]string{
		"too long": strings.Repeat("é", 257), "a megabyte": megabyte, "line break": "canary-123\n", "NUL": "canary-123\x00", "tab": "canary\t-123", "not text": "canary-123\xff",
	} {
		e := kite.ValidateSecret("apiSecret", kite.NewSecret(value))
		if e == nil || e.Field != "apiSecret" || e.Code != kite.EINVALID {
			t.Errorf("%s: %v", name, e)
			continue
		}
		kitetest.NoSecretInError(t, e, value, "canary")
	}
}
