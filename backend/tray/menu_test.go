package tray

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// ten is 10:00 IST on a Wednesday.
var ten = time.Date(2026, 11, 25, 4, 30, 0, 0, time.UTC)

// people are accounts by name; the times are their sessions' ends, zero for
// none.
func people(ends ...time.Time) (accounts []kite.Account, latest map[string]kite.Session) {
	latest = map[string]kite.Session{}
	for i, end := range ends {
		id := fmt.Sprintf("id%d", i)
		accounts = append(accounts, kite.Account{ID: id, Name: []string{"Personal", "Family", "HUF account", "Parents", "Trust"}[i%5]})
		if !end.IsZero() {
			latest[id] = kite.Session{AccountID: id, Status: kite.Active, ExpiresAt: end}
		}
	}
	return accounts, latest
}

var (
	never  time.Time
	cutoff = kite.NextCutoff(ten)
)

func texts(m Menu) string {
	var all []string
	for _, e := range m.Entries {
		all = append(all, e.Text)
	}
	return strings.Join(all, "; ")
}

func TestMenuOf_tells_the_worst_state_and_counts(t *testing.T) {
	soon := ten.Add(80 * time.Minute)
	for name, c := range map[string]struct {
		ends  []time.Time
		out   []string
		state State
		line  string
		all   bool
	}{
		"no accounts":       {nil, nil, Empty, "No accounts yet", false},
		"all ready":         {[]time.Time{cutoff, cutoff, cutoff}, nil, Ready, "All 3 ready, until 06:00 tomorrow", false},
		"one, ready":        {[]time.Time{cutoff}, nil, Ready, "Ready, until 06:00 tomorrow", false},
		"one ends soon":     {[]time.Time{cutoff, soon}, nil, Soon, "All 2 ready, until 11:20", false},
		"one needs a login": {[]time.Time{cutoff, soon, never}, nil, NeedsLogin, "2 of 3 ready, until 11:20", true},
		"none ready":        {[]time.Time{never, never}, nil, NeedsLogin, "No account is ready", true},
		"ended just now":    {[]time.Time{ten, cutoff}, nil, NeedsLogin, "1 of 2 ready, until 06:00 tomorrow", true},
		"one left out":      {[]time.Time{cutoff, never}, []string{"id1"}, Ready, "Ready, until 06:00 tomorrow", false},
		"left out, living":  {[]time.Time{cutoff, soon}, []string{"id1"}, Soon, "All 2 ready, until 11:20", false},
		"all left out":      {[]time.Time{never, never}, []string{"id0", "id1"}, Ready, "No account needs a session", false},
	} {
		t.Run(name, func(t *testing.T) {
			accounts, latest := people(c.ends...)
			m := MenuOf(accounts, latest, c.out, ten, kite.IST)
			if m.State != c.state || m.Line != c.line || m.LogInAll != c.all {
				t.Errorf("state %v, %q, log in all %v", m.State, m.Line, m.LogInAll)
			}
		})
	}
}

func TestMenuOf_puts_first_what_needs_attention(t *testing.T) {
	accounts, latest := people(cutoff, never, ten.Add(80*time.Minute), never, never)
	m := MenuOf(accounts, latest, []string{"id3"}, ten, kite.IST)
	want := "Family · log in; Trust · log in; HUF account · ends in 1 h 20 min; Personal · ready, until 06:00 tomorrow; Parents · no session"
	if got := texts(m); got != want {
		t.Errorf("%s", got)
	}
	for i, want := range []kite.Request{{Login: "id1"}, {Login: "id4"}, {Show: "id2"}, {Show: "id0"}, {Login: "id3"}} {
		if m.Entries[i].Do != want {
			t.Errorf("%s does %+v", m.Entries[i].Text, m.Entries[i].Do)
		}
	}
}

func TestMenuOf_two_hundred_accounts_has_room_for_twelve(t *testing.T) {
	ends := make([]time.Time, 200)
	ends[199] = cutoff
	accounts, latest := people(ends...)
	m := MenuOf(accounts, latest, nil, ten, kite.IST)
	if len(m.Entries) != 13 || m.Entries[12] != (Entry{Text: "… and 188 more"}) || m.Line != "1 of 200 ready, until 06:00 tomorrow" {
		t.Errorf("%d entries, last %+v, %q", len(m.Entries), m.Entries[12], m.Line)
	}
	if m := MenuOf(accounts[:12], latest, nil, ten, kite.IST); len(m.Entries) != 12 {
		t.Errorf("%d entries for twelve", len(m.Entries))
	}
}

