package kitetest

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"unicode/utf16"
)

// Forms are the ways in which a secret may lie somewhere: plain, in a URL,
// base64, hex and UTF-16.
func Forms(secret string) []string {
	var utf16le []byte
	for _, unit := range utf16.Encode([]rune(secret)) {
		utf16le = binary.LittleEndian.AppendUint16(utf16le, unit)
	}
	raw := []byte(secret)
	return []string{
		secret, url.QueryEscape(secret), url.PathEscape(secret), string(utf16le),
		base64.StdEncoding.EncodeToString(raw), base64.RawURLEncoding.EncodeToString(raw),
		hex.EncodeToString(raw), strings.ToUpper(hex.EncodeToString(raw)),
	}
}

// NoSecretIn fails the test if any form of a secret is in text. It doesn't
// print the text.
func NoSecretIn(t testing.TB, where, text string, secrets ...string) {
	t.Helper()
	for i, secret := range secrets {
		for _, form := range Forms(secret) {
			if strings.Contains(text, form) {
				t.Errorf("secret %d of %d (%d characters) is in %s", i+1, len(secrets), len(secret), where)
				break
			}
		}
	}
}

// NoSecretInError looks at an error and everything below it, printed in every
// way.
func NoSecretInError(t testing.TB, err error, secrets ...string) {
	t.Helper()
	for _, e := range chain(err) {
		encoded, _ := json.Marshal(e)
		text := fmt.Sprintf("%s\n%v\n%+v\n%#v\n%q\n%s", e.Error(), e, e, e, e, encoded)
		NoSecretIn(t, fmt.Sprintf("a %T", e), text, secrets...)
	}
}

func chain(err error) []error {
	if err == nil {
		return nil
	}
	all := []error{err}
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range many.Unwrap() {
			all = append(all, chain(e)...)
		}
		return all
	}
	return append(all, chain(errors.Unwrap(err))...)
}
