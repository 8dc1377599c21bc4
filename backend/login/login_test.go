package login_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/envelope"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/kiteconnect"
	"github.com/kiteaccounts/kite-accounts/backend/login"
	"github.com/kiteaccounts/kite-accounts/backend/loopback"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox/sandboxtest"
	"github.com/kiteaccounts/kite-accounts/backend/sessions"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

// bench is the login use case over a real database and a simulated Kite; only
// the window is played by a person without one.
type bench struct {
	*login.Service
	t      *testing.T
	kite   *sandboxtest.Kite
	clock  *kitetest.Clock
	events *kitetest.Events
	window *person
	log    *kitetest.Log
	browse []string

	callback string
}

// openSealer seals without a vault.
type openSealer struct{ *envelope.Sealer }

func (s openSealer) Seal(p kite.Place, v kite.Secret) ([]byte, error) {
	return s.Sealer.Seal(p.Table, p.Column, p.Row, v.Bytes()), nil
}

func (s openSealer) Open(p kite.Place, box []byte) (kite.Secret, error) {
	value, err := s.Sealer.Open(p.Table, p.Column, p.Row, box)
	return kite.SecretBytes(value), err
}

type endpoints struct{ k *sandboxtest.Kite }

func (e endpoints) Endpoints(context.Context, kite.Account) (kite.Endpoints, error) {
	return e.k.Endpoints(), nil
}

func newBench(t *testing.T) *bench {
	t.Helper()
	return newBenchAt(t, sandbox.DefaultCallback)
}

