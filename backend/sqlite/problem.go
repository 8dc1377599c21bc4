package sqlite

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"syscall"

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
	// Snapshot is the copy from before an update that failed, or empty.
	Snapshot string
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
	return sentence(problem).Because(problem)
}

// sentence names the copy, if there is one, whatever went wrong.
func sentence(p *Problem) *kite.Error {
	e := sentenceOf(p)
	if p.Snapshot == "" {
		return e
	}
	return e.WithHint(e.Hint + " The copy from before it was brought up to date is " + p.Snapshot + ".")
}

func sentenceOf(p *Problem) *kite.Error {
	switch p.Kind {
	case Damaged:
		return kite.Errorf(kite.EDATA, "The database is damaged and was left as it is.").
			WithHint("If you have a copy of " + p.Path + ", put it back. Or start over: the damaged file is kept under another name.")
	case Newer:
		return kite.Errorf(kite.EDATA, "The database was written by a newer version of Kite Accounts and was left as it is: %v.", p.Err).
			WithHint("Install the newer version again. The database is " + p.Path + ".")
	case ReadOnly:
		return kite.Errorf(kite.EDATA, "Kite Accounts may not write to its database.").
			WithHint("Make " + p.Path + " and its folder writable for you and try again.")
	case Locked:
		return kite.Errorf(kite.ECONFLICT, "Another program is writing to the database.").
			WithHint("Wait a moment and try again.")
	default:
		return otherSentence(p)
	}
}

func otherSentence(p *Problem) *kite.Error {
	var said *kite.Error
	switch {
	case errors.As(p.Err, &said):
		return said
	case diskFull(p.Err):
		return kite.Errorf(kite.EDATA, "The disk is full, so the database can't be opened.").
			WithHint("Free some space where " + p.Path + " is and try again.")
	case p.Snapshot != "":
		return kite.Errorf(kite.EDATA, "The database couldn't be brought up to date. Nothing in it was lost.").
			WithHint("Try again, or install the version that you had before. The log says why. The database is " + p.Path + ".")
	default:
		return kite.Errorf(kite.EDATA, "The database can't be opened.").
			WithHint("The log says why. The database is " + p.Path + ".")
	}
}

func kindOf(err error) ProblemKind {
	var e sqlite3.Error
	switch {
	case forbidden(err):
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

// forbidden says that the system lets nobody, or not us, write there.
func forbidden(err error) bool {
	return errors.Is(err, os.ErrPermission) || systemErrno(err, forbiddenCodes...)
}

func diskFull(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && e.Code == sqlite3.ErrFull || systemErrno(err, fullCodes...)
}

// systemErrno says that the system's own code, found in the chain or by
// SQLite, is one of these.
func systemErrno(err error, codes ...syscall.Errno) bool {
	var e sqlite3.Error
	if errors.As(err, &e) && slices.Contains(codes, e.SystemErrno) {
		return true
	}
	var errno syscall.Errno
	return errors.As(err, &errno) && slices.Contains(codes, errno)
}

// failed names what was being done and turns what the user can act on into a
// sentence: a full disk, a busy or unwritable database.
func failed(doing string, err error) error {
	var e sqlite3.Error
	if err == nil || !errors.As(err, &e) {
		return wrap(doing, err)
	}
	switch {
	case diskFull(err):
		return wrap(doing, kite.Errorf(kite.EDATA, "The disk is full, so nothing was changed.").
			WithHint("Free some space and try again.").Because(err))
	case e.Code == sqlite3.ErrBusy || e.Code == sqlite3.ErrLocked:
		return wrap(doing, kite.Errorf(kite.ECONFLICT, "Another program is writing to the database, so nothing was changed.").
			WithHint("Try again.").Because(err))
	case e.Code == sqlite3.ErrReadonly || e.Code == sqlite3.ErrPerm || forbidden(err):
		return wrap(doing, kite.Errorf(kite.EDATA, "Kite Accounts may not write to its database, so nothing was changed.").
			WithHint("Make the data folder writable for you and try again.").Because(err))
	case e.Code == sqlite3.ErrCorrupt || e.Code == sqlite3.ErrNotADB:
		return wrap(doing, kite.Errorf(kite.EDATA, "The database is damaged.").
			WithHint("Close Kite Accounts and open it again.").Because(err))
	case e.Code == sqlite3.ErrIoErr || e.Code == sqlite3.ErrCantOpen:
		return wrap(doing, kite.Errorf(kite.EDATA, "The disk with the database can't be read or written, so nothing was changed.").
			WithHint("Check that the disk is there and try again.").Because(err))
	}
	return wrap(doing, err)
}

func wrap(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}
