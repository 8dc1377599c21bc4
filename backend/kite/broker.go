package kite

import "context"

// App is what identifies a Kite Connect app towards Kite.
type App struct {
	Endpoints Endpoints // resolved: never zero
	APIKey    string
}

// Broker is Kite Connect's API. Its errors are *Error: ETOKEN for 403
// TokenException to an authenticated call, EDENIED for PermissionException,
// ERATELIMIT for 429, EOFFLINE when no answer of Kite's came, EUNKNOWN when an
// exchange's answer was lost, EINVALID with Field when Kite doesn't accept the
// API key or secret or an endpoint isn't usable, EWRONGUSER when the user isn't
// enabled for the app, ECANCELED, and EBROKER with Kite's own words otherwise.
type Broker interface {
	// LoginURL is the page the user logs in at; state comes back on the
	// redirect as StateParam.
	LoginURL(app App, state string) (string, error)
	// Exchange swaps a request_token for a session. It is never retried: a
	// request_token works once.
	Exchange(ctx context.Context, app App, requestToken, apiSecret Secret) (Grant, error)
	// Profile fetches who the token belongs to.
	Profile(ctx context.Context, app App, accessToken Secret) (Profile, error)
	// Invalidate ends the token at Kite.
	Invalidate(ctx context.Context, app App, accessToken Secret) error
}

// EndpointResolver says where an account's login page and API are. For an
// account of the embedded sandbox it starts the sandbox if none runs.
type EndpointResolver interface {
	Endpoints(ctx context.Context, a Account) (Endpoints, error)
}
