package cli

import (
	"errors"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Exit codes. Scripts branch on them, so they never change; docs/cli.md lists
// them. exec passes its child's code on, hence the gap after the usual ones.
const (
	exitOK          = 0
	exitError       = 1   // something went wrong that has no code of its own
	exitUsage       = 2   // the command line or what was entered isn't acceptable
	exitNoAccount   = 10  // no account, or more than one, of that name
	exitNoSession   = 11  // the account has no valid session: log in
	exitLocked      = 12  // the vault can't be opened without somebody: keyring locked or absent, passphrase needed
	exitCanceled    = 13  // stopped by the user
	exitUnreachable = 14  // Kite can't be reached, or asks to wait
	exitRefused     = 15  // Kite refused, in its own words
	exitWrongPerson = 16  // somebody else than the account's owner logged in
	exitUnconfirmed = 17  // would do harm: say --yes
	exitConflict    = 18  // something is in the way: a name or port taken, another program busy
	exitTimeout     = 19  // took too long
	exitNested      = 20  // exec inside exec
	exitNoDisplay   = 21  // there is no display for the login window: use --browser or --paste
	exitNoCommand   = 126 // exec: the command can't be run
	exitNotFound    = 127 // exec: there is no such command
)

// exitMeanings are what the man page and docs/cli.md say of them.
var exitMeanings = map[int]string{
	exitOK:          "Done. For exec: the command's own code, whatever it is.",
	exitError:       "Something went wrong that has no code of its own; stderr says what.",
	exitUsage:       "The command line, or something that was entered, isn't acceptable.",
	exitNoAccount:   "There is no account of that name, or it could mean two.",
	exitNoSession:   "The account has no valid session. Log in.",
	exitLocked:      "The vault can't be opened without somebody: the keyring is locked or can't be reached, or a passphrase is needed.",
	exitCanceled:    "Stopped by the user.",
	exitUnreachable: "Kite can't be reached, or asks to wait.",
	exitRefused:     "Kite refused, in its own words.",
	exitWrongPerson: "Somebody else than the account's owner logged in.",
	exitUnconfirmed: "It would do harm. Say --yes if it is meant.",
	exitConflict:    "Something is in the way: a name or port is taken, another program is busy.",
	exitTimeout:     "It took too long.",
	exitNested:      "exec inside exec. Say --allow-nesting if it is meant.",
	exitNoDisplay:   "There is no display for the login window. Use --browser or --paste.",
	exitNoCommand:   "exec: the command can't be run.",
	exitNotFound:    "exec: there is no such command.",
}

var exitOfCode = map[string]int{
	kite.EINVALID: exitUsage, kite.ENOTFOUND: exitNoAccount,
	kite.ENOSESSION: exitNoSession, kite.EENDED: exitNoSession, kite.ETOKEN: exitNoSession,
	kite.ELOCKED: exitLocked, kite.ECANCELED: exitCanceled, kite.ETIMEOUT: exitTimeout,
	kite.EOFFLINE: exitUnreachable, kite.ERATELIMIT: exitUnreachable, kite.EUNKNOWN: exitUnreachable,
	kite.EBROKER: exitRefused, kite.EDENIED: exitRefused, kite.EWRONGUSER: exitWrongPerson,
	kite.ECONFIRM: exitUnconfirmed, kite.ECONFLICT: exitConflict,
}

// exitCode is what the process ends with after err.
func exitCode(err error) int {
	if err == nil {
		return exitOK
	}
	var e exiting
	if errors.As(err, &e) {
		return e.code
	}
	if code, known := exitOfCode[kite.ErrorCode(err)]; known {
		return code
	}
	return exitError
}

// exiting is an error whose exit code says more than its kind.
type exiting struct {
	error
	code int
}

// Unwrap gives the error itself.
func (e exiting) Unwrap() error { return e.error }

// withExit lets the process end with that code after err.
func withExit(code int, err error) error { return exiting{err, code} }
