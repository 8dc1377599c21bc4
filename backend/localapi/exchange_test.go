package localapi_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/kiteconnect"
	"github.com/kiteaccounts/kite-accounts/backend/localapi"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
)

var sandboxSecret = sandbox.APISecret(sandbox.SharedApp)

// requestToken logs the n-th simulated user in, as a program that runs Kite's
// login itself does.
func (b *bench) requestToken(n int) string {
	b.t.Helper()
	u, err := kiteconnect.New().LoginURL(kite.App{Endpoints: b.kite.Endpoints(), APIKey: sandbox.SharedApp}, "state")
	if err != nil {
		b.t.Fatal(err)
	}
	redirect, err := b.kite.Person(n).LogIn(u)
	if err != nil {
		b.t.Fatal(err)
	}
	r, err := kite.ParseRedirect(redirect, sandbox.DefaultCallback, "state")
	if err != nil {
		b.t.Fatal(err)
	}
	return r.RequestToken.Reveal()
}

func exchangeBody(requestToken, apiKey, apiSecret string) string {
	body, _ := json.Marshal(map[string]string{"requestToken": requestToken, "apiKey": apiKey, "apiSecret": apiSecret})
	return string(body)
}

const exchangePath = "/api/kite-auth/generate-session"

// The answer is the founding document's, field by field.
func TestGenerateSession(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	a := b.account(1)
	old := b.session(a, "old")
	_, token := b.client("Web app")
	got := b.post(exchangePath, token, exchangeBody(b.requestToken(1), sandbox.SharedApp, sandboxSecret))
	var v struct {
		Success bool
		Data    map[string]string
	}
	got.into(t, &v)
	user := sandbox.UserNumber(1)
	want := map[string]string{
		"user_id": "SB0001", "user_name": user.Name, "email": user.Email, "user_type": "individual", "broker": "ZERODHA",
		"login_time": "2026-11-23T04:30:00Z", "access_token": v.Data["access_token"],
	}
	if got.status != http.StatusOK || !v.Success || len(v.Data) != len(want) || v.Data["access_token"] == "" {
		t.Fatalf("%d %s", got.status, got.body)
	}
	for field, value := range want {
		if v.Data[field] != value {
			t.Errorf("%s = %q, want %q", field, v.Data[field], value)
		}
	}
	// The account whose earlier token this ended has the new one.
	latest, err := b.db.Sessions(b.sealer).LatestSession(t.Context(), a.ID)
	if err != nil || latest.ID == old.ID || latest.VerifiedAt.IsZero() {
		t.Fatalf("latest = %+v, %v", latest, err)
	}
	if tokens, err := b.db.Sessions(b.sealer).Tokens(t.Context(), latest.ID); err != nil || tokens.Access.Reveal() != v.Data["access_token"] {
		t.Errorf("stored token: %v", err)
	}
	b.events.WaitFor(t, kite.Event{Type: kite.SessionChanged, AccountID: a.ID})
	if got := b.history(kite.HistoryExport, 1); got[0] != "Session handed to the client Web app." {
		t.Errorf("history = %q", got)
	}
	if got := b.history(kite.HistoryRefresh, 1); len(got) != 1 {
		t.Errorf("history = %q", got)
	}
}

