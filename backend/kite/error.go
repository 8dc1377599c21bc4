package kite

import (
	"errors"
	"fmt"
)

// Codes of errors: what a program branches on. The page gets them too.
const (
	EINVALID   = "EINVALID"   // input isn't acceptable; Field names which
	ENOTFOUND  = "ENOTFOUND"  // no such account or session
	ENOSESSION = "ENOSESSION" // the account never had a session
	EENDED     = "EENDED"     // the account's last session has ended
	ECONFLICT  = "ECONFLICT"  // name taken, pair of API key and client ID taken, busy
	ECONFIRM   = "ECONFIRM"   // can be done, but the user must say so first
	ELOCKED    = "ELOCKED"    // the vault isn't open
	ECANCELED  = "ECANCELED"  // the user stopped it
	ETIMEOUT   = "ETIMEOUT"   // took too long
	EWRONGUSER = "EWRONGUSER" // somebody else logged in
	ETOKEN     = "ETOKEN"     // Kite answered 403 TokenException
	EDENIED    = "EDENIED"    // Kite answered PermissionException; the session lives
	EOFFLINE   = "EOFFLINE"   // Kite couldn't be reached, or something else answered
	ERATELIMIT = "ERATELIMIT" // Kite answered 429
	EBROKER    = "EBROKER"    // Kite refused or failed, in its own words
	EUNKNOWN   = "EUNKNOWN"   // sent, but the answer was lost: the outcome is unknown
	EDATA      = "EDATA"      // the stored data can't be read or is newer than the program
	EINTERNAL  = "EINTERNAL"  // a defect of ours
)

// Error is one failure for two audiences. Message is a whole sentence for the
// person and Hint the next thing to do; neither ever holds a secret. Err is
// the cause, which goes to the log and never to the page.
type Error struct {
	Code    string
	Message string
	Hint    string
	Field   string // form field it belongs to, JSON name; empty if none
	Err     error
}

// Error gives code, sentence and cause, for the log.
func (e *Error) Error() string {
	s := e.Code + ": " + e.Message
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an Error with a code and a sentence.
func Errorf(code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// WithHint returns a copy that tells what to do next.
func (e *Error) WithHint(hint string) *Error { c := *e; c.Hint = hint; return &c }

// WithField returns a copy that belongs to a form field.
func (e *Error) WithField(field string) *Error { c := *e; c.Field = field; return &c }

// Because returns a copy that carries its cause.
func (e *Error) Because(err error) *Error { c := *e; c.Err = err; return &c }

// ErrorCode is the code of the first Error in err's chain, EINTERNAL for any
// other error and "" for nil.
func ErrorCode(err error) string {
	if err == nil {
		return ""
	}
	return AsError(err).Code
}

// AsError finds the Error in err's chain. An error that is none of ours
// becomes EINTERNAL with a sentence that tells nothing and err as its cause.
func AsError(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return Errorf(EINTERNAL, "Something went wrong inside Kite Accounts.").
		WithHint("Try again. The log has the details.").Because(err)
}
