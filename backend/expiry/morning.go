package expiry

import (
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// farthestDay is how many days ahead the next trading day is looked for.
const farthestDay = 14

// morning tells, once on each trading day, which accounts have no session good
// for it. A computer that is started later in the day hears it then, until the
// market closes.
func (p *planner) morning() {
	if !p.Preferences.MorningReminder {
		return
	}
	today := kite.DayOf(p.Now)
	p.lookAt(p.nextMorning(today))
	key := morningKey(today)
	if !p.morningIsOn(today) || !p.untold(key) {
		return
	}
	needing := p.needing(today)
	if len(needing) == 0 {
		p.plan.Settle = append(p.plan.Settle, key)
		return
	}
	p.plan.Tell = append(p.plan.Tell, Telling{p.morningNotice(today, needing), []string{key}})
}

func morningKey(d kite.Day) string { return string(kite.NoticeMorning) + "/" + string(d) }

// morningIsOn says whether the day's reminder holds now.
func (p *planner) morningIsOn(d kite.Day) bool {
	return p.calendar.Trades(d) && !p.Now.Before(d.At(p.Preferences.MorningAt)) && p.Now.Before(p.morningEnd(d))
}

// morningEnd is when it is too late: the market closes. On the day of a special
// session, and where the user set a later reminder, that is the end of the day.
func (p *planner) morningEnd(d kite.Day) time.Time {
	if end := d.MarketClose(); d.At(p.Preferences.MorningAt).Before(end) && !p.calendar.Special(d) {
		return end
	}
	return d.Next().At(0)
}

// nextMorning is the next time of the reminder after now.
func (p *planner) nextMorning(d kite.Day) time.Time {
	for range farthestDay {
		if at := d.At(p.Preferences.MorningAt); p.calendar.Trades(d) && at.After(p.Now) {
			return at
		}
		d = d.Next()
	}
	return time.Time{}
}

// needing are the chosen accounts without a session good for the day.
func (p *planner) needing(d kite.Day) []kite.Account {
	return Needing(p.Facts, d)
}

// Needing are the accounts, in the user's order, that are to have a session
// for the day and don't have a good one.
func Needing(f Facts, d kite.Day) []kite.Account {
	var needing []kite.Account
	for _, a := range f.Preferences.InOrder(f.Accounts) {
		var latest *kite.Session
		if s, had := f.Latest[a.ID]; had {
			latest = &s
		}
		if f.Preferences.Chosen(a.ID) && !kite.ReadyFor(d, a, latest, f.Now) {
			needing = append(needing, a)
		}
	}
	return needing
}
