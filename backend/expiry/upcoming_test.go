package expiry_test

import (
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/expiry"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
)

// factsOf is one account, Personal, with a session of that login.
func factsOf(now, login time.Time, change func(*kite.Preferences)) expiry.Facts {
	a := kitetest.Account("personal")
	a.Name = "Personal"
	f := expiry.Facts{
		Now: now, Zone: kite.IST, Accounts: []kite.Account{a}, Preferences: kite.DefaultPreferences(),
		Latest: map[string]kite.Session{a.ID: kitetest.Session("s1", a, login)},
	}
	if change != nil {
		change(&f.Preferences)
	}
	return f
}

func TestUpcoming_lists_what_will_be_said_until_the_cutoff(t *testing.T) {
	now := at(11, 25, 10, 0)
	for _, c := range []struct {
		name   string
		change func(*kite.Preferences)
		want   []expiry.Reminder
	}{
		{"quiet at night", nil, nil},
		{"no quiet hours", loud, []expiry.Reminder{
			{at(11, 26, 4, 0).UTC(), "Personal: session ends at 06:00"},
			{at(11, 26, 5, 30).UTC(), "Personal: session ends at 06:00"},
			{at(11, 26, 6, 0).UTC(), "Personal: session ends"},
		}},
		{"quiet until 05:45: both reminders wait for it", func(p *kite.Preferences) { p.QuietTo = 5*60 + 45 }, []expiry.Reminder{
			{at(11, 26, 5, 45).UTC(), "Personal: session ends at 06:00"},
			{at(11, 26, 6, 0).UTC(), "Personal: session ends"},
		}},
	} {
		got := expiry.Upcoming(factsOf(now, now.Add(-time.Hour), c.change), kite.NextCutoff(now))
		if len(got) != len(c.want) {
			t.Errorf("%s: %+v", c.name, got)
			continue
		}
		for i := range got {
			if !got[i].At.Equal(c.want[i].At) || got[i].Text != c.want[i].Text {
				t.Errorf("%s: %+v, want %+v", c.name, got[i], c.want[i])
			}
		}
	}
}

func TestUpcoming_tells_of_the_morning_to_come(t *testing.T) {
	now := at(11, 25, 7, 0)
	got := expiry.Upcoming(factsOf(now, at(11, 24, 9, 0), nil), kite.NextCutoff(now))
	if len(got) != 1 || got[0].Text != "1 account needs a login" || !got[0].At.Equal(at(11, 25, 8, 30)) {
		t.Errorf("%+v", got)
	}
}

func TestUpcoming_agrees_with_what_is_said(t *testing.T) {
	b := newBench(t, at(11, 25, 9, 0))
	b.prefer(loud)
	b.prefer(func(p *kite.Preferences) { p.MorningReminder = false })
	a := b.account("Personal")
	b.logIn(a)
	f := expiry.Facts{Now: b.clock.Now(), Zone: kite.IST, Accounts: []kite.Account{a}, Latest: map[string]kite.Session{a.ID: b.latest(a)}}
	f.Preferences, _ = kite.LoadPreferences(t.Context(), b.Settings)
	promised := expiry.Upcoming(f, at(11, 26, 6, 0))
	if told := b.live(at(11, 26, 6, 0)); len(told) != len(promised) {
		t.Errorf("promised %+v, said %v", promised, told)
	}
}

func TestClock_is_read_where_the_user_is(t *testing.T) {
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	kathmandu := time.FixedZone("Asia/Kathmandu", 5*3600+45*60)
	six := at(11, 26, 6, 0)
	for _, c := range []struct {
		now  time.Time
		zone *time.Location
		want string
	}{
		{at(11, 25, 21, 0), kite.IST, "06:00"},
		{at(11, 25, 10, 0), kite.IST, "Thu 06:00"},
		{at(11, 26, 4, 0), kite.IST, "06:00"},
		{at(11, 26, 4, 0), newYork, "19:30 (06:00 IST)"},
		{at(11, 26, 4, 0), kathmandu, "06:15 (06:00 IST)"},
	} {
		if got := expiry.Clock(six, c.now, c.zone); got != c.want {
			t.Errorf("at %v in %v: %q, want %q", c.now.In(kite.IST), c.zone, got, c.want)
		}
	}
}
