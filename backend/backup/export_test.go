package backup

import (
	"errors"
	"os"
)

// SetWork sets what a passphrase costs and the most that is accepted.
func SetWork(work, most int) { workFactor, maxWorkFactor = work, most }

// UsedWork and UsedMaxWork are the costs outside tests, read before any test
// sets them.
var UsedWork, UsedMaxWork = workFactor, maxWorkFactor

// The bounds.
const (
	MaxFile     = maxFile
	MaxAccounts = maxAccounts
)

// Decode and Encode are what is within the encryption.
var (
	Decode = decode
	Encode = encode
)

// Publish is SaveFile's last step but one.
var Publish = publish

// WithoutLinks makes every disk one that has none, until the test ends.
func WithoutLinks(t interface{ Cleanup(func()) }) {
	link = func(_, _ string) error { return errors.ErrUnsupported }
	t.Cleanup(func() { link = os.Link })
}