func TestGenerateSession_of_a_user_without_an_account(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.account(1) // of the same API key
	_, token := b.client("Web app")
	got := b.post(exchangePath, token, exchangeBody(b.requestToken(2), sandbox.SharedApp, sandboxSecret))
	if got.status != http.StatusOK || !strings.Contains(got.body, `"SB0002"`) {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if latest, err := b.db.Sessions(b.sealer).LatestSession(t.Context(), "account1"); err != nil || latest != nil {
		t.Errorf("stored: %+v, %v", latest, err)
	}
}

func TestGenerateSession_that_fails(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.account(1)
	_, token := b.client("Web app")
	used := b.requestToken(1)
	if got := b.post(exchangePath, token, exchangeBody(used, sandbox.SharedApp, sandboxSecret)); got.status != http.StatusOK {
		t.Fatalf("%d %s", got.status, got.body)
	}
	for name, c := range map[string]struct {
		body   string
		status int
		code   string
	}{
		"used token":     {exchangeBody(used, sandbox.SharedApp, sandboxSecret), 502, kite.EBROKER},
		"wrong secret":   {exchangeBody(b.requestToken(1), sandbox.SharedApp, "wrongcanarysecret"), 400, kite.EINVALID},
		"empty token":    {exchangeBody("", sandbox.SharedApp, sandboxSecret), 400, kite.EINVALID},
		"a space":        {exchangeBody("canary token", sandbox.SharedApp, sandboxSecret), 400, kite.EINVALID},
		"no fields":      {`{}`, 400, kite.EINVALID},
		"null":           {`null`, 400, kite.EINVALID},
		"a list":         {`["canary"]`, 400, kite.EINVALID},
		"another field":  {`{"requestToken":"canary","apiKey":"b","apiSecret":"c","x":1}`, 400, kite.EINVALID},
		"a number":       {`{"requestToken":1,"apiKey":"b","apiSecret":"c"}`, 400, kite.EINVALID},
		"two values":     {`{"requestToken":"canary","apiKey":"b","apiSecret":"c"}{}`, 400, kite.EINVALID},
		"not JSON":       {`requestToken=canary`, 400, kite.EINVALID},
		"cut off":        {`{"requestToken":"canary`, 400, kite.EINVALID},
		"a control byte": {"{\"requestToken\":\"canary\\u0000\",\"apiKey\":\"b\",\"apiSecret\":\"c\"}", 400, kite.EINVALID},
	} {
		got := b.post(exchangePath, token, c.body)
		var v struct{ Success *bool }
		got.into(t, &v)
		if got.status != c.status || got.code() != c.code || v.Success == nil || *v.Success {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
		kitetest.NoSecretIn(t, name, got.body, "canary", sandboxSecret, used)
	}
	kitetest.NoSecretIn(t, "log", b.log.String(), "canary", sandboxSecret, used)
}

func TestGenerateSession_takes_JSON_only(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	_, token := b.client("Web app")
	for _, kind := range []string{"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonx", "application/json, text/plain"} {
		r := b.request("POST", exchangePath, token, exchangeBody("a", "b", "c"))
		r.Header["Content-Type"] = []string{kind}
		if got := b.do(r); got.status != http.StatusUnsupportedMediaType {
			t.Errorf("%q: %d", kind, got.status)
		}
	}
}

// Where the session couldn't be stored, nothing is spent.
func TestGenerateSession_while_the_vault_is_locked(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.account(1)
	_, token := b.client("Web app")
	body := exchangeBody(b.requestToken(1), sandbox.SharedApp, sandboxSecret)
	b.sealer.Locked = true
	if got := b.post(exchangePath, token, body); got.status != http.StatusServiceUnavailable || got.code() != kite.ELOCKED {
		t.Errorf("locked: %d %s", got.status, got.body)
	}
	b.sealer.Locked = false
	if got := b.post(exchangePath, token, body); got.status != http.StatusOK {
		t.Errorf("open: %d %s", got.status, got.body)
	}
}

func FuzzParseExchange(f *testing.F) {
	for _, seed := range []string{
		exchangeBody("a", "b", "c"), `{}`, `null`, `[]`, `{"requestToken":"a","requestToken":"b","apiKey":"c","apiSecret":"d"}`,
		`{"REQUESTTOKEN":"a","apikey":"b","apisecret":"c"}`, "{\"requestToken\":\"\xff\",\"apiKey\":\"b\",\"apiSecret\":\"c\"}", `{"requestToken":"a"`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		fields, err := localapi.ParseExchange(bytes.NewReader(body))
		if err != nil {
			if kite.ErrorCode(err) != kite.EINVALID {
				t.Errorf("error = %v", err)
			}
			return
		}
		for _, field := range fields {
			if field == "" || len(field) > 256 || strings.ContainsFunc(field, func(r rune) bool { return r <= ' ' || r > '~' }) {
				t.Errorf("accepted: %q", field)
			}
		}
		again, err := localapi.ParseExchange(strings.NewReader(exchangeBody(fields[0], fields[1], fields[2])))
		if err != nil || again != fields {
			t.Errorf("%q, then %q, %v", fields, again, err)
		}
	})
}
