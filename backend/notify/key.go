package notify

import (
	"strings"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// What a button does is written as one of these, or as show: or login: with an
// account's ID. The prefix tells our keys from those of other programs.
const (
	keyPrefix      = "kite-accounts:"
	keyOpen        = keyPrefix + "open"
	keyLoginAll    = keyPrefix + "login-all"
	keyPreferences = keyPrefix + "preferences"
	keyLater       = keyPrefix + "later"
	keyShow        = keyPrefix + "show:"
	keyLogin       = keyPrefix + "login:"
	longestID      = 64
)

// keyOf writes a request as an action's key.
func keyOf(r kite.Request) string {
	switch {
	case r.Show != "":
		return keyShow + r.Show
	case r.Login != "":
		return keyLogin + r.Login
	case r.LoginAll:
		return keyLoginAll
	case r.Preferences:
		return keyPreferences
	case r.Later:
		return keyLater
	default:
		return keyOpen
	}
}

// requestOf reads a key; false for whatever keyOf can't have written.
func requestOf(key string) (r kite.Request, ours bool) {
	switch key {
	case keyOpen:
		return kite.Request{}, true
	case keyLoginAll:
		return kite.Request{LoginAll: true}, true
	case keyPreferences:
		return kite.Request{Preferences: true}, true
	case keyLater:
		return kite.Request{Later: true}, true
	}
	if id, ok := strings.CutPrefix(key, keyShow); ok && isID(id) {
		return kite.Request{Show: id}, true
	}
	if id, ok := strings.CutPrefix(key, keyLogin); ok && isID(id) {
		return kite.Request{Login: id}, true
	}
	return kite.Request{}, false
}

// isID says whether a text could be an account's ID: letters, digits, hyphens.
func isID(id string) bool {
	if id == "" || len(id) > longestID {
		return false
	}
	for _, c := range id {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-':
		default:
			return false
		}
	}
	return true
}
