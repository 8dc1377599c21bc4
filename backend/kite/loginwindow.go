package kite

import "context"

// LoginJob is everything the login window is told. It holds neither the API
// secret nor any token nor the password.
type LoginJob struct {
	AccountID    string
	AccountName  string // shown in the window's title
	ClientID     string // filled in as user ID
	LoginURL     string // with our state in redirect_params
	CallbackURL  string
	AccountType  AccountType // picks the hosts that may load
	AllowedHosts []string    // further hosts the user allowed for this account
}

// LoginWindow shows a login page in a web view of its own and catches the
// redirect.
type LoginWindow interface {
	// Open shows the window and blocks until the page leads to the callback
	// URL, the user closes the window or ctx ends; then the window is gone. It
	// returns the whole redirect URL, which it has not sent anywhere and not
	// judged: the caller gives it to ParseRedirect.
	//
	// Errors are *Error: ECANCELED (window closed), ETIMEOUT, EBROKER (Kite
	// showed that the user isn't enabled for the app), EINVALID (landed with a
	// request_token on another host), EOFFLINE (page didn't load), EINTERNAL
	// (no web view, crashed or misbehaved). BlockedHosts tells which hosts
	// were kept from loading.
	Open(ctx context.Context, job LoginJob) (Landing, error)
	// Focus raises the account's open window; false if it has none.
	Focus(accountID string) bool
}

// Landing is where a login window ended.
type Landing struct {
	RedirectURL  Secret   // holds the request_token
	BlockedHosts []string // sorted; also filled when Open returns an error
}
