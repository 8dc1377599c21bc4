package kite

import (
	"net/url"
	"strings"
)

// ParsePasted reads what the user pasted for one login: the whole redirect
// URL, under the rules of ParseRedirect, or just the request_token. White space
// around it is left out. The error is an *Error that never holds the text.
//
// A bare token carries no state, so nothing proves that it comes from the
// login that was started here. It is taken from the user's own hand only, never
// from a page or a program, and whose token it is must be checked after the
// exchange: a stranger's is refused then.
func ParsePasted(text, callback, state string) (Redirect, error) {
	text = strings.TrimSpace(text)
	switch {
	case requestTokenPattern.MatchString(text):
		return Redirect{RequestToken: NewSecret(text)}, nil
	case len(text) <= maxRedirect && !strings.Contains(text, "://"):
		return Redirect{}, Errorf(EINVALID, "This is neither a redirect URL nor a request_token.").
			WithHint("After the login, copy the whole address from the browser's address bar.")
	}
	return ParseRedirect(text, callback, state)
}

// CarriesState says whether raw has exactly our state in its query, wherever
// it leads.
func CarriesState(raw, state string) bool {
	u, err := url.Parse(raw)
	if err != nil {
		return false
	}
	q, err := url.ParseQuery(u.RawQuery)
	return err == nil && isState(q[StateParam], state)
}

func isState(got []string, state string) bool {
	return len(got) == 1 && state != "" && NewSecret(got[0]).Equal(NewSecret(state))
}
