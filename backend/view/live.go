package view

import (
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/login"
	"github.com/kiteaccounts/kite-accounts/backend/sessions"
)

// LiveAccount is an account as a card shows it: with its running login, its
// last failure and the last check.
type LiveAccount struct {
	Account
	LoginPhase       string        `json:"loginPhase"`
	LoginIn          string        `json:"loginIn"` // window, browser or paste while a login runs, else ""
	BrowserLoginOpen bool          `json:"browserLoginOpen"`
	LoginFailure     *LoginFailure `json:"loginFailure"`
	Warnings         []string      `json:"warnings"`
	LastCheck        *Check        `json:"lastCheck"`
}

// Failure is a kite.Error for a person; its cause stays in the log.
type Failure struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Hint    string `json:"hint"`
	Field   string `json:"field"`
}

// LoginFailure is how the account's last login ended.
type LoginFailure struct {
	Failure
	At               int64    `json:"at"`
	CanPasteRedirect bool     `json:"canPasteRedirect"`
	BlockedHosts     []string `json:"blockedHosts"`
}

// Check is the last answer of Kite, or of nobody, about a session.
type Check struct {
	At      int64    `json:"at"`
	OK      bool     `json:"ok"`
	Failure *Failure `json:"failure"`
}

// FailureOf shapes any error.
func FailureOf(err error) Failure {
	e := kite.AsError(err)
	return Failure{Code: e.Code, Message: e.Message, Hint: e.Hint, Field: e.Field}
}

// Live adds to an account what is going on with it.
func Live(a Account, attempt login.Attempt, check *sessions.Check) LiveAccount {
	v := LiveAccount{
		Account: a, LoginPhase: string(attempt.Phase), LoginIn: string(attempt.Way), BrowserLoginOpen: attempt.BrowserOpen,
		Warnings: append([]string{}, attempt.Warnings...),
	}
	if f := attempt.Failure; f != nil {
		v.LoginFailure = &LoginFailure{
			Failure: FailureOf(f.Err), At: f.At.UnixMilli(), CanPasteRedirect: true,
			BlockedHosts: append([]string{}, f.BlockedHosts...),
		}
	}
	if check != nil {
		v.LastCheck = &Check{At: check.At.UnixMilli(), OK: check.Err == nil}
		if check.Err != nil {
			f := FailureOf(check.Err)
			v.LastCheck.Failure = &f
		}
	}
	return v
}

// Profile is whose session it is, as Kite answers.
type Profile struct {
	UserID    string   `json:"userId"`
	UserName  string   `json:"userName"`
	Email     string   `json:"email"`
	Broker    string   `json:"broker"`
	UserType  string   `json:"userType"`
	Exchanges []string `json:"exchanges"`
	Products  []string `json:"products"`
}

// TestResult is what Test Connection shows.
type TestResult struct {
	OK      bool     `json:"ok"`
	At      int64    `json:"at"`
	TookMs  int64    `json:"tookMs"`
	Profile *Profile `json:"profile"`
	Failure *Failure `json:"failure"`
}

// TestResultOf shapes a test.
func TestResultOf(t sessions.Test) TestResult {
	v := TestResult{OK: t.Err == nil, At: t.At.UnixMilli(), TookMs: t.Took.Round(time.Millisecond).Milliseconds()}
	if t.Err != nil {
		f := FailureOf(t.Err)
		v.Failure = &f
		return v
	}
	p := t.Profile
	v.Profile = &Profile{
		UserID: p.UserID, UserName: p.UserName, Email: p.Email, Broker: p.Broker, UserType: p.UserType,
		Exchanges: append([]string{}, p.Exchanges...), Products: append([]string{}, p.Products...),
	}
	return v
}

// Copied tells that something is on the clipboard and when it is cleared.
type Copied struct {
	Secret   bool   `json:"secret"`
	ClearsAt *int64 `json:"clearsAt"`
}

// Credentials are what a program needs, with the token masked.
type Credentials struct {
	AuthorizationHeader string    `json:"authorizationHeader"`
	Examples            []Example `json:"examples"`
}

// Example is a program that uses the session.
type Example struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Code  string `json:"code"`
}

// CredentialsOf shapes credentials.
func CredentialsOf(c sessions.Credentials) Credentials {
	v := Credentials{AuthorizationHeader: c.AuthorizationHeader, Examples: []Example{}}
	for _, e := range c.Examples {
		v.Examples = append(v.Examples, Example(e))
	}
	return v
}
