//go:build !e2e

package clock

import "github.com/kiteaccounts/kite-accounts/backend/kite"

// ForDataDir is the computer's clock, one for the whole process.
func ForDataDir(string) kite.Clock { return computers() }

// computers is another clock only in the tests of whole programs, through
// package clocktest.
var computers = system
