package kiteconnect_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Bodies and statuses as Kite sends them, from its documentation and reports.
func TestWhatKitesRefusalsMean(t *testing.T) {
	const login, call = "exchange", "profile"
	for name, c := range map[string]struct {
		call      string
		status    int
		body      string
		code      string
		field     string
		inMessage string
	}{
		"dead token":                       {call, 403, refusal("TokenException", "Incorrect `api_key` or `access_token`."), kite.ETOKEN, "", "ended this session"},
		"token exception that isn't 403":   {call, 400, refusal("TokenException", "Odd."), kite.EBROKER, "", "Odd."},
		"token exception with 200":         {call, 200, refusal("TokenException", "Odd."), kite.EBROKER, "", "Odd."},
		"403 of another type":              {call, 403, refusal("UserException", "Account blocked."), kite.EBROKER, "", "Account blocked."},
		"403 without a type":               {call, 403, `{"status":"error","message":"No"}`, kite.EBROKER, "", "No."},
		"plan lacks data":                  {call, 403, refusal("PermissionException", "Insufficient permission for that call."), kite.EDENIED, "", "Insufficient permission"},
		"unlisted address":                 {call, 403, refusal("PermissionException", "IP (1.2.3.4) is not allowed to place orders for this app."), kite.EDENIED, "", "1.2.3.4"},
		"too many":                         {call, 429, refusal("NetworkException", "Too many requests"), kite.ERATELIMIT, "", "too many"},
		"too many, from a gateway":         {call, 429, "<html>slow down</html>", kite.ERATELIMIT, "", "too many"},
		"order system down":                {call, 502, refusal("DataException", "x"), kite.EBROKER, "", "502"},
		"general failure":                  {call, 500, refusal("GeneralException", "x"), kite.EBROKER, "", "500"},
		"gateway's page":                   {call, 502, "<html><h1>Bad gateway</h1></html>", kite.EBROKER, "", "502"},
		"success that is none":             {call, 200, refusal("InputException", "Bad."), kite.EBROKER, "", "Bad."},
		"error status with success body":   {call, 404, `{"status":"success","data":{}}`, kite.EBROKER, "", "no reason"},
		"unknown type":                     {call, 418, refusal("TeapotException", "Short and stout"), kite.EBROKER, "", "Short and stout."},
		"no message":                       {call, 400, `{"status":"error"}`, kite.EBROKER, "", "no reason"},
		"sign-in page":                     {call, 200, "<!doctype html><form>Wi-Fi</form>", kite.EOFFLINE, "", "sign in"},
		"sign-in page of a network":        {call, 511, "log in", kite.EOFFLINE, "", "sign in"},
		"empty":                            {call, 200, "", kite.EBROKER, "", "understood"},
		"not JSON":                         {call, 200, "ok", kite.EBROKER, "", "understood"},
		"not an envelope":                  {call, 200, `[1,2]`, kite.EBROKER, "", "understood"},
		"unknown status":                   {call, 200, `{"status":"maybe"}`, kite.EBROKER, "", "understood"},
		"status of another type":           {call, 200, `{"status":1}`, kite.EBROKER, "", "understood"},
		"no data":                          {call, 200, `{"status":"success"}`, kite.EBROKER, "", "understood"},
		"null data":                        {call, 200, `{"status":"success","data":null}`, kite.EBROKER, "", "names no user"},
		"data of another type":             {call, 200, `{"status":"success","data":"x"}`, kite.EBROKER, "", "understood"},
		"field of another type":            {call, 200, `{"status":"success","data":{"user_id":7}}`, kite.EBROKER, "", "understood"},
		"used request_token":               {login, 403, refusal("TokenException", "Token is invalid or has expired."), kite.EBROKER, "", "no longer accepts this login"},
		"wrong secret":                     {login, 400, refusal("InputException", "Invalid `checksum`."), kite.EINVALID, "apiSecret", "API secret"},
		"wrong secret, as token exception": {login, 403, refusal("TokenException", "Invalid `checksum`."), kite.EINVALID, "apiSecret", "API secret"},
		"wrong key":                        {login, 403, refusal("TokenException", "Invalid `api_key` or `access_token`."), kite.EINVALID, "apiKey", "API key"},
		"user not of this app":             {login, 400, refusal("InputException", "The user is not enabled for the app."), kite.EWRONGUSER, "", "isn't enabled"},
		"publisher key":                    {login, 403, refusal("PermissionException", "That API call is not allowed."), kite.EDENIED, "", "not allowed"},
		"exchange too often":               {login, 429, refusal("NetworkException", "Too many requests"), kite.ERATELIMIT, "", "too many"},
		"exchange in an outage":            {login, 503, refusal("NetworkException", "x"), kite.EUNKNOWN, "", "unknown whether"},
		"exchange and a gateway's page":    {login, 502, "<html></html>", kite.EUNKNOWN, "", "unknown whether"},
		"exchange and garbage":             {login, 200, "ok", kite.EUNKNOWN, "", "unknown whether"},
		"exchange and a sign-in page":      {login, 200, "<html></html>", kite.EOFFLINE, "", "sign in"},
		"exchange refused otherwise":       {login, 400, refusal("InputException", "Missing `checksums`"), kite.EINVALID, "apiSecret", ""},
		"exchange with an unknown type":    {login, 400, refusal("TeapotException", "Short"), kite.EBROKER, "", "Short."},
		"grant without a token":            {login, 200, `{"status":"success","data":{"user_id":"AB1234"}}`, kite.EBROKER, "", "lacks"},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "text/plain")
				w.WriteHeader(c.status)
				_, _ = w.Write([]byte(c.body))
			})
			do := profile
			if c.call == login {
				do = exchange
			}
			e := failure(t, do(t, newClient(), appAt(server.URL)), c.code)
			if e.Field != c.field || !strings.Contains(e.Message, c.inMessage) {
				t.Errorf("said %q for field %q; want %q for %q", e.Message, e.Field, c.inMessage, c.field)
			}
		})
	}
}

func TestKitesWordsAreOneShortLine(t *testing.T) {
	body := refusal("InputException", `a\nb\u0000c\u202Ed`+strings.Repeat("x", 5000))
	e := failure(t, profile(t, newClient(), appAt(serve(t, reply(400, body)).URL)), kite.EBROKER)
	if !strings.HasPrefix(e.Message, "Kite refused: a b c d") || len(e.Message) > 400 {
		t.Errorf("message = %q", e.Message)
	}
}
