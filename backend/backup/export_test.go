package backup

// SetWork sets what a passphrase costs and the most that is accepted.
func SetWork(work, most int) { workFactor, maxWorkFactor = work, most }

// The costs outside tests, and the bounds.
const (
	DefaultWork    = defaultWork
	DefaultMaxWork = defaultMaxWork
	MaxFile        = maxFile
	MaxAccounts    = maxAccounts
)

// Decode and Encode are what is within the encryption.
var (
	Decode = decode
	Encode = encode
)
