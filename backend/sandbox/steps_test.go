package sandbox_test

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox/sandboxtest"
)

// passwordOnly is a browser that gave the right password and no TOTP yet.
func passwordOnly(t *testing.T, k *sandboxtest.Kite) (client *http.Client, login url.Values) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client = &http.Client{Jar: jar}
	resp, err := client.Get(loginURL(t, k, sandbox.SharedApp))
	if err != nil {
		t.Fatal(err)
	}
	id := resp.Request.URL.Query().Get("sess_id")
	user := sandbox.UserNumber(1)
	answer, err := client.PostForm(k.URL+"/connect/login/password",
		url.Values{"sess_id": {id}, "userid": {user.UserID}, "password": {user.Password}})
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("password: %v", err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil {
		t.Fatal(err)
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return client, url.Values{"sess_id": {id}, "answer": {"authorise"}}
}

func TestLogin_can_not_skip_the_totp(t *testing.T) {
	for _, step := range []string{"finish", "consent page", "consent"} {
		t.Run(step, func(t *testing.T) {
			k := sandboxtest.Start(t, sandbox.Config{})
			if _, err := k.Person(1).LogIn(loginURL(t, k, sandbox.SharedApp)); err != nil {
				t.Fatal(err) // the app has the user's consent from here on
			}
			client, login := passwordOnly(t, k)
			resp, err := skipTo(client, k.URL, step, login)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close() //nolint:errcheck // only read
			if to := resp.Header.Get("Location"); !strings.HasPrefix(to, "/connect/login?") {
				t.Errorf("status %d, leads to %q, want the login page", resp.StatusCode, to)
			}
		})
	}
}

func skipTo(client *http.Client, base, step string, login url.Values) (*http.Response, error) {
	switch step {
	case "finish":
		return client.Get(base + "/connect/finish?" + login.Encode())
	case "consent page":
		return client.Get(base + "/connect/authorize?" + login.Encode())
	default:
		return client.PostForm(base+"/connect/authorize", login)
	}
}
