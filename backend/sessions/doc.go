// Package sessions looks after sessions once they exist: it asks Kite whether
// one lives, ends it at its time or when Kite says so, logs out, and gives out
// its credentials.
//
// Rule: only time, the user, or Kite's answer 403 TokenException ends a
// session. No network error, 5xx, 429 or PermissionException ever does.
package sessions
