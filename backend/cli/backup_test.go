package cli_test

import _ "unsafe" // for go:linkname

// workFactor is what a backup's passphrase costs, which package backup lets
// nobody choose: a dozen seconds for each backup under the race detector. That
// package's own tests hold its real value.
//
//go:linkname workFactor github.com/kiteaccounts/kite-accounts/backend/backup.workFactor
var workFactor int

// quickWork is a cost that a script needn't wait for, as a power of two.
const quickWork = 10
