package webview

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/loginwindow"
)

// judging is a browser whose answers can be read.
func judging(t *testing.T) (b *browser, reports func() []loginwindow.Report) {
	t.Helper()
	answers, err := os.CreateTemp(t.TempDir(), "answers")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = answers.Close() })
	job := loginwindow.Job{ClientID: "AB1234", LoginURL: "https://kite.zerodha.com/connect/login?v=3", Policy: loginwindow.NewPolicy(kite.LoginJob{
		LoginURL: "https://kite.zerodha.com/connect/login?v=3", CallbackURL: "https://good.example/cb", AccountType: kite.Live,
	})}
	return newBrowser(job, answers), func() (all []loginwindow.Report) {
		t.Helper()
		written, err := os.Open(answers.Name())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = written.Close() }()
		for {
			var r loginwindow.Report
			if loginwindow.ReadMessage(written, &r) != nil {
				return all
			}
			all = append(all, r)
		}
	}
}

func pausedJSON(t *testing.T, url, method, kind string) string {
	t.Helper()
	text, err := json.Marshal(map[string]any{
		"requestId": "interception-job-1.0", "frameId": "F", "resourceType": kind, "networkId": "N",
		"request": map[string]any{"url": url, "method": method, "headers": map[string]string{"Referer": "https://kite.zerodha.com/"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

const callback = "https://good.example/cb?status=success&request_token=abcdefgh12345678&state=s"

func TestIntercept_a_request_goes_on_only_where_it_may(t *testing.T) {
	for name, c := range map[string]struct {
		url, method, kind string
		want              string
		outcome           loginwindow.Outcome
		blocked           string
	}{
		"the login page":          {"https://kite.zerodha.com/connect/login?v=3", "GET", "Document", "Fetch.continueRequest", "", ""},
		"its form":                {"https://kite.zerodha.com/api/login", "POST", "Document", "Fetch.continueRequest", "", ""},
		"the redirect":            {callback, "GET", "Document", "Fetch.failRequest", loginwindow.OutcomeLanded, ""},
		"the redirect by POST":    {callback, "POST", "Document", "Fetch.failRequest", "", ""},
		"the redirect as image":   {callback, "GET", "Image", "Fetch.failRequest", "", "good.example"},
		"a token elsewhere":       {"https://evil.tld/cb?request_token=abc", "GET", "Document", "Fetch.failRequest", loginwindow.OutcomeLandedElsewhere, ""},
		"another page":            {"https://evil.tld/", "GET", "Document", "Fetch.failRequest", "", "evil.tld"},
		"a script of the broker":  {"https://kite.zerodha.com/a.js", "GET", "Script", "Fetch.continueRequest", "", ""},
		"a script from elsewhere": {"https://cdn.example/a.js", "GET", "Script", "Fetch.failRequest", "", "cdn.example"},
		"a beacon":                {"https://evil.tld/collect", "POST", "Ping", "Fetch.failRequest", "", "evil.tld"},
		"a kind nobody knows":     {"https://evil.tld/", "GET", "Hologram", "Fetch.failRequest", "", "evil.tld"},
		"data":                    {"data:image/png;base64,AA==", "GET", "Image", "Fetch.continueRequest", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			b, reports := judging(t)
			method, answer := b.intercept(pausedJSON(t, c.url, c.method, c.kind))
			var parameters map[string]string
			if err := json.Unmarshal([]byte(answer), &parameters); err != nil || parameters["requestId"] != "interception-job-1.0" {
				t.Fatalf("answer %q", answer)
			}
			if method != c.want || (method == "Fetch.failRequest") != (parameters["errorReason"] == "BlockedByClient") {
				t.Errorf("%s %s", method, answer)
			}
			var last loginwindow.Report
			if all := reports(); len(all) > 0 {
				last = all[len(all)-1]
			}
			if last.Outcome != c.outcome || strings.Join(last.Blocked, " ") != c.blocked {
				t.Errorf("report %+v", last)
			}
			if c.outcome == loginwindow.OutcomeLanded && last.URL != callback {
				t.Errorf("landed at %q", last.URL)
			}
		})
	}
}

func TestIntercept_what_cannot_be_understood_never_goes_on(t *testing.T) {
	for _, parameters := range []string{"", "{}", "null", `{"request":{"url":"https://kite.zerodha.com/"}}`, `{"requestId":7}`} {
		b, _ := judging(t)
		if method, answer := b.intercept(parameters); method != "" {
			t.Errorf("%s: %s %s", parameters, method, answer)
		}
	}
}

func TestAllowRequest_is_the_filter_and_names_nobody(t *testing.T) {
	b, reports := judging(t)
	if !b.allowRequest("https://kite.zerodha.com/a.js") || b.allowRequest("https://evil.tld/a.js") || b.allowRequest(callback) {
		t.Error("the filter isn't the policy's")
	}
	if all := reports(); len(all) != 0 {
		t.Errorf("reports %+v", all)
	}
}

func TestStart_leaves_to_intercept_whether_a_redirected_form_landed(t *testing.T) {
	for name, c := range map[string]struct {
		redirected, hasBody, goesOn bool
		outcome                     loginwindow.Outcome
		then                        string // the method that intercept is told
		in                          loginwindow.Outcome
	}{
		"a link":                   {false, false, false, loginwindow.OutcomeLanded, "", ""},
		"a form":                   {false, true, false, "", "", ""},
		"Kite's redirect":          {true, false, false, loginwindow.OutcomeLanded, "", ""},
		"a form's redirect by 302": {true, true, true, "", "GET", loginwindow.OutcomeLanded},
		"a form's redirect by 307": {true, true, true, "", "POST", ""},
	} {
		t.Run(name, func(t *testing.T) {
			b, reports := judging(t)
			outcome := func() (o loginwindow.Outcome) {
				for _, r := range reports() {
					o = r.Outcome
				}
				return o
			}
			if b.start(callback+"#top", c.redirected, c.hasBody) != c.goesOn || outcome() != c.outcome || b.allowRequest(callback) != c.goesOn {
				t.Fatalf("goes on %t, outcome %q", !c.goesOn, outcome())
			}
			if !c.goesOn {
				return
			}
			if method, _ := b.intercept(pausedJSON(t, callback, c.then, "Document")); method != "Fetch.failRequest" {
				t.Errorf("answered by %s", method)
			}
			b.completed(callback+"#top", notLoaded) // as WebView2 tells what was refused
			if outcome() != c.in {
				t.Errorf("outcome %q", outcome())
			}
		})
	}
}

func TestEndingOf(t *testing.T) {
	for name, c := range map[string]struct {
		success          bool
		webError, status int32
		want             ending
	}{
		"a page":                        {true, 0, 200, finished},
		"a page without HTTP":           {true, 0, 0, finished},
		"Kite's refusal, with a status": {false, 0, 403, finished},
		"an error with a page":          {false, 16, 500, finished},
		"cancelled":                     {false, 14, 0, interrupted},
		"cancelled while it loaded":     {false, 14, 200, interrupted},
		"wrong name in certificate":     {false, 1, 0, notTrusted},
		"expired certificate":           {false, 2, 0, notTrusted},
		"invalid certificate":           {false, 5, 0, notTrusted},
		"server not reached":            {false, 6, 0, notLoaded},
		"name not found":                {false, 13, 0, notLoaded},
		"unsafe port":                   {false, 0, 0, notLoaded},
		"proxy wants a password":        {false, 18, 407, notLoaded},
	} {
		if got := endingOf(c.success, c.webError, c.status); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

func TestCompleted_and_failed_processes_end_in_their_problems(t *testing.T) {
	const page = "https://kite.zerodha.com/connect/login"
	for name, c := range map[string]struct {
		happens func(*browser)
		outcome loginwindow.Outcome
	}{
		"finished":            {func(b *browser) { b.completed(page, finished) }, loginwindow.OutcomeClosed},
		"interrupted":         {func(b *browser) { b.completed(page, interrupted) }, loginwindow.OutcomeClosed},
		"not loaded":          {func(b *browser) { b.completed(page, notLoaded) }, loginwindow.OutcomeOffline},
		"not trusted":         {func(b *browser) { b.completed(page, notTrusted) }, loginwindow.OutcomeTLS},
		"redirect not loaded": {func(b *browser) { b.completed(callback, notLoaded) }, loginwindow.OutcomeLanded},
		"browser gone":        {func(b *browser) { b.processFailed(browserExited) }, loginwindow.OutcomePageCrashed},
		"page gone":           {func(b *browser) { b.processFailed(pageExited) }, loginwindow.OutcomePageCrashed},
		"page hangs":          {func(b *browser) { b.processFailed(pageUnresponsive) }, loginwindow.OutcomePageCrashed},
		"graphics process":    {func(b *browser) { b.processFailed(6) }, loginwindow.OutcomeClosed},
		"a frame's process":   {func(b *browser) { b.processFailed(3) }, loginwindow.OutcomeClosed},
	} {
		t.Run(name, func(t *testing.T) {
			b, reports := judging(t)
			c.happens(b)
			b.closed()
			all := reports()
			if len(all) != 1 || all[0].Outcome != c.outcome {
				t.Errorf("reports %+v, want %s", all, c.outcome)
			}
		})
	}
	b, _ := judging(t)
	if !b.processFailed(browserExited) || b.processFailed(pageExited) {
		t.Error("only the browser's own process is the browser")
	}
}

func TestScriptAnswer(t *testing.T) {
	for result, want := range map[string]string{
		`"{\"status\":\"error\"}"`: `{"status":"error"}`, `"plain"`: "plain", `""`: "",
		"null": "", "{}": "", "7": "", "": "", "not JSON": "",
	} {
		if got := scriptAnswer(result); string(got) != want {
			t.Errorf("%s: %q, want %q", result, got, want)
		}
	}
	if scriptAnswer("null") != nil {
		t.Error("another page than JSON has no answer")
	}
}

func TestScriptAnswer_of_a_refusal_is_understood(t *testing.T) {
	b, reports := judging(t)
	b.answer(scriptAnswer(`"{\"status\":\"error\",\"message\":\"The user is not enabled for the app.\",\"data\":null}"`))
	b.closed()
	if all := reports(); all[0].Outcome != loginwindow.OutcomeNotEnabled {
		t.Errorf("reports %+v", all)
	}
}

func TestScriptAnswer_too_long_is_no_refusal(t *testing.T) {
	if !strings.Contains(readScript, "slice(0, 4097)") {
		t.Errorf("script %s", readScript)
	}
	b, reports := judging(t)
	text, _ := json.Marshal(`{"status":"error","message":"not enabled` + strings.Repeat(" ", maxAnswer) + `"}`)
	b.answer(scriptAnswer(string(text)))
	b.closed()
	if all := reports(); all[0].Outcome != loginwindow.OutcomeClosed {
		t.Errorf("reports %+v", all)
	}
}
