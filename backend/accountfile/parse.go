package accountfile

import (
	"bytes"
	"io"
	"unicode/utf8"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Bounds of a file.
const (
	MaxBytes = 1 << 20
	MaxRows  = 10_000
)

// maxProblems is how many problems are told; whoever has more corrects these
// first.
const maxProblems = 50

// Problem is what is wrong with one account of a file.
type Problem struct {
	Line int
	Name string // the account's, empty if it has none
	Err  *kite.Error
}

// File is what was read: every account, and what is wrong with some.
type File struct {
	Rows     []Row
	Problems []Problem
}

// Read reads CSV or JSON, whichever it is, and checks each account by itself.
// EINVALID if the whole can't be read.
func Read(r io.Reader) (File, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	defer clear(data)
	switch {
	case err != nil:
		return File{}, kite.Errorf(kite.EINVALID, "The file can't be read.").Because(err)
	case len(data) > MaxBytes:
		return File{}, kite.Errorf(kite.EINVALID, "The file is larger than 1 MiB.").WithHint("Split it: a list of accounts is a few kilobytes.")
	}
	return parse(data)
}

var byteOrderMark = []byte("\xef\xbb\xbf")

func parse(data []byte) (File, error) {
	data = bytes.TrimPrefix(data, byteOrderMark)
	if !utf8.Valid(data) {
		return File{}, kite.Errorf(kite.EINVALID, "The file isn't UTF-8 text.").WithHint("Save it as CSV UTF-8, or as JSON.")
	}
	var file File
	var err error
	switch start := bytes.TrimSpace(data); {
	case len(start) == 0:
		return File{}, kite.Errorf(kite.EINVALID, "The file is empty.")
	case start[0] == '[' || start[0] == '{':
		err = file.readJSON(data)
	default:
		err = file.readCSV(data)
	}
	if err != nil {
		return File{}, err
	}
	for i := range file.Rows {
		file.check(&file.Rows[i])
	}
	return file, nil
}

// add takes an account; EINVALID for one too many.
func (f *File) add(r Row) error {
	if len(f.Rows) == MaxRows {
		return kite.Errorf(kite.EINVALID, "The file has more than 10,000 accounts.").WithHint("Split it.")
	}
	f.Rows = append(f.Rows, r)
	return nil
}

func (f *File) check(r *Row) {
	r.Account = normal(r.Account)
	problems := r.Account.Validate()
	for _, s := range []struct {
		field string
		value kite.Secret
	}{{"apiSecret", r.Secrets.APISecret}, {"password", r.Secrets.Password}} {
		if e := kite.ValidateSecret(s.field, s.value); e != nil {
			problems = append(problems, e)
		}
	}
	for _, e := range problems {
		f.problem(r.Line, r.Account.Name, e)
	}
}

func (f *File) problem(line int, name string, e *kite.Error) {
	if len(f.Problems) < maxProblems {
		f.Problems = append(f.Problems, Problem{line, name, e})
	}
}
