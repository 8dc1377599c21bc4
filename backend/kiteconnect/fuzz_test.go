package kiteconnect

import (
	"net/http"
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// FuzzDecode feeds answers of all kinds to the reader: it never panics, every
// refusal has a sentence on one line and a way on, a session ends by 403
// alone, and no secret of the call comes back.
func FuzzDecode(f *testing.F) {
	const canary = "FuzzCanary8d2f61"
	for _, body := range []string{
		`{"status":"success","data":{"user_id":"AB1234","access_token":"x","login_time":"2026-11-23 10:00:05"}}`,
		`{"status":"error","message":"Token is invalid or has expired.","error_type":"TokenException"}`,
		`{"status":"error","message":"Invalid ` + "`checksum`" + `.","error_type":"InputException","data":null}`,
		`{"status":"error","message":"` + canary + `","error_type":"` + canary + `"}`,
		`{"status":"success","data":{"exchanges":{"a":1}}}`, `<html>` + canary, ``, `null`, `[[[[`, "\x00\xff",
	} {
		for _, status := range []int{200, 403, 429, 502} {
			f.Add(status, "application/json", "1", body, true)
			f.Add(status, "text/html", "", body, false)
		}
	}
	f.Fuzz(func(t *testing.T, status int, contentType, retry, body string, exchange bool) {
		k := call{method: http.MethodGet, path: profilePath, secrets: []kite.Secret{kite.NewSecret(canary)}}
		if exchange {
			k.method, k.path = http.MethodPost, sessionPath
		}
		a := answer{status, http.Header{"Content-Type": {contentType}, "Retry-After": {retry}}, []byte(body)}
		var g grant
		err := decode(k, a, &g)
		if err == nil {
			if status != http.StatusOK {
				t.Fatalf("status %d is a success", status)
			}
			return
		}
		e := kite.AsError(err)
		if e.Code == kite.EINTERNAL || e.Message == "" || e.Hint == "" || strings.ContainsAny(e.Message, "\n\r\x00") {
			t.Fatalf("unfit for the card: %+v", e)
		}
		if e.Code == kite.ETOKEN && (status != http.StatusForbidden || exchange) {
			t.Fatalf("status %d, exchange %t ended a session", status, exchange)
		}
		if strings.Contains(err.Error(), canary) || strings.Contains(e.Hint, canary) {
			t.Fatal("the error holds a secret")
		}
		if wait := retryAfter(a.header); wait < 0 || wait > maxRetryAfter {
			t.Fatalf("would wait %v", wait)
		}
	})
}
