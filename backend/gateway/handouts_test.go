package gateway_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

func TestToken_is_unsealed_once_while_nothing_changes(t *testing.T) {
	f := start(t, serveKite(t, answer(200, marginsBody)).URL)
	f.get(t, "/user/margins")
	before := f.sealer.Calls.Load()
	for range 20 {
		f.get(t, "/user/margins")
	}
	if again := f.sealer.Calls.Load() - before; again != 0 {
		t.Errorf("%d values were unsealed again", again)
	}
}

func TestToken_of_many_first_requests_is_unsealed_once(t *testing.T) {
	f := start(t, serveKite(t, answer(200, marginsBody)).URL)
	before := f.sealer.Calls.Load()
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() { f.get(t, "/user/margins") })
	}
	all.Wait()
	if calls := f.sealer.Calls.Load() - before; calls > 4 { // a session has four tokens
		t.Errorf("%d values were unsealed", calls)
	}
}

// changes are the ways a kept token stops being the right one.
func TestToken_kept_is_not_used_after_a_change(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*testing.T, *fixture)
		want   string // the token after it; empty: none
		code   string
		status int
	}{
		"another program logged in": {func(t *testing.T, f *fixture) {
			other, err := sqlite.Open(t.Context(), f.path)
			f.do(t, err)
			defer other.Close() //nolint:errcheck // only read, or gone
			f.do(t, other.Sessions(f.sealer).SaveSession(t.Context(), kitetest.Session("s2", f.account, f.clock.Now()), kitetest.Tokens("s2")))
		}, "accesss2", "", 200},
		"this one logged in": {func(t *testing.T, f *fixture) { f.logIn(t, "s2") }, "accesss2", "", 200},
		"logged out": {func(t *testing.T, f *fixture) {
			f.do(t, f.db.Sessions(f.sealer).EndSession(t.Context(), "s1", kite.EndedLoggedOut, f.clock.Now()))
		}, "", kite.EENDED, 403},
		"its time is up":     {func(_ *testing.T, f *fixture) { f.clock.Set(f.clock.Now().Add(kite.DefaultTTL)) }, "", kite.EENDED, 403},
		"at the very moment": {func(t *testing.T, f *fixture) { f.clock.Set(f.latest(t).ExpiresAt) }, "", kite.EENDED, 403},
		"just before":        {func(t *testing.T, f *fixture) { f.clock.Set(f.latest(t).ExpiresAt.Add(-time.Millisecond)) }, "accesss1", "", 200},
		"the vault was locked": {func(_ *testing.T, f *fixture) {
			f.sealer.Locked = true
			f.Changed(kite.Event{Type: kite.VaultChanged})
		}, "", kite.ELOCKED, 503},
		"the account was deleted": {func(t *testing.T, f *fixture) {
			f.do(t, f.db.Accounts(f.sealer).DeleteAccount(t.Context(), "one"))
		}, "", kite.ENOTFOUND, 404},
		"its API is no https": {func(t *testing.T, f *fixture) {
			f.account.Endpoints.APIRoot = "http://api.kite.trade"
			f.do(t, f.db.Accounts(f.sealer).UpdateAccount(t.Context(), f.account, kite.SecretChanges{}))
		}, "", kite.EINVALID, 500},
		"an event of another kind": {func(_ *testing.T, f *fixture) {
			f.sealer.Locked = true
			f.Changed(kite.Event{Type: kite.PreferencesChanged})
		}, "accesss1", "", 200},
	} {
		t.Run(name, func(t *testing.T) {
			u := serveKite(t, answer(200, marginsBody))
			f := start(t, u.URL)
			f.get(t, "/user/margins")
			c.change(t, f)
			got := f.get(t, "/user/margins")
			if c.want == "" {
				got.want(t, c.status, map[int]string{403: "TokenException", 503: "NetworkException", 404: "GeneralException", 500: "GeneralException"}[c.status], c.code)
				if u.count() != 1 {
					t.Error("Kite was asked")
				}
				return
			}
			if r, _ := u.last(t); got.StatusCode != http.StatusOK || !strings.HasSuffix(r.Header.Get("Authorization"), ":"+c.want) {
				t.Errorf("%d with %q", got.StatusCode, r.Header.Get("Authorization"))
			}
		})
	}
}

