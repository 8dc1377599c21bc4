package expiry_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// entry is one thing that happens in the simulated fortnight, or one notice.
type entry struct {
	at time.Time
	do func()
}

// TestFortnight lives two weeks with a holiday, a weekend, suspends over
// 06:00, restarts, a clock set forth and back and a trip to New York, and
// expects every notice and no other.
func TestFortnight(t *testing.T) {
	b := newBench(t, at(12, 14, 7, 50)) // a Monday
	personal, family, huf := b.account("Personal"), b.account("Family"), b.account("HUF")
	b.prefer(func(p *kite.Preferences) { p.LoginOrder = []string{"personal", "family", "huf"} })
	all := func() { b.logIn(personal, family, huf) }
	newYork, err := time.LoadLocation("America/New_York")
	b.ok(err)
	life := []entry{
		// Monday to Wednesday: reminded in the morning, logged in a little later.
		{at(12, 14, 8, 40), all},
		{at(12, 15, 8, 45), func() { b.logIn(personal, huf) }},
		{at(12, 15, 9, 5), func() { b.logIn(family) }},
		// Wednesday early: logged in before the reminder, so none comes.
		{at(12, 16, 8, 10), all},
		// Wednesday noon: one ends elsewhere and is renewed.
		{at(12, 16, 12, 0), func() {
			b.ok(b.Sessions.EndSession(t.Context(), b.latest(huf).ID, kite.EndedElsewhere, b.clock.Now()))
		}},
		{at(12, 16, 12, 20), func() { b.logIn(huf) }},
		// Thursday: the laptop sleeps from Wednesday night until 09:40.
		{at(12, 16, 23, 0), func() { b.clock.Set(at(12, 17, 9, 40)) }},
		{at(12, 17, 9, 50), all},
		// Friday: restarted three times around the reminder.
		{at(12, 18, 8, 29), b.restart}, {at(12, 18, 8, 30), b.restart}, {at(12, 18, 8, 31), b.restart},
		{at(12, 18, 8, 50), all},
		// The weekend: nothing. Sunday's clock goes a day forth and back.
		{at(12, 20, 12, 0), func() { b.clock.Set(at(12, 21, 7, 0)); b.Look(t.Context()); b.clock.Set(at(12, 20, 12, 1)) }},
		// Monday: nobody logs in at all.
		// Tuesday: in New York, where 06:00 IST is 19:30 of the day before.
		{at(12, 22, 8, 20), all},
		{at(12, 22, 16, 0), func() { b.clock.SetZone(newYork) }},
		// Wednesday: home again.
		{at(12, 23, 8, 0), func() { b.clock.SetZone(kite.IST) }},
		{at(12, 23, 8, 10), all},
		// Thursday with Christmas after it, and the last weekend.
		{at(12, 24, 8, 35), all},
	}
	var diary []string
	for _, e := range life {
		diary = append(diary, b.live(e.at)...)
		e.do()
	}
	diary = append(diary, b.live(at(12, 28, 7, 0))...)
	want := []string{
		"Mon 14 08:30 3 accounts have no session for today: Personal, Family, HUF",
		"Tue 15 08:30 3 accounts have no session for today: Personal, Family, HUF",
		"Tue 15 08:45 Family has no session for today",
		"Wed 16 12:00 HUF: session was ended elsewhere",
		"Thu 17 09:40 3 accounts have no session for today: Personal, Family, HUF",
		"Fri 18 08:30 3 accounts have no session for today: Personal, Family, HUF",
		"Mon 21 08:30 3 accounts have no session for today: Personal, Family, HUF",
		"Wed 23 04:00 3 sessions end at 19:30 (06:00 IST): Personal, Family, HUF",
		"Wed 23 05:30 3 sessions end at 19:30 (06:00 IST): Personal, Family, HUF",
		"Wed 23 06:00 3 sessions ended at 19:30 (06:00 IST): Personal, Family, HUF",
		"Thu 24 08:30 3 accounts have no session for today: Personal, Family, HUF",
	}
	if got := strings.Join(diary, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("got:\n%s\n\nwant:\n%s", got, strings.Join(want, "\n"))
	}
	if on := b.titles(); on != "" {
		t.Errorf("left on the screen: %s", on)
	}
}

// live lives until that time and returns the notices of it, in Indian time.
func (b *bench) live(end time.Time) (diary []string) {
	b.t.Helper()
	seen := len(b.screen.Shown())
	for range 1000 {
		next := b.Look(b.t.Context())
		for _, n := range b.screen.Shown()[seen:] {
			diary = append(diary, fmt.Sprintf("%s %s", b.clock.Now().In(kite.IST).Format("Mon 2 15:04"), n.Title))
			seen++
		}
		switch {
		case !b.clock.Now().Before(end):
			return diary
		case next.After(end):
			next = end
		}
		b.clock.Set(next)
	}
	b.t.Fatal("it looks without end")
	return nil
}
