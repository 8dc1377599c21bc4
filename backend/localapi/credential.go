package localapi

import (
	"crypto/sha256"
	"net/http"
	"strings"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// A client's token is "ka_" and 32 random bytes in base64url.
const (
	tokenPrefix = "ka_"
	tokenLength = len(tokenPrefix) + 43
)

// credential is what a request brings to say who sends it.
type credential struct {
	brought bool // there is an Authorization header, whatever is in it
	valid   bool // it has the form of a token
	hash    kite.TokenHash
}

// credentialOf reads `Authorization: Bearer TOKEN` (RFC 6750, 2.1) and, where
// Kite's own clients call, also `Authorization: token ANY:TOKEN`, the form in
// which they send API key and access token
// (https://kite.trade/docs/connect/v3/user/). Two headers are none.
func credentialOf(h http.Header, fromKiteClient bool) credential {
	values := h.Values("Authorization")
	c := credential{brought: len(values) > 0}
	if len(values) != 1 {
		return c
	}
	scheme, rest, _ := strings.Cut(values[0], " ")
	token := strings.TrimLeft(rest, " ")
	switch {
	case strings.EqualFold(scheme, "Bearer"):
	case fromKiteClient && strings.EqualFold(scheme, "token"):
		_, token, _ = strings.Cut(token, ":")
	default:
		return c
	}
	if !isToken(token) {
		return c
	}
	c.valid, c.hash = true, sha256.Sum256([]byte(token))
	return c
}

func isToken(s string) bool {
	if len(s) != tokenLength || !strings.HasPrefix(s, tokenPrefix) {
		return false
	}
	return !strings.ContainsFunc(s[len(tokenPrefix):], func(r rune) bool {
		return (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '_'
	})
}