func TestAccount_without_a_session_is_told_so_as_Kite_would(t *testing.T) {
	f := start(t, serveKite(t, answer(200, marginsBody)).URL)
	f.account = kitetest.SandboxAccount("two")
	f.do(t, f.db.Accounts(f.sealer).CreateAccount(t.Context(), f.account, kite.SecretChanges{}))
	got := f.get(t, "/user/profile")
	got.want(t, 403, "TokenException", kite.ENOSESSION)
	if !strings.Contains(got.body, "Account two has no active session yet. Log in") {
		t.Errorf("said %s", got.body)
	}
}

func TestDatabase_that_cannot_be_read_gives_no_token(t *testing.T) {
	u := serveKite(t, answer(200, marginsBody))
	f := start(t, u.URL)
	f.get(t, "/user/margins")
	f.do(t, f.Versions.(*sqlite.Versions).Close())
	f.get(t, "/user/margins").want(t, 500, "GeneralException", kite.EINTERNAL)
	if u.count() != 1 {
		t.Error("Kite was asked")
	}
}

// Each request carries one session's token, whole, and Kite's refusal of an
// older one leaves the session alone that has taken its place.
func TestToken_while_the_session_is_replaced_again_and_again(t *testing.T) {
	const rounds = 40
	f := start(t, "http://127.0.0.1:1")
	known := map[string]bool{}
	for i := range rounds {
		known[fmt.Sprintf("token %s:accessr%d", f.account.APIKey, i)] = true
	}
	known["token "+f.account.APIKey+":accesss1"] = true
	var mu sync.Mutex
	living := "accesss1"
	u := serveKite(t, func(w http.ResponseWriter, r *http.Request) {
		header := r.Header.Get("Authorization")
		mu.Lock()
		valid := strings.HasSuffix(header, ":"+living)
		mu.Unlock()
		switch {
		case !known[header]:
			t.Errorf("no session's token: %q", header)
		case valid:
			answer(200, marginsBody)(w, r)
		default:
			answer(403, refusal("TokenException"))(w, r)
		}
	})
	f.account.Endpoints.APIRoot = u.URL
	f.do(t, f.db.Accounts(f.sealer).UpdateAccount(t.Context(), f.account, kite.SecretChanges{}))
	done := make(chan struct{})
	var programs sync.WaitGroup
	for range 8 {
		programs.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				if got := f.get(t, "/user/margins"); got.StatusCode != http.StatusOK && got.StatusCode != http.StatusForbidden {
					t.Errorf("%d %s", got.StatusCode, got.body)
					return
				}
			}
		})
	}
	for i := range rounds {
		id := fmt.Sprintf("r%d", i)
		mu.Lock()
		living = "access" + id // Kite ends the old token before we can store the new one
		mu.Unlock()
		f.logIn(t, id)
	}
	close(done)
	programs.Wait()
	if s := f.latest(t); s.ID != fmt.Sprintf("r%d", rounds-1) || s.Status != kite.Active {
		t.Errorf("the last session is %+v", s)
	}
	if got := f.get(t, "/user/margins"); got.StatusCode != http.StatusOK {
		t.Errorf("at last %d", got.StatusCode)
	}
}

func TestRequest_given_up_while_the_token_is_looked_up(t *testing.T) {
	f := start(t, serveKite(t, answer(200, marginsBody)).URL)
	tx, err := f.db.BeginTx(t.Context(), nil) // holds the one connection for reading accounts
	f.do(t, err)
	hurried := *localProgram
	hurried.Timeout = 100 * time.Millisecond
	if _, err := hurried.Get(f.URL + "/user/margins"); err == nil {
		t.Error("answered though the database was busy")
	}
	if err := tx.Rollback(); err != nil && !errors.Is(err, http.ErrServerClosed) {
		t.Fatal(err)
	}
	if got := f.get(t, "/user/margins"); got.StatusCode != http.StatusOK {
		t.Errorf("afterwards %d", got.StatusCode)
	}
}
