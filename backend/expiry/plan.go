package expiry

import (
	"fmt"
	"slices"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Facts are everything a plan depends on.
type Facts struct {
	Now         time.Time
	Zone        *time.Location // the user's
	Accounts    []kite.Account
	Latest      map[string]kite.Session // newest session by account ID
	Preferences kite.Preferences
	Said        map[string]kite.Said
	Shown       []kite.ShownNotice
}

// Telling is a notice with what it tells, to be remembered.
type Telling struct {
	Notice   kite.Notice
	SaidKeys []string
}

// Plan is what to do now, and when to look again.
type Plan struct {
	Tell     []Telling
	Withdraw []kite.ShownNotice
	Settle   []string // said-keys of what turned out to need no notice
	Next     time.Time
}

// longestLook bounds the time to the next look.
const longestLook = 6 * time.Hour

// MakePlan decides what to tell at f.Now.
func MakePlan(f Facts) Plan {
	p := &planner{Facts: f, calendar: f.Preferences.Calendar(), ordered: f.Preferences.InOrder(f.Accounts)}
	p.plan.Next = f.Now.Add(longestLook)
	p.ending()
	p.ended()
	p.morning()
	p.upkeep()
	p.lookAt(kite.ClearingEnd(f.Now))
	return p.plan
}

type planner struct {
	Facts
	calendar kite.Calendar
	ordered  []kite.Account
	plan     Plan
}

// lookAt makes the next look no later than t, if that is still to come.
func (p *planner) lookAt(t time.Time) {
	if t.After(p.Now) && t.Before(p.plan.Next) {
		p.plan.Next = t
	}
}

// clockSlack is how far in the future a thing may have been told and still
// count: further ahead, it was told by a clock that was wrong and has been put
// right since.
const clockSlack = 10 * time.Minute

// untold says whether a thing is to be told now: never told, or to be told
// again by now.
func (p *planner) untold(key string) bool {
	said, was := p.Said[key]
	if !was || said.At.Sub(p.Now) > clockSlack {
		return true
	}
	if said.Again.IsZero() {
		return false
	}
	p.lookAt(said.Again)
	return !said.Again.After(p.Now) || said.Again.Sub(p.Now) > laterAfter
}

func (p *planner) quiet(t time.Time) bool { return p.Preferences.QuietAt(t, p.Zone) }

// mayTell says whether it isn't quiet now; else the end of the quiet hours is
// looked at.
func (p *planner) mayTell() bool {
	if !p.quiet(p.Now) {
		return true
	}
	p.lookAt(p.Preferences.QuietEnd(p.Now, p.Zone))
	return false
}

// member is an account with its newest session.
type member struct {
	account kite.Account
	session kite.Session
}

// group are sessions that end, or ended, in the same minute.
type group struct {
	minute  time.Time
	members []member
	keys    []string // what is to be told of them
	fresh   bool     // something of it wasn't told yet
}

// shownKeys are the things that the notice of that key tells on the screen.
func (p *planner) shownKeys(key string) []string {
	for _, shown := range p.Shown {
		if shown.Key == key {
			return shown.SaidKeys
		}
	}
	return nil
}

// grouped gathers members by minute, in the user's order, oldest minute first.
type grouped []*group

func (g *grouped) of(minute time.Time) *group {
	minute = minute.Truncate(time.Minute)
	for _, known := range *g {
		if known.minute.Equal(minute) {
			return known
		}
	}
	made := &group{minute: minute}
	*g = append(*g, made)
	slices.SortFunc(*g, func(a, b *group) int { return a.minute.Compare(b.minute) })
	return made
}

func (g *group) key(kind kite.NoticeKind) string { return fmt.Sprintf("%s/%d", kind, g.minute.Unix()) }

func (g *group) ids() []string {
	ids := make([]string, len(g.members))
	for i, m := range g.members {
		ids[i] = m.account.ID
	}
	return ids
}

// members are the accounts that have a session, in the user's order.
func (p *planner) members() []member {
	var all []member
	for _, a := range p.ordered {
		if s, had := p.Latest[a.ID]; had {
			all = append(all, member{a, s})
		}
	}
	return all
}
