// Package gokite proves that the sandbox is a faithful Kite: the official Go
// client, written by others, works against it with nothing changed but its
// base URL. It is a module of its own, so that the program never depends on
// that client.
package gokite

import (
	"errors"
	"net/http"
	"net/url"
	"testing"
	"time"

	kiteconnect "github.com/zerodha/gokiteconnect/v4"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox/sandboxtest"
)

type fixture struct {
	*sandboxtest.Kite
	clock *kitetest.Clock
}

func start(t *testing.T) fixture {
	t.Helper()
	clock := kitetest.ISTClock(2026, time.November, 23, 10, 0)
	return fixture{sandboxtest.Start(t, sandbox.Config{Clock: clock}), clock}
}

func (f fixture) newClient() *kiteconnect.Client {
	return newClient(f.Endpoints().APIRoot, sandbox.SharedApp, "")
}

// logIn opens the client's own login URL, moved to the sandbox, as a person.
func (f fixture) logIn(t *testing.T, client *kiteconnect.Client, person int) (query url.Values) {
	t.Helper()
	official, err := url.Parse(client.GetLoginURLWithparams(url.Values{"state": {"our own"}}))
	if err != nil {
		t.Fatal(err)
	}
	redirect, err := f.Person(person).LogIn(f.Endpoints().LoginURL + "?" + official.RawQuery)
	if err != nil {
		t.Fatal(err)
	}
	landed, err := url.Parse(redirect)
	if err != nil {
		t.Fatal(err)
	}
	return landed.Query()
}

func (f fixture) session(t *testing.T, person int) (*kiteconnect.Client, kiteconnect.UserSession) {
	t.Helper()
	client := f.newClient()
	query := f.logIn(t, client, person)
	session, err := client.GenerateSession(query.Get("request_token"), sandbox.APISecret(sandbox.SharedApp))
	if err != nil {
		t.Fatal(err)
	}
	client.SetAccessToken(session.AccessToken)
	return client, session
}

// refused checks that the client understood Kite's refusal.
func refused(t *testing.T, what string, err error, status int, errorType string) {
	t.Helper()
	var answer kiteconnect.Error
	if !errors.As(err, &answer) || answer.Code != status || answer.ErrorType != errorType || answer.Message == "" {
		t.Errorf("%s: %#v, want %d %s", what, err, status, errorType)
	}
}

func TestLogin_gives_a_session(t *testing.T) {
	f := start(t)
	query := f.logIn(t, f.newClient(), 1)
	if query.Get("status") != "success" || query.Get("state") != "our own" {
		t.Errorf("redirect has status %q and state %q", query.Get("status"), query.Get("state"))
	}
	_, session := f.session(t, 1)
	if session.UserID != "SB0001" || session.APIKey != sandbox.SharedApp || session.AccessToken == "" || session.PublicToken == "" {
		t.Errorf("session of %q with key %q", session.UserID, session.APIKey)
	}
	// Kite sends IST without a zone, and the client reads it so.
	if !session.LoginTime.Equal(f.clock.Now()) {
		t.Errorf("login_time %v, now %v", session.LoginTime, f.clock.Now())
	}
}

func TestRequestToken_works_once_and_with_the_right_secret(t *testing.T) {
	f := start(t)
	token := f.logIn(t, f.newClient(), 1).Get("request_token")
	_, err := f.newClient().GenerateSession(token, "another secret")
	refused(t, "wrong secret", err, http.StatusBadRequest, kiteconnect.InputError)

	token = f.logIn(t, f.newClient(), 1).Get("request_token")
	if _, err := f.newClient().GenerateSession(token, sandbox.APISecret(sandbox.SharedApp)); err != nil {
		t.Fatal(err)
	}
	_, err = f.newClient().GenerateSession(token, sandbox.APISecret(sandbox.SharedApp))
	refused(t, "second time", err, http.StatusForbidden, kiteconnect.TokenError)
}

func TestAccessToken_ends(t *testing.T) {
	for name, end := range map[string]func(*testing.T, fixture, *kiteconnect.Client){
		"when it is invalidated": func(t *testing.T, _ fixture, client *kiteconnect.Client) {
			if done, err := client.InvalidateAccessToken(); !done || err != nil {
				t.Fatalf("invalidate: %v, %v", done, err)
			}
		},
		"on a new login":      func(t *testing.T, f fixture, _ *kiteconnect.Client) { f.session(t, 1) },
		"at the cut-off time": func(_ *testing.T, f fixture, _ *kiteconnect.Client) { f.clock.Set(kite.NextCutoff(f.clock.Now())) },
	} {
		t.Run(name, func(t *testing.T) {
			f := start(t)
			client, _ := f.session(t, 1)
			if _, err := client.GetUserProfile(); err != nil {
				t.Fatal(err)
			}
			end(t, f, client)
			_, err := client.GetUserProfile()
			refused(t, "profile", err, http.StatusForbidden, kiteconnect.TokenError)
		})
	}
}
