package gateway_test

import (
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Orders and handouts are told to the history all the time.
func TestToken_is_not_unsealed_again_for_what_the_history_is_told(t *testing.T) {
	f := start(t, serveKite(t, answer(200, marginsBody)).URL)
	f.get(t, "/user/margins")
	before := f.sealer.Calls.Load()
	for range 20 {
		f.do(t, f.db.History().Record(t.Context(), kite.HistoryEntry{At: f.clock.Now(), AccountID: f.account.ID, Kind: kite.HistoryExport, OK: true}))
		f.get(t, "/user/margins")
	}
	if again := f.sealer.Calls.Load() - before; again != 0 {
		t.Errorf("%d values were unsealed again", again)
	}
}