func TestMenuOf_words_hold_until_Next_and_no_longer(t *testing.T) {
	accounts, latest := people(cutoff, ten.Add(83*time.Minute), never, ten.Add(3*time.Hour))
	changed := 0
	for now := ten; now.Before(cutoff.Add(time.Hour)); {
		m := MenuOf(accounts, latest, nil, now, kite.IST)
		if m.Next.IsZero() {
			break
		}
		if wait := m.Next.Sub(now); wait < time.Minute && !latestEndsWithin(latest, now, wait) {
			t.Errorf("at %v it wakes after %v", now.In(kite.IST), wait)
		}
		before := MenuOf(accounts, latest, nil, m.Next.Add(-time.Second), kite.IST)
		after := MenuOf(accounts, latest, nil, m.Next, kite.IST)
		if texts(before) != texts(m) || before.Line != m.Line || before.State != m.State {
			t.Errorf("at %v the words changed before Next %v", now.In(kite.IST), m.Next.In(kite.IST))
		}
		if texts(after) == texts(m) && after.Line == m.Line && after.State == m.State {
			t.Errorf("at %v nothing changes at Next %v", now.In(kite.IST), m.Next.In(kite.IST))
		}
		now = m.Next
		changed++
	}
	if changed < 50 || changed > 90 { // three sessions, each in steps of five minutes for its last two hours
		t.Errorf("%d changes", changed)
	}
}

func latestEndsWithin(latest map[string]kite.Session, now time.Time, wait time.Duration) bool {
	for _, s := range latest {
		if left := s.ExpiresAt.Sub(now); left >= 0 && left <= wait {
			return true
		}
	}
	return false
}

func TestMenuOf_far_from_an_end_wakes_at_midnight_only(t *testing.T) {
	accounts, latest := people(cutoff, cutoff)
	if m := MenuOf(accounts, latest, nil, ten, kite.IST); !m.Next.Equal(time.Date(2026, 11, 26, 0, 0, 0, 0, kite.IST)) {
		t.Errorf("next %v", m.Next.In(kite.IST))
	}
	night := time.Date(2026, 11, 26, 0, 0, 0, 0, kite.IST)
	m := MenuOf(accounts, latest, nil, night, kite.IST)
	if m.Line != "All 2 ready, until 06:00" || !m.Next.Equal(cutoff.Add(-2*time.Hour+time.Second)) {
		t.Errorf("%q, next %v", m.Line, m.Next.In(kite.IST))
	}
	if m := MenuOf(accounts, nil, nil, ten, kite.IST); !m.Next.IsZero() {
		t.Errorf("without sessions it wakes at %v", m.Next)
	}
}

func TestLeft_never_promises_more_than_there_is(t *testing.T) {
	for left, want := range map[time.Duration]string{
		2*time.Hour - 1: "1 h 55 min", 80 * time.Minute: "1 h 20 min", 80*time.Minute - 1: "1 h 15 min",
		time.Hour: "1 h", 59 * time.Minute: "55 min", 5 * time.Minute: "5 min", 5*time.Minute - 1: "under 5 min", 1: "under 5 min",
	} {
		if got := (&words{now: ten, zone: kite.IST}).left(ten.Add(left)); got != want {
			t.Errorf("%v: %s, not %s", left, got, want)
		}
	}
}

func TestClock_tells_the_users_time_and_Indias(t *testing.T) {
	eastern := time.FixedZone("EST", -5*60*60)
	kathmandu := time.FixedZone("", 5*60*60+45*60)
	for _, c := range []struct {
		zone *time.Location
		end  time.Time
		want string
	}{
		{kite.IST, ten.Add(time.Hour), "11:00"},
		{kite.IST, cutoff, "06:00 tomorrow"},
		{kite.IST, ten.Add(48 * time.Hour), "10:00 on Friday"},
		{eastern, cutoff, "19:30 tomorrow (06:00 IST)"}, // now is the 24th there
		{eastern, cutoff.Add(5 * time.Hour), "00:30 on Thursday (11:00 IST)"},
		{kathmandu, cutoff, "06:15 tomorrow (06:00 IST)"},
		{time.FixedZone("Colombo", istOffset), ten, "10:00"},
	} {
		if got := (&words{now: ten, zone: c.zone}).clock(c.end); got != c.want {
			t.Errorf("%v: %s, not %s", c.zone, got, c.want)
		}
	}
}

func TestCleanName_stays_one_short_line_of_its_own(t *testing.T) {
	for name, want := range map[string]string{
		"Personal":              "Personal",
		"two\nlines\x00\u2028x": "two lines  x",
		"\u202Eevil":            "evil",
		"חשבון":                 "\u2068חשבון\u2069",
		"<b>bold</b>":           "<b>bold</b>",
		"bad\xff":               "bad\uFFFD",
		strings.Repeat("ख", 80): strings.Repeat("ख", 39) + "…",
	} {
		if got := cleanName(name); got != want {
			t.Errorf("%q became %q", name, got)
		}
	}
}
