package login_test

import (
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
)

// requestToken is what the n-th user's login brings to a program of its own.
func (b *bench) requestToken(n int) kite.Secret {
	b.t.Helper()
	u, err := b.Broker.LoginURL(kite.App{Endpoints: b.kite.Endpoints(), APIKey: sandbox.SharedApp}, "state")
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
	return r.RequestToken
}

func TestExchangeFor_stores_what_ended_the_session_before(t *testing.T) {
	b := newBench(t)
	a, other := b.account(1), b.account(2)
	b.logIn(a)
	old := b.mustHaveSession(a)
	token, secret := b.requestToken(1), sandbox.APISecret(sandbox.SharedApp)
	grant, err := b.ExchangeFor(t.Context(), sandbox.SharedApp, token, kite.NewSecret(secret))
	if err != nil {
		t.Fatal(err)
	}
	s := b.mustHaveSession(a)
	tokens, err := b.Sessions.Tokens(t.Context(), s.ID)
	if err != nil || s.ID == old.ID || !tokens.Access.Equal(grant.Tokens.Access) || s.VerifiedAt.IsZero() {
		t.Errorf("session = %+v, %v", s, err)
	}
	if got := b.latest(other); got != nil {
		t.Errorf("the other account has %+v", got)
	}
	b.Close() // and what follows up has ended
	kitetest.NoSecretIn(t, "log", b.log.String(), token.Reveal(), secret, grant.Tokens.Access.Reveal())
}

// Kite knows one token at a time for a user of an app, so a failed exchange may
// have ended one too: that is asked after.
func TestExchangeFor_that_fails_leaves_what_lives(t *testing.T) {
	b := newBench(t)
	a := b.account(1)
	b.logIn(a)
	old := b.mustHaveSession(a)
	_, err := b.ExchangeFor(t.Context(), sandbox.SharedApp, kite.NewSecret("neverissued12345"), kite.NewSecret(sandbox.APISecret(sandbox.SharedApp)))
	if code := kite.ErrorCode(err); code != kite.EBROKER {
		t.Errorf("ExchangeFor = %v", err)
	}
	b.Close()
	if s := b.mustHaveSession(a); s.ID != old.ID {
		t.Errorf("session = %+v", s)
	}
}

func TestExchangeFor_of_somebody_without_an_account_stores_nothing(t *testing.T) {
	b := newBench(t)
	a := b.account(1)
	grant, err := b.ExchangeFor(t.Context(), sandbox.SharedApp, b.requestToken(3), kite.NewSecret(sandbox.APISecret(sandbox.SharedApp)))
	if err != nil || grant.UserID != sandbox.UserNumber(3).UserID {
		t.Errorf("grant of %q, %v", grant.UserID, err)
	}
	if got := b.latest(a); got != nil {
		t.Errorf("stored: %+v", got)
	}
}

func TestExchangeFor_with_a_locked_vault_keeps_the_token_for_later(t *testing.T) {
	b := newBench(t)
	a := kitetest.SandboxAccount("bare") // stores no secret of its own
	a.ClientID, a.APIKey = sandbox.UserNumber(1).UserID, sandbox.SharedApp
	if err := b.Accounts.CreateAccount(t.Context(), a, kite.SecretChanges{}); err != nil {
		t.Fatal(err)
	}
	open := b.Sealer
	b.Sealer = &kitetest.Sealer{Locked: true}
	token, secret := b.requestToken(1), kite.NewSecret(sandbox.APISecret(sandbox.SharedApp))
	if _, err := b.ExchangeFor(t.Context(), sandbox.SharedApp, token, secret); kite.ErrorCode(err) != kite.ELOCKED {
		t.Errorf("locked: %v", err)
	}
	b.Sealer = open
	if _, err := b.ExchangeFor(t.Context(), sandbox.SharedApp, token, secret); err != nil {
		t.Errorf("the same token once the vault is open: %v", err)
	}
}

func TestExchangeFor_sends_a_token_nowhere_while_its_place_is_in_doubt(t *testing.T) {
	b := newBench(t)
	b.account(1)
	elsewhere := b.account(2)
	elsewhere.Endpoints = kite.Endpoints{LoginURL: "https://kite.example/connect/login", APIRoot: "https://api.example"}
	if err := b.Accounts.UpdateAccount(t.Context(), elsewhere, kite.SecretChanges{}); err != nil {
		t.Fatal(err)
	}
	_, err := b.ExchangeFor(t.Context(), sandbox.SharedApp, b.requestToken(1), kite.NewSecret(sandbox.APISecret(sandbox.SharedApp)))
	if kite.ErrorCode(err) != kite.ECONFLICT {
		t.Errorf("ExchangeFor = %v", err)
	}
}
