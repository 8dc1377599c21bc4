package expiry

import (
	"fmt"
	"slices"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Reminder is a notice to come, if nothing changes until then.
type Reminder struct {
	At   time.Time
	Text string
}

// Upcoming are the notices to come before until, in order.
func Upcoming(f Facts, until time.Time) []Reminder {
	p := &planner{Facts: f, calendar: f.Preferences.Calendar(), ordered: f.Preferences.InOrder(f.Accounts)}
	var list []Reminder
	add := func(at time.Time, text string) {
		r := Reminder{at, text}
		if at.After(f.Now) && !at.After(until) && !slices.Contains(list, r) {
			list = append(list, r)
		}
	}
	for _, g := range p.endingGroups() {
		p.upcomingEnd(g, add)
	}
	if f.Preferences.MorningReminder {
		p.upcomingMorning(add)
	}
	slices.SortStableFunc(list, func(a, b Reminder) int { return a.At.Compare(b.At) })
	return list
}

func (p *planner) upcomingEnd(g *group, add func(time.Time, string)) {
	ends := g.members[0].session.ExpiresAt
	for _, minutes := range p.Preferences.LeadMinutes {
		at := ends.Add(-time.Duration(minutes) * time.Minute)
		told := p.Preferences.QuietEnd(at, p.Zone)
		if at.After(g.members[0].session.CreatedAt) && told.Before(ends) {
			add(told, sentence(g.accounts(), "ends", "end", " at "+Clock(ends, told, p.Zone)))
		}
	}
	if p.Preferences.TellExpired && !p.quiet(ends) {
		add(ends, sentence(g.accounts(), "ends", "end", ""))
	}
}

func (p *planner) upcomingMorning(add func(time.Time, string)) {
	at := p.nextMorning(kite.DayOf(p.Now))
	if at.IsZero() {
		return
	}
	then := p.Facts
	then.Now = at
	switch n := len(Needing(then, kite.DayOf(at))); n {
	case 0:
	case 1:
		add(at, "1 account needs a login")
	default:
		add(at, fmt.Sprintf("%d accounts need a login", n))
	}
}
