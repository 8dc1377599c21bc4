package backup

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
