package kite

import "context"

// RedirectListener takes the redirect of a login in the system browser on this
// computer: https://www.rfc-editor.org/rfc/rfc8252#section-7.3. Unlike there
// the port is fixed: it is part of the callback URL that Kite knows.
type RedirectListener interface {
	// Listen takes the callback URL's port on loopback until the waiter is
	// closed. Every request that leads to exactly the callback URL is given to
	// judge, one at a time, and its answer shown in the browser; nothing is
	// judged after an answer that is Final.
	//
	// Errors are *Error: EINVALID if the callback URL isn't http on 127.0.0.1,
	// localhost or [::1] with a port; ECONFLICT if the port is taken;
	// EINTERNAL.
	Listen(ctx context.Context, callbackURL string, judge func(redirectURL Secret) RedirectAnswer) (RedirectWaiter, error)
}

// RedirectWaiter answers the browser on the callback URL's port.
type RedirectWaiter interface {
	// Failed tells why nothing can be answered any more, should that happen.
	Failed() <-chan error
	// Close gives the port back and waits until it is free. Answers under way
	// still reach the browser.
	Close() error
}

// RedirectAnswer is what becomes of a redirect that the browser brought.
type RedirectAnswer struct {
	Final bool   // the login that waits is over by it
	Err   *Error // for the page; nil if the login was taken
}