func newBenchAt(t *testing.T, callback string) *bench {
	t.Helper()
	clock, events := kitetest.ISTClock(2026, 11, 23, 10, 0), &kitetest.Events{}
	k := sandboxtest.Start(t, sandbox.Config{Clock: clock, Callback: callback})
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	seal, err := envelope.NewSealer(envelope.NewKey(), "vault")
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, kite: k, clock: clock, events: events, window: &person{who: k.Person(1)}, log: &kitetest.Log{}, callback: callback}
	log := slog.New(slog.NewTextHandler(b.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	accounts, stored := db.Accounts(openSealer{seal}), db.Sessions(openSealer{seal})
	broker := kiteconnect.New()
	verifier := &sessions.Service{
		Accounts: accounts, Sessions: stored, History: db.History(), Endpoints: endpoints{k}, Broker: broker, Clock: clock, Events: events, Log: log,
	}
	b.Service = &login.Service{
		Accounts: accounts, Sessions: stored, History: db.History(), Endpoints: endpoints{k}, Broker: broker, Window: b.window, Redirects: loopback.New(), Verifier: verifier,
		Sealer: openSealer{seal},
		Browse: func(url string) error { b.browse = append(b.browse, url); return nil },
		Clock:  clock, Events: events, Log: log,
	}
	t.Cleanup(b.Close)
	return b
}

// account stores an account of the n-th simulated user.
func (b *bench) account(n int) kite.Account {
	b.t.Helper()
	a := kitetest.SandboxAccount("account" + string(rune('0'+n)))
	a.ClientID, a.APIKey, a.CallbackURL = sandbox.UserNumber(n).UserID, sandbox.SharedApp, b.callback
	secret := kite.NewSecret(sandbox.APISecret(sandbox.SharedApp))
	if err := b.Accounts.CreateAccount(b.t.Context(), a, kite.SecretChanges{APISecret: kite.SecretChange{Set: secret}}); err != nil {
		b.t.Fatal(err)
	}
	return a
}

// logIn starts a login and waits for its end.
func (b *bench) logIn(a kite.Account) login.Attempt {
	b.t.Helper()
	if err := b.Start(b.t.Context(), a.ID, true); err != nil {
		b.t.Fatal(err)
	}
	return b.wait(a)
}

func (b *bench) wait(a kite.Account) login.Attempt {
	b.t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for b.Attempt(a.ID).Phase != login.Idle {
		if time.Now().After(deadline) {
			b.t.Fatalf("login still %q", b.Attempt(a.ID).Phase)
		}
		b.events.Forget()
		if b.Attempt(a.ID).Phase == login.Idle {
			break
		}
		b.events.WaitFor(b.t, kite.Event{Type: kite.SessionChanged, AccountID: a.ID})
	}
	return b.Attempt(a.ID)
}

func (b *bench) latest(a kite.Account) *kite.Session {
	b.t.Helper()
	s, err := b.Sessions.LatestSession(b.t.Context(), a.ID)
	if err != nil {
		b.t.Fatal(err)
	}
	return s
}

func (b *bench) mustHaveSession(a kite.Account) kite.Session {
	b.t.Helper()
	s := b.latest(a)
	if s == nil || s.Status != kite.Active {
		b.t.Fatalf("session = %+v; attempt %+v; log:\n%s", s, b.Attempt(a.ID).Failure, b.log)
	}
	return *s
}

func TestLogin_saves_a_verified_session(t *testing.T) {
	b := newBench(t)
	a := b.account(1)
	b.logIn(a)
	s := b.mustHaveSession(a)
	if s.UserID != "SB0001" || !s.VerifiedAt.Equal(b.clock.Now()) || !s.ExpiresAt.Equal(kite.NextCutoff(b.clock.Now())) {
		t.Errorf("session = %+v", s)
	}
	tokens, err := b.Sessions.Tokens(t.Context(), s.ID)
	if err != nil || tokens.Access.Empty() || tokens.Request.Empty() || tokens.Public.Empty() {
		t.Errorf("tokens: %v", err)
	}
	kitetest.NoSecretIn(t, "log", b.log.String(), tokens.Access.Reveal(), tokens.Request.Reveal(), tokens.Public.Reveal(), sandbox.APISecret(sandbox.SharedApp))
	if stored, _ := b.Accounts.Account(t.Context(), a.ID); !stored.LastLoginAt.Equal(s.LoginTime) {
		t.Errorf("last login = %v", stored.LastLoginAt)
	}
}

func TestLogin_failure_is_a_sentence_and_leaves_nothing(t *testing.T) {
	for name, c := range map[string]struct {
		prepare func(*bench)
		code    string
		says    string
	}{
		"no state":          {redirectFault("no-state"), kite.EINVALID, "doesn't belong to the login"},
		"foreign state":     {redirectFault("foreign-state"), kite.EINVALID, "doesn't belong to the login"},
		"two tokens":        {redirectFault("two-tokens"), kite.EINVALID, "two request_tokens"},
		"no token":          {redirectFault("no-token"), kite.EINVALID, "no request_token"},
		"error status":      {redirectFault("error"), kite.EBROKER, "login failed"},
		"no status":         {redirectFault("no-status"), kite.EINVALID, "doesn't say whether"},
		"extra path":        {redirectFault("extra-path"), kite.EINVALID, "callback URL"},
		"look-alike host":   {redirectFault("lookalike-host"), kite.EINVALID, "callback URL"},
		"other scheme":      {redirectFault("other-scheme"), kite.EINVALID, "callback URL"},
		"cancelled at Kite": {func(b *bench) { b.window.who.Declines = true }, kite.ECANCELED, "cancelled on Kite's page"},
		"other user":        {func(b *bench) { b.kite.SetFaults(sandbox.Faults{OtherUser: "SB0009"}) }, kite.EWRONGUSER, "SB0009 logged in, but this account belongs to SB0001"},
		"other person":      {func(b *bench) { b.window.who = b.kite.Person(2) }, kite.EWRONGUSER, "SB0002 logged in"},
		"other API key":     {func(b *bench) { b.kite.SetFaults(sandbox.Faults{OtherAPIKey: "elsewhere"}) }, kite.EWRONGUSER, "another API key"},
		"answer lost":       {func(b *bench) { b.kite.SetFaults(sandbox.Faults{API: "drop-after", APIPath: "/session"}) }, kite.EUNKNOWN, "unknown whether"},
		"kite down":         {func(b *bench) { b.kite.SetFaults(sandbox.Faults{API: "503", APIPath: "/session"}) }, kite.EUNKNOWN, ""},
		"window closed": {func(b *bench) {
			b.window.before = func(context.Context) error {
				return kite.Errorf(kite.ECANCELED, "The login window was closed.").WithHint("Try again.")
			}
		}, kite.ECANCELED, "closed; the login page also asked for cdn.example.com"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			a := b.account(1)
			c.prepare(b)
			attempt := b.logIn(a)
			if attempt.Failure == nil {
				t.Fatalf("no failure; session %+v", b.latest(a))
			}
			if e := attempt.Failure.Err; e.Code != c.code || !strings.Contains(e.Message, c.says) || e.Hint == "" {
				t.Errorf("failure = %s %q, hint %q", e.Code, e.Message, e.Hint)
			}
			if s := b.latest(a); s != nil {
				t.Errorf("a session was stored: %+v", s)
			}
		})
	}
}

func redirectFault(name string) func(*bench) {
	return func(b *bench) { b.kite.SetFaults(sandbox.Faults{Redirect: name}) }
}

func TestLogin_ends_the_token_of_the_wrong_person_at_kite(t *testing.T) {
	b := newBench(t)
	a := b.account(1)
	b.window.who = b.kite.Person(2)
	b.logIn(a)
	if n := b.kite.LivingTokens(); n != 0 {
		t.Errorf("%d tokens live at Kite", n)
	}
}

func TestLogin_asks_before_it_replaces_a_token_that_works(t *testing.T) {
	b := newBench(t)
	a := b.account(1)
	b.logIn(a)
	if err := b.Start(t.Context(), a.ID, false); kite.ErrorCode(err) != kite.ECONFIRM {
		t.Fatalf("Start = %v, want ECONFIRM", err)
	}
	b.kite.EndTokensOf(a.ClientID)
	if err := b.Start(t.Context(), a.ID, false); err != nil {
		t.Fatalf("Start after the token died: %v", err)
	}
	b.wait(a)
	b.mustHaveSession(a)
}

