// Package cutoff keeps tests whose programs know no other clock than the
// computer's from the time at which every session ends.
package cutoff

import (
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Pass waits until 06:00 IST is over if that is less than so long away: a
// session that begins now would end meanwhile.
func Pass(within time.Duration) {
	if left := time.Until(kite.NextCutoff(time.Now())); left < within {
		time.Sleep(left + time.Second)
	}
}
