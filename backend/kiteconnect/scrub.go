package kiteconnect

import (
	"encoding/base64"
	"net/url"
	"strings"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// scrub replaces the secrets of a call in a text that came from outside: a
// server may repeat what it was sent.
func scrub(text string, secrets []kite.Secret) string {
	for _, s := range secrets {
		if s.Empty() {
			continue
		}
		plain := s.Reveal()
		for _, form := range []string{plain, url.QueryEscape(plain), url.PathEscape(plain), base64.StdEncoding.EncodeToString(s.Bytes())} {
			text = strings.ReplaceAll(text, form, kite.Mask)
		}
	}
	return text
}

// cause is what an error said, without secrets. It doesn't keep the error
// itself, which may hold the request's URL or a piece of an answer.
type cause struct {
	text string
	is   error // a sentinel such as context.Canceled; nil if none
}

// Error gives the scrubbed text.
func (c *cause) Error() string { return c.text }

// Unwrap gives the sentinel.
func (c *cause) Unwrap() error { return c.is }
