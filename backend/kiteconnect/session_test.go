package kiteconnect_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kiteconnect"
)

const grantBody = `{"status":"success","data":{
	"user_type":"individual","email":"asha@example.com","user_name":"Asha Rao","user_shortname":"Asha","broker":"ZERODHA",
	"exchanges":["NSE","BSE"],"products":["CNC","MIS"],"order_types":["MARKET","LIMIT"],"avatar_url":null,
	"user_id":"AB1234","api_key":"canarykey","access_token":"AccessCanary+/=e4d1","public_token":"pub","enctoken":"enc",
	"refresh_token":"","silo":"","login_time":"2026-11-23 10:00:05","meta":{"demat_consent":"physical"}}}`

const profileBody = `{"status":"success","data":{"user_id":"AB1234","user_type":"individual","email":"asha@example.com",
	"user_name":"Asha Rao","user_shortname":"Asha","broker":"ZERODHA","exchanges":["NSE","BSE"],"products":["CNC","MIS"],
	"order_types":["MARKET","LIMIT"],"avatar_url":null,"meta":{"demat_consent":"physical"}}}`

var asha = kite.Profile{
	UserID: "AB1234", UserName: "Asha Rao", UserShortname: "Asha", Email: "asha@example.com", UserType: "individual",
	Broker: "ZERODHA", Exchanges: []string{"NSE", "BSE"}, Products: []string{"CNC", "MIS"}, OrderTypes: []string{"MARKET", "LIMIT"},
}

func TestLoginURLCarriesOurStateEncodedTwice(t *testing.T) {
	raw, err := kiteconnect.New().LoginURL(kite.App{Endpoints: kite.LiveEndpoints, APIKey: "abc"}, "s-1 &=%")
	if err != nil {
		t.Fatal(err)
	}
	want := "https://kite.zerodha.com/connect/login?api_key=abc&redirect_params=state%3Ds-1%2B%2526%253D%2525&v=3"
	if raw != want {
		t.Errorf("LoginURL = %s\nwant       %s", raw, want)
	}
	u, _ := url.Parse(raw)
	inner, err := url.ParseQuery(u.Query().Get("redirect_params"))
	if err != nil || inner.Get(kite.StateParam) != "s-1 &=%" {
		t.Errorf("Kite would send back %v (%v)", inner, err)
	}
}

func TestLoginURLKeepsWhatTheEndpointBrings(t *testing.T) {
	app := kite.App{Endpoints: kite.Endpoints{LoginURL: "http://127.0.0.1:9/login?theme=dark"}, APIKey: "abc"}
	raw, err := kiteconnect.New().LoginURL(app, "s")
	if err != nil || !strings.Contains(raw, "theme=dark") {
		t.Errorf("LoginURL = %s, %v; want theme kept", raw, err)
	}
	app.Endpoints.LoginURL = "not an address"
	_, err = kiteconnect.New().LoginURL(app, "s")
	wantCode(t, err, kite.EINVALID)
}

func TestExchangeSendsWhatKiteWantsAndReadsTheGrant(t *testing.T) {
	server := serve(t, reply(http.StatusOK, grantBody))
	grant, err := newClient().Exchange(t.Context(), appAt(server.URL), kite.NewSecret(requestToken), kite.NewSecret(apiSecret))
	if err != nil {
		t.Fatal(err)
	}
	r := server.last(t)
	if r.Method != http.MethodPost || r.URL.String() != "/session/token" || r.Header.Get("X-Kite-Version") != "3" ||
		r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" || r.Header.Get("Authorization") != "" {
		t.Errorf("asked %s %s with %v", r.Method, r.URL, r.Header)
	}
	if r.PostForm.Get("api_key") != apiKey || r.PostForm.Get("request_token") != requestToken || len(r.PostForm) != 3 {
		t.Errorf("form = %v", r.PostForm)
	}
	want := time.Date(2026, time.November, 23, 4, 30, 5, 0, time.UTC)
	if !grant.LoginTime.Equal(want) || grant.LoginTime.Location() != time.UTC {
		t.Errorf("LoginTime = %v; want %v", grant.LoginTime, want)
	}
	if grant.APIKey != apiKey || !reflect.DeepEqual(grant.Profile, asha) {
		t.Errorf("grant = %+v", grant)
	}
	tokens := grant.Tokens
	if tokens.Access.Reveal() != accessToken || tokens.Request.Reveal() != requestToken || tokens.Public.Reveal() != "pub" || !tokens.Refresh.Empty() {
		t.Error("tokens aren't those of the answer")
	}
}

