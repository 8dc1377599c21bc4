package program_test

import (
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/logging"
	"github.com/kiteaccounts/kite-accounts/backend/program"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

// callAPI asks the local API and returns status and body.
func callAPI(t *testing.T, method, url, authorization, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", authorization)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(answer)
}

// One morning of a program: it lists, gets a login done, reads its session,
// calls Kite, exchanges a token of its own, and is revoked. Nothing of what is
// written meanwhile has a secret in it.
func TestLocalAPI_leaves_no_secret_behind(t *testing.T) {
	b := newBench(t)
	_, s := b.start()
	a, err := s.Accounts.CreateSandbox(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	log, closeLog, err := logging.Open(b.dir.Log("api"))
	if err != nil {
		t.Fatal(err)
	}
	defer closeLog() //nolint:errcheck // the test ends
	api := &program.LocalAPI{Services: s, Log: log}
	base, err := api.Start(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(api.Stop)
	client, token, err := s.Clients().Add(t.Context(), kite.APIClient{Name: "Bot", AccountIDs: []string{a.ID}})
	if err != nil {
		t.Fatal(err)
	}
	bearer := "Bearer " + token.Reveal()
	expect := func(want int, method, path, authorization, body string) string {
		t.Helper()
		status, answer := callAPI(t, method, base+path, authorization, body)
		if status != want {
			t.Errorf("%s %s: %d %s", method, path, status, answer)
		}
		return answer
	}
	own := "/v1/accounts/" + a.Slug
	expect(409, "GET", own+"/session", bearer, "")
	expect(200, "POST", own+"/login", bearer, "")
	var session struct{ AccessToken string }
	if err := json.Unmarshal([]byte(expect(200, "GET", own+"/session", bearer, "")), &session); err != nil || session.AccessToken == "" {
		t.Fatalf("no session: %v", err)
	}
	if profile := expect(200, "GET", "/kite/"+a.Slug+"/user/profile?canary-query", "token k:"+token.Reveal(), ""); !strings.Contains(profile, a.ClientID) {
		t.Errorf("profile = %s", profile)
	}
	expect(403, "POST", "/kite/"+a.Slug+"/orders/regular", bearer, "")
	expect(400, "POST", "/api/kite-auth/generate-session", bearer, `{"requestToken":"canaryrequest","apiKey":"`+a.APIKey+`","apiSecret":"canarysecret"}`)
	expect(401, "GET", "/v1/accounts", bearer+"x", "")
	if err := s.Clients().Revoke(t.Context(), client.ID); err != nil {
		t.Fatal(err)
	}
	expect(401, "GET", "/v1/accounts", bearer, "")
	expect(401, "GET", "/kite/"+a.Slug+"/user/profile", bearer, "")
	api.Stop()
	noSecretUnder(t, b.dir.Path(), token.Reveal(), session.AccessToken, sandbox.APISecret(a.APIKey), "canary")
	entries, err := s.History.History(t.Context(), kite.HistoryFilter{Query: "Bot"})
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Detail)
	}
	for _, want := range []string{"Session handed to the client Bot.", "Bot asked for a login.", "Bot read from Kite", "Bot may use", "Bot may no longer use"} {
		if !strings.Contains(strings.Join(all, "\n"), want) {
			t.Errorf("the history lacks %q: %q", want, all)
		}
	}
}

// The window begins with an empty database while kitectl serve goes on.
func TestLocalAPI_serves_no_database_that_was_set_aside(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows renames no open file")
	}
	b := newBench(t)
	p, s := b.start()
	account := b.loggedIn(s)
	api := &program.LocalAPI{Services: s, Log: p.Log}
	base, err := api.Start(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(api.Stop)
	_, token, err := s.Clients().Add(t.Context(), kite.APIClient{Name: "Bot", AllAccounts: true})
	if err != nil {
		t.Fatal(err)
	}
	paths := []string{"/v1/accounts", "/v1/accounts/" + account.Slug + "/session", "/kite/" + account.Slug + "/user/profile"}
	expect := func(want int, words string) {
		t.Helper()
		for _, path := range paths {
			if status, body := callAPI(t, "GET", base+path, "Bearer "+token.Reveal(), ""); status != want || !strings.Contains(body, words) {
				t.Errorf("%s: %d %s", path, status, body)
			}
		}
	}
	expect(200, "")
	for _, part := range []string{"-wal", "-shm", ""} {
		if err := os.Rename(b.dir.Database()+part, b.dir.Database()+".old"+part); err != nil {
			t.Fatal(err)
		}
	}
	expect(503, kite.ECONFLICT)
	empty, err := sqlite.Open(t.Context(), b.dir.Database())
	if err != nil {
		t.Fatal(err)
	}
	defer empty.Close() //nolint:errcheck // the test ends
	expect(503, "Start this program again")
}

func noSecretUnder(t *testing.T, folder string, secrets ...string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		kitetest.NoSecretIn(t, d.Name(), string(text), secrets...)
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestLocalAPI_is_served_once_and_ends(t *testing.T) {
	b := newBench(t)
	p, s := b.start()
	api := &program.LocalAPI{Services: s, Log: p.Log}
	api.Stop() // nothing is served yet
	port := kitetest.FreePort(t)
	if _, err := api.Start(t.Context(), port); err != nil {
		t.Fatal(err)
	}
	if _, err := api.Start(t.Context(), 0); kite.ErrorCode(err) != kite.ECONFLICT {
		t.Errorf("a second start: %v", err)
	}
	other := &program.LocalAPI{Services: s, Log: p.Log}
	if _, err := other.Start(t.Context(), port); kite.ErrorCode(err) != kite.ECONFLICT {
		t.Errorf("the same port: %v", err)
	}
	for range 2 {
		api.Stop()
		if _, err := api.Start(t.Context(), port); err != nil { // the port is free again
			t.Fatal(err)
		}
	}
	api.Stop()
	if runtime.GOOS == "windows" {
		return // where it has no sockets
	}
	socket := filepath.Join(t.TempDir(), "s")
	if err := api.StartUnix(t.Context(), socket); err != nil {
		t.Fatal(err)
	}
	api.Stop()
	if _, err := os.Lstat(socket); err == nil {
		t.Error("the socket is still there")
	}
}
