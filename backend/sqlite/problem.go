package sqlite

import (
	"errors"
	"fmt"
	"os"

	sqlite3 "github.com/mattn/go-sqlite3"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// ProblemKind says why a database can't be used.
type ProblemKind string

// The kinds of problems; the window has a screen for each.
const (
	Damaged  ProblemKind = "damaged"
	Newer    ProblemKind = "newer"    // written by a newer program
	ReadOnly ProblemKind = "readonly" // file or folder can't be written
	Locked   ProblemKind = "locked"   // another program holds it
	Other    ProblemKind = "other"
)

// Problem is a database that can't be used. The file is untouched.
type Problem struct {
	Kind ProblemKind
	Path string
	Err  error
}

// Error gives kind and cause, for the log.
func (p *Problem) Error() string { return fmt.Sprintf("database %s: %v", p.Kind, p.Err) }

// Unwrap gives the cause.
func (p *Problem) Unwrap() error { return p.Err }

// problemOf turns what kept the database from opening into a *kite.Error.
func problemOf(path string, err error) error {
	problem := &Problem{Kind: kindOf(err), Path: path, Err: err}
	var known *Problem
	if errors.As(err, &known) {
		problem = known
		problem.Path = path
	}
	switch problem.Kind {
	case Damaged:
		return kite.Errorf(kite.EDATA, "The database is damaged and was left as it is.").
			WithHint("If you have a copy of " + path + ", put it back. Or start over: the damaged file is kept under another name.").Because(problem)
	case Newer:
		return kite.Errorf(kite.EDATA, "The database was written by a newer version of Kite Accounts and was left as it is.").
			WithHint("Install the newer version again.").Because(problem)
	case ReadOnly:
		return kite.Errorf(kite.EDATA, "Kite Accounts may not write to its database.").
			WithHint("Make " + path + " and its folder writable for you and try again.").Because(problem)
	case Locked:
		return kite.Errorf(kite.ECONFLICT, "Another program is writing to the database.").
			WithHint("Wait a moment and try again.").Because(problem)
	default:
		return kite.Errorf(kite.EDATA, "The database can't be opened.").
			WithHint("The log in the data folder says why: " + path + ".").Because(problem)
	}
}

func kindOf(err error) ProblemKind {
	var e sqlite3.Error
	switch {
	case errors.Is(err, os.ErrPermission):
		return ReadOnly
	case !errors.As(err, &e):
		return Other
	}
	switch e.Code {
	case sqlite3.ErrCorrupt, sqlite3.ErrNotADB:
		return Damaged
	case sqlite3.ErrReadonly, sqlite3.ErrPerm:
		return ReadOnly
	case sqlite3.ErrBusy, sqlite3.ErrLocked:
		return Locked
	default:
		return Other
	}
}

// failed names what was being done and turns what the user can act on into a
// sentence: a full disk, a busy or unwritable database.
func failed(doing string, err error) error {
	var e sqlite3.Error
	if err == nil || !errors.As(err, &e) {
		return wrap(doing, err)
	}
	switch e.Code {
	case sqlite3.ErrFull, sqlite3.ErrIoErr, sqlite3.ErrTooBig:
		return wrap(doing, kite.Errorf(kite.EDATA, "The disk is full or can't be written, so nothing was changed.").
			WithHint("Free some space and try again.").Because(err))
	case sqlite3.ErrBusy, sqlite3.ErrLocked:
		return wrap(doing, kite.Errorf(kite.ECONFLICT, "Another program is writing to the database, so nothing was changed.").
			WithHint("Try again.").Because(err))
	case sqlite3.ErrReadonly, sqlite3.ErrPerm, sqlite3.ErrCantOpen:
		return wrap(doing, kite.Errorf(kite.EDATA, "Kite Accounts may not write to its database, so nothing was changed.").
			WithHint("Make the data folder writable for you and try again.").Because(err))
	case sqlite3.ErrCorrupt, sqlite3.ErrNotADB:
		return wrap(doing, kite.Errorf(kite.EDATA, "The database is damaged.").
			WithHint("Close Kite Accounts and open it again.").Because(err))
	}
	return wrap(doing, err)
}

func wrap(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}