func TestLogin_replaces_the_session_before(t *testing.T) {
	b := newBench(t)
	a := b.account(1)
	b.logIn(a)
	first := b.mustHaveSession(a)
	b.clock.Advance(time.Hour)
	b.logIn(a)
	if second := b.mustHaveSession(a); second.ID == first.ID {
		t.Error("the session is still the first")
	}
	if _, err := b.Sessions.Tokens(t.Context(), first.ID); kite.ErrorCode(err) != kite.ENOTFOUND {
		t.Errorf("tokens of the replaced session: %v", err)
	}
}

func TestLogin_keeps_the_old_session_when_the_new_login_fails(t *testing.T) {
	b := newBench(t)
	a := b.account(1)
	b.logIn(a)
	b.kite.SetFaults(sandbox.Faults{Redirect: "foreign-state"})
	b.logIn(a)
	b.mustHaveSession(a)
}

func TestLogin_verifies_other_sessions_of_the_same_key(t *testing.T) {
	b := newBench(t)
	one, two := b.account(1), b.account(2)
	b.logIn(one)
	b.kite.EndTokensOf(one.ClientID)
	b.window.who = b.kite.Person(2)
	b.logIn(two)
	deadline := time.Now().Add(30 * time.Second)
	for b.latest(one).EndedReason != kite.EndedElsewhere {
		if time.Now().After(deadline) {
			t.Fatalf("first session = %+v, want ended elsewhere", b.latest(one))
		}
		time.Sleep(time.Millisecond) // it is asked after once the login has ended, which nobody waits for
	}
}

func TestLogin_warns_of_a_wrong_clock(t *testing.T) {
	b := newBench(t)
	a := b.account(1)
	b.kite.SetFaults(sandbox.Faults{LoginTimeSkewMs: -5 * 60 * 1000})
	attempt := b.logIn(a)
	if len(attempt.Warnings) != 1 || !strings.Contains(attempt.Warnings[0], "about 5 minutes ahead of Kite's") {
		t.Errorf("warnings = %q", attempt.Warnings)
	}
}

func TestLogin_without_an_api_secret_says_so(t *testing.T) {
	b := newBench(t)
	a := kitetest.SandboxAccount("bare")
	if err := b.Accounts.CreateAccount(t.Context(), a, kite.SecretChanges{}); err != nil {
		t.Fatal(err)
	}
	if e := kite.AsError(b.Start(t.Context(), a.ID, false)); e.Code != kite.EINVALID || e.Field != "apiSecret" {
		t.Errorf("Start = %v", e)
	}
}

func TestCancel_stops_a_login_and_waits_for_its_window(t *testing.T) {
	b := newBench(t)
	a := b.account(1)
	opened, gone := make(chan struct{}), make(chan struct{})
	b.window.before = func(ctx context.Context) error {
		close(opened)
		<-ctx.Done()
		close(gone)
		return kite.Errorf(kite.ECANCELED, "The login was cancelled.")
	}
	if err := b.Start(t.Context(), a.ID, true); err != nil {
		t.Fatal(err)
	}
	<-opened
	if err := b.Start(t.Context(), a.ID, true); err != nil || b.window.focus != 1 {
		t.Errorf("second Start = %v, focused %d times", err, b.window.focus)
	}
	b.Cancel(a.ID)
	select {
	case <-gone:
	default:
		t.Error("Cancel returned before the window was gone")
	}
}

func TestBrowser_takes_the_pasted_redirect(t *testing.T) {
	b := newBench(t)
	a := b.account(1)
	if err := b.OpenBrowser(t.Context(), a.ID, false); err != nil {
		t.Fatal(err)
	}
	redirect, err := b.kite.Person(1).LogIn(b.browse[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Submit(t.Context(), a.ID, "https://example.com/?request_token=abcdefgh12345678"); kite.ErrorCode(err) != kite.EINVALID {
		t.Errorf("a foreign URL: %v", err)
	}
	if err := b.Submit(t.Context(), a.ID, redirect); err != nil {
		t.Fatal(err)
	}
	b.wait(a)
	b.mustHaveSession(a)
	if err := b.Submit(t.Context(), a.ID, redirect); kite.ErrorCode(err) != kite.EINVALID {
		t.Errorf("the same URL again: %v", err)
	}
}

func TestBrowser_keeps_a_pasted_redirect_while_the_window_is_open(t *testing.T) {
	b := newBench(t)
	a := b.account(1)
	opened := make(chan struct{})
	b.window.before = func(ctx context.Context) error {
		close(opened)
		<-ctx.Done()
		return kite.Errorf(kite.ECANCELED, "The login was cancelled.").WithHint("Try again.")
	}
	if err := b.Start(t.Context(), a.ID, true); err != nil {
		t.Fatal(err)
	}
	<-opened
	if err := b.OpenBrowser(t.Context(), a.ID, true); err != nil {
		t.Fatal(err)
	}
	redirect, err := b.kite.Person(1).LogIn(b.browse[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Submit(t.Context(), a.ID, redirect); kite.ErrorCode(err) != kite.ECONFLICT {
		t.Errorf("Submit = %v, want ECONFLICT", err)
	}
}
