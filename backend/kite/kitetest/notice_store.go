package kitetest

import (
	"reflect"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

func notice(key string, at time.Time, saidKeys ...string) kite.ShownNotice {
	return kite.ShownNotice{
		Key: key, Kind: kite.NoticeEnding, Accounts: []string{"one", `"two"`}, SaidKeys: saidKeys,
		Handle: kite.NoticeHandle("handle of " + key), ShownAt: at,
	}
}

func (s Stores) mustMark(t *testing.T, n kite.ShownNotice) {
	t.Helper()
	if err := s.Notices.MarkSaid(t.Context(), n); err != nil {
		t.Fatal(err)
	}
}

func (s Stores) expectSaid(t *testing.T, want ...kite.Said) {
	t.Helper()
	said := map[string]kite.Said{}
	for _, one := range want {
		said[one.Key] = one
	}
	if got, err := s.Notices.Said(t.Context()); err != nil || !reflect.DeepEqual(got, said) {
		t.Errorf("said = %+v, %v\nwant %+v", got, err, said)
	}
}

func (s Stores) expectShown(t *testing.T, want ...kite.ShownNotice) {
	t.Helper()
	if got, err := s.Notices.Shown(t.Context()); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("shown = %+v, %v\nwant  %+v", got, err, want)
	}
}

// NoticeSuite is the contract of kite.NoticeStore. open returns empty stores.
func NoticeSuite(t *testing.T, open func(*testing.T) Stores) {
	later := Morning.Add(time.Hour)
	t.Run("gives back what was told and is shown", func(t *testing.T) {
		s := open(t)
		s.expectSaid(t)
		s.expectShown(t)
		first, second := notice("ending", Morning, "ending/120/s1", "ending/120/s2"), notice("morning", later, "morning/2026-11-23")
		s.mustMark(t, second)
		s.mustMark(t, first)
		s.expectShown(t, first, second)
		s.expectSaid(t, kite.Said{Key: "ending/120/s1", At: Morning}, kite.Said{Key: "ending/120/s2", At: Morning},
			kite.Said{Key: "morning/2026-11-23", At: later})
	})
	t.Run("a notice of the same key takes the place", func(t *testing.T) {
		s := open(t)
		s.mustMark(t, notice("ending", Morning, "a"))
		second := notice("ending", later, "b")
		second.Handle = "another"
		s.mustMark(t, second)
		s.expectShown(t, second)
		s.expectSaid(t, kite.Said{Key: "a", At: Morning}, kite.Said{Key: "b", At: later})
	})
	t.Run("without a handle nothing is shown", func(t *testing.T) {
		s := open(t)
		s.mustMark(t, notice("ending", Morning, "a"))
		s.mustMark(t, kite.ShownNotice{Key: "ending", Kind: kite.NoticeEnding, SaidKeys: []string{"b"}, ShownAt: later})
		s.expectShown(t)
		s.expectSaid(t, kite.Said{Key: "a", At: Morning}, kite.Said{Key: "b", At: later})
	})
	t.Run("what it told stays told when a notice goes", func(t *testing.T) {
		s := open(t)
		s.mustMark(t, notice("ending", Morning, "a"))
		for range 2 {
			if err := s.Notices.Unshow(t.Context(), "ending"); err != nil {
				t.Fatal(err)
			}
		}
		s.expectShown(t)
		s.expectSaid(t, kite.Said{Key: "a", At: Morning})
	})
	t.Run("later", func(t *testing.T) { saidAgain(t, open(t)) })
	t.Run("is pruned", func(t *testing.T) { saidPruned(t, open(t)) })
}

func saidAgain(t *testing.T, s Stores) {
	later := Morning.Add(10 * time.Minute)
	s.mustMark(t, notice("ending", Morning, "a", "b"))
	if err := s.Notices.SayAgain(t.Context(), []string{"a", "never told"}, later); err != nil {
		t.Fatal(err)
	}
	s.expectSaid(t, kite.Said{Key: "a", At: Morning, Again: later}, kite.Said{Key: "b", At: Morning})
	s.mustMark(t, notice("ending", later, "a"))
	s.expectSaid(t, kite.Said{Key: "a", At: later}, kite.Said{Key: "b", At: Morning})
}

func saidPruned(t *testing.T, s Stores) {
	tomorrow := Morning.AddDate(0, 0, 1)
	s.mustMark(t, notice("old", Morning, "old", "put off"))
	s.mustMark(t, notice("new", tomorrow, "new"))
	if err := s.Notices.SayAgain(t.Context(), []string{"put off"}, tomorrow.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if err := s.Notices.PruneSaid(t.Context(), tomorrow); err != nil {
		t.Fatal(err)
	}
	s.expectSaid(t, kite.Said{Key: "put off", At: Morning, Again: tomorrow.Add(time.Minute)}, kite.Said{Key: "new", At: tomorrow})
	s.expectShown(t, notice("old", Morning, "old", "put off"), notice("new", tomorrow, "new"))
}
