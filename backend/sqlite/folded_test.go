package sqlite_test

import (
	"path/filepath"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
)

func TestHistory_is_searched_whatever_the_case(t *testing.T) {
	history := mustOpen(t, filepath.Join(t.TempDir(), "test.db")).History()
	e := kite.HistoryEntry{
		At: kitetest.Morning, AccountID: "a", AccountName: "École Ωmega Straße", ClientID: "AB1234", Kind: kite.HistoryFailed,
		Detail: "ЯНДЕКС said 100% no.",
	}
	if err := history.Record(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]int{
		"école": 1, "ÉCOLE": 1, "e\u0301cole": 1, "E\u0301COLE": 1, "ωMEGA": 1, "STRASSE": 1, "яндекс": 1, "ab12": 1, "FAILED": 1, "100% NO": 1,
		"ecole": 0, "ab1234failed": 0, "100_": 0, "straße ab": 0,
	} {
		entries, err := history.History(t.Context(), kite.HistoryFilter{Query: query})
		if err != nil || len(entries) != want {
			t.Errorf("%q finds %d, %v, want %d", query, len(entries), err, want)
		}
	}
}
