package kitetest

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

func (s Stores) history(t *testing.T, f kite.HistoryFilter) []kite.HistoryEntry {
	t.Helper()
	entries, err := s.History.History(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

func (s Stores) mustRecord(t *testing.T, entries ...kite.HistoryEntry) {
	t.Helper()
	for _, e := range entries {
		if err := s.History.Record(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
}

// expectHistory compares kind, account, client ID and detail of what the
// account's history has, newest first.
func (s Stores) expectHistory(t *testing.T, accountID string, want ...string) {
	t.Helper()
	var got []string
	for _, e := range s.history(t, kite.HistoryFilter{AccountID: accountID}) {
		got = append(got, fmt.Sprintf("%s %s (%s): %s", e.Kind, e.AccountName, e.ClientID, e.Detail))
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("history of %s:\n got %q\nwant %q", accountID, got, want)
	}
}

// HistorySuite is the contract of kite.HistoryStore. open returns empty
// stores.
func HistorySuite(t *testing.T, open func(*testing.T) Stores) {
	t.Run("gives back what was recorded, newest first", func(t *testing.T) { historyGivenBack(t, open(t)) })
	t.Run("fills name and client ID in", func(t *testing.T) {
		s := open(t)
		a := s.mustCreate(t, Account("one"))
		s.mustRecord(t, kite.HistoryEntry{At: Morning, AccountID: a.ID, Kind: kite.HistoryFailed, Detail: "No network."})
		renamed := a
		renamed.Name = "Renamed"
		if err := s.Accounts.UpdateAccount(t.Context(), renamed, kite.SecretChanges{}); err != nil {
			t.Fatal(err)
		}
		s.mustRecord(t, kite.HistoryEntry{At: Morning, AccountID: a.ID, Kind: kite.HistoryTest})
		s.expectHistory(t, a.ID, "test Renamed (ABONE000): ", "failed login Account one (ABONE000): No network.")
	})
	t.Run("outlives the account", func(t *testing.T) {
		s := open(t)
		a := s.mustCreate(t, Account("one"))
		s.mustRecord(t, kite.HistoryEntry{At: Morning, AccountID: a.ID, Kind: kite.HistoryExport})
		if err := s.Accounts.DeleteAccount(t.Context(), a.ID); err != nil {
			t.Fatal(err)
		}
		s.mustRecord(t, kite.HistoryEntry{At: Morning, AccountID: a.ID, Kind: kite.HistoryTest})
		s.expectHistory(t, a.ID, "test  (): ", "export Account one (ABONE000): ")
	})
	t.Run("filters", func(t *testing.T) { historyFiltered(t, open(t)) })
	t.Run("pages", func(t *testing.T) { historyPaged(t, open(t)) })
	t.Run("is pruned", func(t *testing.T) { historyPruned(t, open(t)) })
}

func historyGivenBack(t *testing.T, s Stores) {
	if got := s.history(t, kite.HistoryFilter{}); len(got) != 0 {
		t.Errorf("history at first = %v", got)
	}
	// Recorded last is newest, whatever a clock that was set back says.
	first := kite.HistoryEntry{At: Morning, AccountID: "a", AccountName: "Über", ClientID: "AB1234", Kind: kite.HistoryTest, OK: true, Detail: "It's alive."}
	second := kite.HistoryEntry{At: Morning.Add(-time.Hour), AccountID: "b", AccountName: "B", ClientID: "CD", Kind: kite.HistoryFailed}
	s.mustRecord(t, first, second)
	got := s.history(t, kite.HistoryFilter{})
	if len(got) != 2 || got[0].ID <= got[1].ID {
		t.Fatalf("history = %+v", got)
	}
	first.ID, second.ID = got[1].ID, got[0].ID
	if want := []kite.HistoryEntry{second, first}; !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func historyFiltered(t *testing.T, s Stores) {
	for i, e := range []kite.HistoryEntry{
		{AccountID: "a", AccountName: "Personal", ClientID: "AB1234", Kind: kite.HistoryLogin},
		{AccountID: "a", AccountName: "Personal", ClientID: "AB1234", Kind: kite.HistoryTest, Detail: `100% of C:\tmp`},
		{AccountID: "b", AccountName: "HUF_1", ClientID: "CD5678", Kind: kite.HistoryFailed, Detail: "Kite said 1000."},
		{AccountID: "b", AccountName: "HUF_1", ClientID: "CD5678", Kind: kite.HistoryElsewhere},
	} {
		e.At = Morning.Add(time.Duration(i) * time.Hour)
		s.mustRecord(t, e)
	}
	all := s.history(t, kite.HistoryFilter{})
	for name, c := range map[string]struct {
		filter kite.HistoryFilter
		want   []int // indexes into the order of recording, newest first
	}{
		"account":                {kite.HistoryFilter{AccountID: "b"}, []int{3, 2}},
		"kind":                   {kite.HistoryFilter{Kind: kite.HistoryTest}, []int{1}},
		"since":                  {kite.HistoryFilter{Since: Morning.Add(2 * time.Hour)}, []int{3, 2}},
		"a name in another case": {kite.HistoryFilter{Query: "pERSon"}, []int{1, 0}},
		"a client ID":            {kite.HistoryFilter{Query: "cd56"}, []int{3, 2}},
		"a kind in the query":    {kite.HistoryFilter{Query: "Elsewhere"}, []int{3}},
		"a percent sign":         {kite.HistoryFilter{Query: "100%"}, []int{1}},
		"an underscore":          {kite.HistoryFilter{Query: "f_1"}, []int{3, 2}},
		"a backslash":            {kite.HistoryFilter{Query: `:\T`}, []int{1}},
		"no pattern":             {kite.HistoryFilter{Query: "1_0"}, nil},
		"a quote":                {kite.HistoryFilter{Query: "' OR 1=1 --"}, nil},
		"all together":           {kite.HistoryFilter{AccountID: "b", Kind: kite.HistoryFailed, Query: "kite", Since: Morning}, []int{2}},
	} {
		var want []kite.HistoryEntry
		for _, i := range c.want {
			want = append(want, all[len(all)-1-i])
		}
		if got := s.history(t, c.filter); !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\n got %+v\nwant %+v", name, got, want)
		}
	}
}

func historyPaged(t *testing.T, s Stores) {
	for range 5 {
		s.mustRecord(t, kite.HistoryEntry{At: Morning, AccountID: "a", Kind: kite.HistoryTest})
	}
	var got, want []int64
	for _, e := range s.history(t, kite.HistoryFilter{}) {
		want = append(want, e.ID)
	}
	for page := s.history(t, kite.HistoryFilter{Limit: 2}); len(page) > 0; {
		for _, e := range page {
			got = append(got, e.ID)
		}
		s.mustRecord(t, kite.HistoryEntry{At: Morning, AccountID: "a", Kind: kite.HistoryTest}) // moves no page
		page = s.history(t, kite.HistoryFilter{Limit: 2, Before: got[len(got)-1]})
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("pages have %v, want %v", got, want)
	}
}

func historyPruned(t *testing.T, s Stores) {
	a, b := s.mustCreate(t, Account("one")), s.mustCreate(t, Account("two"))
	for day := range 4 {
		s.mustSave(t, Session(fmt.Sprint("a", day), a, Morning.AddDate(0, 0, day)))
	}
	s.mustSave(t, Session("b0", b, Morning))
	if err := s.Sessions.EndSession(t.Context(), "b0", kite.EndedLoggedOut, Morning.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	before := Morning.AddDate(0, 0, 2)
	if err := s.History.PruneHistory(t.Context(), before); err != nil {
		t.Fatal(err)
	}
	for _, e := range s.history(t, kite.HistoryFilter{}) {
		if e.At.Before(before) {
			t.Errorf("left: %+v", e)
		}
	}
	if got := s.history(t, kite.HistoryFilter{}); len(got) != 3 {
		t.Errorf("left: %+v", got)
	}
	s.expectSessions(t, a, time.Time{}, "a2", "a3")
	s.expectSessions(t, b, time.Time{}, "b0")
}