func TestChecksumIsKitesVector(t *testing.T) {
	server := serve(t, reply(http.StatusOK, grantBody))
	app := appAt(server.URL)
	app.APIKey = "KEY"
	if _, err := newClient().Exchange(t.Context(), app, kite.NewSecret("RT"), kite.NewSecret("SECRET")); err != nil {
		t.Fatal(err)
	}
	const want = "6441f107c59e812ee41d039f282f93a37c321b32c293b767031b9bea05393791"
	if got := server.last(t).PostForm.Get("checksum"); got != want {
		t.Errorf("checksum = %s; want %s", got, want)
	}
}

func TestExchangeRefusesAnIncompleteGrantAndEndsItsToken(t *testing.T) {
	for name, change := range map[string][2]string{
		"no user":         {`"user_id":"AB1234"`, `"user_id":""`},
		"no login time":   {`"login_time":"2026-11-23 10:00:05"`, `"login_time":""`},
		"time in another": {`"login_time":"2026-11-23 10:00:05"`, `"login_time":"23/11/2026"`},
	} {
		t.Run(name, func(t *testing.T) {
			var ended string
			server := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodDelete {
					ended = r.URL.Query().Get("access_token")
					reply(http.StatusOK, `{"status":"success","data":true}`)(w, r)
					return
				}
				reply(http.StatusOK, strings.Replace(grantBody, change[0], change[1], 1))(w, r)
			})
			wantCode(t, exchange(t, newClient(), appAt(server.URL)), kite.EBROKER)
			if ended != accessToken {
				t.Error("the token lives on at Kite")
			}
		})
	}
}

func TestProfileIsFetchedWithTheToken(t *testing.T) {
	server := serve(t, reply(http.StatusOK, profileBody))
	got, err := newClient().Profile(t.Context(), appAt(server.URL+"/oms/"), kite.NewSecret(accessToken))
	if err != nil || !reflect.DeepEqual(got, asha) {
		t.Errorf("Profile = %+v, %v", got, err)
	}
	r := server.last(t)
	if r.Method != http.MethodGet || r.URL.String() != "/oms/user/profile" || r.Header.Get("Authorization") != "token "+apiKey+":"+accessToken {
		t.Errorf("asked %s %s", r.Method, r.URL)
	}
	if !strings.HasPrefix(r.UserAgent(), "KiteAccounts") || r.Header.Get("Cookie") != "" {
		t.Errorf("User-Agent = %q, Cookie = %q", r.UserAgent(), r.Header.Get("Cookie"))
	}
}

func TestInvalidateSendsTheTokenInTheQuery(t *testing.T) {
	for name, data := range map[string]string{"true": "true", "null": "null", "object": "{}"} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, reply(http.StatusOK, `{"status":"success","data":`+data+`}`))
			if err := invalidate(t, newClient(), appAt(server.URL)); err != nil {
				t.Fatal(err)
			}
			r := server.last(t)
			if q := r.URL.Query(); r.Method != http.MethodDelete || r.URL.Path != "/session/token" || q.Get("api_key") != apiKey || q.Get("access_token") != accessToken {
				t.Errorf("asked %s %s", r.Method, r.URL)
			}
		})
	}
}

func TestGzippedAnswersAreRead(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Accept-Encoding") != "gzip" {
			t.Errorf("Accept-Encoding = %q", r.Header.Get("Accept-Encoding"))
		}
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, profileBody)
		_ = z.Close()
	})
	if err := profile(t, newClient(), appAt(server.URL)); err != nil {
		t.Error(err)
	}
}

// Zerodha publishes sample answers without a licence, so they aren't copied
// here; beside the repository they are read too.
const samples = "../../../shared/kiteconnect-mocks"

func TestAnswersOfZerodhasSamples(t *testing.T) {
	if err := profile(t, newClient(), appAt(serve(t, reply(http.StatusOK, profileBody)).URL)); err != nil {
		t.Error(err)
	}
	for file, call := range map[string]func(*testing.T, *kiteconnect.Client, kite.App) error{
		"generate_session.json": exchange, "profile.json": profile, "session_logout.json": invalidate,
	} {
		body, err := os.ReadFile(filepath.Join(samples, file)) //nolint:gosec // one of the names above
		if os.IsNotExist(err) {
			continue
		}
		t.Run(file, func(t *testing.T) {
			if err != nil {
				t.Fatal(err)
			}
			if err := call(t, newClient(), appAt(serve(t, reply(http.StatusOK, string(body))).URL)); err != nil {
				t.Error(err)
			}
		})
	}
}
