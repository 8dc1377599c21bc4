package localapi_test

import (
	"slices"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/localapi"
)

func TestHappenings(t *testing.T) {
	a := kitetest.Account("one")
	ten := time.Date(2026, time.November, 23, 10, 0, 0, 0, kite.IST)
	cutoff := kite.NextCutoff(ten) // 06:00 IST of the next day
	s1, s2 := kitetest.Session("s1", a, ten), kitetest.Session("s2", a, ten.Add(time.Hour))
	late := kitetest.Session("late", a, cutoff.Add(-time.Hour))
	ended := func(s kite.Session, why kite.EndedReason) *kite.Session {
		s.Status, s.EndedReason = kite.Expired, why
		return &s
	}
	at := func(s *kite.Session, when time.Time) localapi.Seen {
		return localapi.Seen{Account: a, Session: s, At: when}
	}
	noon, night := ten.Add(2*time.Hour), cutoff.Add(-time.Hour)
	gone := localapi.Seen{At: noon}
	for name, c := range map[string]struct {
		before, after localapi.Seen
		want          []string
	}{
		"nothing":                          {at(&s1, ten), at(&s1, noon), nil},
		"still none":                       {at(nil, ten), at(nil, noon), nil},
		"a new account":                    {gone, at(nil, noon), nil},
		"first login":                      {at(nil, ten), at(&s1, noon), []string{"session.active s1"}},
		"a new account with a session":     {gone, at(&s1, noon), []string{"session.active s1"}},
		"two hours left":                   {at(&s1, noon), at(&s1, cutoff.Add(-2*time.Hour)), nil},
		"a moment later":                   {at(&s1, noon), at(&s1, cutoff.Add(-2*time.Hour+time.Second)), []string{"session.ending s1"}},
		"a second to 06:00 IST":            {at(&s1, night), at(&s1, cutoff.Add(-time.Second)), nil},
		"06:00 IST":                        {at(&s1, night), at(&s1, cutoff), []string{"session.expired s1: expired"}},
		"06:00 IST, stored":                {at(&s1, night), at(ended(s1, kite.EndedExpired), cutoff), []string{"session.expired s1: expired"}},
		"stored after it was seen":         {at(&s1, cutoff), at(ended(s1, kite.EndedExpired), cutoff.Add(time.Hour)), nil},
		"a clock that jumps over the end":  {at(&s1, ten), at(&s1, cutoff.Add(48*time.Hour)), []string{"session.expired s1: expired"}},
		"a clock set back over the end":    {at(&s1, cutoff), at(&s1, ten), []string{"session.active s1"}},
		"a clock set back to the last two": {at(&s1, cutoff), at(&s1, night), []string{"session.active s1", "session.ending s1"}},
		"a clock set back from them":       {at(&s1, night), at(&s1, ten), []string{"session.active s1"}},
		"Kite refused it":                  {at(&s1, ten), at(ended(s1, kite.EndedElsewhere), noon), []string{"session.ended s1: ended elsewhere"}},
		"logged out":                       {at(&s1, ten), at(ended(s1, kite.EndedLoggedOut), noon), []string{"session.ended s1: logged out"}},
		"replaced":                         {at(&s1, ten), at(&s2, noon), []string{"session.ended s1: replaced", "session.active s2"}},
		"replaced after its end":           {at(&s1, night), at(&s2, cutoff), []string{"session.expired s1: expired", "session.expired s2: expired"}},
		"a login after the end":            {at(&s1, cutoff), at(&late, cutoff.Add(-time.Minute)), []string{"session.active late", "session.ending late"}},
		"a login shortly before 06:00":     {at(nil, ten), at(&late, night), []string{"session.active late", "session.ending late"}},
		"replaced and over, both unseen":   {at(&s1, ten), at(ended(s2, kite.EndedLoggedOut), noon), []string{"session.ended s1: replaced", "session.ended s2: logged out"}},
		"the account is deleted":           {at(&s1, ten), gone, []string{"session.ended s1: account removed"}},
		"one without session is deleted":   {at(nil, ten), gone, nil},
		"one with an ended one is deleted": {at(ended(s1, kite.EndedLoggedOut), ten), gone, nil},
	} {
		if got := localapi.Between(c.before, c.after); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// Between any two looks at the times it names, nothing changes by time.
func TestNextChange_misses_nothing(t *testing.T) {
	a := kitetest.Account("one")
	s := kitetest.Session("s", a, kitetest.Morning)
	now, steps := kitetest.Morning, 0
	for steps < 10 {
		seen := localapi.Seen{Account: a, Session: &s, At: now}
		next := seen.NextChange()
		if next.IsZero() {
			break
		}
		before := localapi.Seen{Account: a, Session: &s, At: next.Add(-2 * time.Millisecond)}
		if got := localapi.Between(seen, before); len(got) != 0 {
			t.Errorf("before %v: %q", next, got)
		}
		if got := localapi.Between(seen, localapi.Seen{Account: a, Session: &s, At: next}); len(got) != 1 {
			t.Errorf("at %v: %q", next, got)
		}
		now, steps = next, steps+1
	}
	if steps != 2 {
		t.Errorf("%d changes, want ending and expired", steps)
	}
}
