package kite

import (
	"net"
	"net/url"
	"strings"
	"unicode"
)

// Redirect is what Kite's login sends to the callback URL once it is found to
// be ours.
type Redirect struct {
	RequestToken Secret
}

// StateParam is the query parameter in which our state comes back. Kite has
// no state of its own: redirect_params come back flattened into the query,
// https://kite.trade/docs/connect/v3/user/.
const StateParam = "state"

// Kite's request tokens are 32 letters and digits; documented as opaque, so
// the length is only bounded.
var requestTokenPattern = newPattern(`^[A-Za-z0-9]{8,128}$`)

// MatchesCallback says whether raw leads to exactly the callback URL: the same
// scheme, host, effective port and path, no user info, whatever query or
// fragment. Scheme and host are compared without case, as RFC 3986, 6.2.2.1
// has it; the path to the letter: an empty one equals "/", but nothing is
// decoded, so that %2e or %2F never stands for what it encodes. Hosts are
// ASCII: a letter such as the Kelvin sign, which lower-cases to k, matches
// nothing. It never looks into the query.
func MatchesCallback(raw, callback string) bool {
	u, err := url.Parse(raw)
	if err != nil || u.User != nil || u.Opaque != "" {
		return false
	}
	c, err := url.Parse(callback)
	if err != nil || c.Host == "" {
		return false
	}
	return strings.EqualFold(u.Scheme, c.Scheme) &&
		hostPort(u) == hostPort(c) && hostPort(u) != "" &&
		pathOf(u) == pathOf(c)
}

func hostPort(u *url.URL) string {
	host := strings.ToLower(u.Hostname())
	if host == "" || strings.HasSuffix(host, ".") || !isASCII(u.Host) {
		return ""
	}
	port := u.Port()
	if port == "" {
		switch strings.ToLower(u.Scheme) {
		case "https":
			port = "443"
		case "http":
			port = "80"
		}
	}
	return net.JoinHostPort(host, port)
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}

func pathOf(u *url.URL) string {
	if p := u.EscapedPath(); p != "" {
		return p
	}
	return "/"
}

// CarriesRequestToken says whether raw has a request_token in its query,
// wherever it leads.
func CarriesRequestToken(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && u.Query().Has("request_token")
}

// ParseRedirect reads the redirect of one login. It accepts a request_token
// only from exactly the callback URL, with status=success, exactly one token
// and our own state; parameters are read by name in any order. The error is
// an *Error whose sentence says what was wrong; it never holds the URL.
//
// A cancelled or failed login needs no state: it is not documented whether
// Kite returns it then, and no token is taken from it.
func ParseRedirect(raw, callback, state string) (Redirect, error) {
	if len(raw) > maxRedirect {
		return Redirect{}, Errorf(EINVALID, "The redirect URL is far too long to be Kite's.").WithHint(hintLoginAgain)
	}
	if !MatchesCallback(raw, callback) {
		return Redirect{}, Errorf(EINVALID, "That address isn't this account's callback URL.").
			WithHint("Compare the callback URL here with the redirect URL registered on Kite's developer console: they must be the same to the letter.")
	}
	u, err := url.Parse(raw)
	if err != nil {
		return Redirect{}, Errorf(EINVALID, "The redirect URL can't be read.").WithHint(hintLoginAgain)
	}
	q, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return Redirect{}, Errorf(EINVALID, "The redirect URL can't be read.").WithHint(hintLoginAgain)
	}
	return redirectFrom(q, state)
}

// maxRedirect is far above any redirect seen (under 300 bytes).
const maxRedirect = 8 << 10

const hintLoginAgain = "Log in again from the card."

func redirectFrom(q url.Values, state string) (Redirect, error) {
	tokens := q["request_token"]
	switch status := q.Get("status"); {
	case len(q["status"]) > 1:
		return Redirect{}, Errorf(EINVALID, "Kite's redirect is ambiguous: it has two statuses.").WithHint(hintLoginAgain)
	case status == "cancelled":
		return Redirect{}, Errorf(ECANCELED, "The login was cancelled on Kite's page.").WithHint("Try again from the card.")
	case status == "":
		return Redirect{}, Errorf(EINVALID, "Kite's redirect doesn't say whether the login succeeded.").WithHint(hintLoginAgain)
	case status != "success":
		return Redirect{}, Errorf(EBROKER, "Kite reported that the login failed.").WithHint(hintLoginAgain)
	case len(tokens) == 0 || (len(tokens) == 1 && tokens[0] == ""):
		return Redirect{}, Errorf(EINVALID, "Kite's redirect holds no request_token.").WithHint(hintLoginAgain)
	case len(tokens) > 1:
		return Redirect{}, Errorf(EINVALID, "Kite's redirect is ambiguous: it holds two request_tokens.").WithHint(hintLoginAgain)
	case !requestTokenPattern.MatchString(tokens[0]):
		return Redirect{}, Errorf(EINVALID, "The request_token on the redirect isn't of Kite's form.").WithHint(hintLoginAgain)
	}
	if !isState(q[StateParam], state) {
		return Redirect{}, Errorf(EINVALID, "The redirect doesn't belong to the login that was started here, so it wasn't used.").
			WithHint(hintLoginAgain)
	}
	return Redirect{RequestToken: NewSecret(tokens[0])}, nil
}
