package expiry

import (
	"slices"
	"strings"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// upkeep withdraws what is on the screen and no longer holds, and corrects what
// holds for other accounts than it names.
func (p *planner) upkeep() {
	for _, shown := range p.Shown {
		if slices.ContainsFunc(p.plan.Tell, func(t Telling) bool { return t.Notice.Key == shown.Key }) {
			continue // replaced anyway
		}
		notice, holds := p.stillHolds(shown)
		switch {
		case !holds:
			p.plan.Withdraw = append(p.plan.Withdraw, shown)
		case !slices.Equal(notice.Accounts, shown.Accounts):
			p.plan.Tell = append(p.plan.Tell, Telling{notice, shown.SaidKeys})
		}
	}
}

// stillHolds returns the notice as it would be said now.
func (p *planner) stillHolds(shown kite.ShownNotice) (kite.Notice, bool) {
	switch shown.Kind {
	case kite.NoticeEnding:
		for _, g := range p.endingGroups() {
			if g.key(kite.NoticeEnding) == shown.Key {
				return p.endingNotice(g), true
			}
		}
	case kite.NoticeEnded, kite.NoticeElsewhere:
		return p.stillEnded(shown)
	case kite.NoticeMorning:
		return p.stillMorning(shown)
	}
	return kite.Notice{}, false
}

// stillEnded: the accounts whose ended session is still their newest one.
func (p *planner) stillEnded(shown kite.ShownNotice) (kite.Notice, bool) {
	g := &group{}
	for _, m := range p.members() {
		kind, at := endOf(m.session, p.Now)
		if kind == shown.Kind && !p.stale(at) && slices.Contains(shown.SaidKeys, endKey(kind, m.session.ID)) {
			g.members, g.minute = append(g.members, m), at.Truncate(minute)
		}
	}
	if len(g.members) == 0 {
		return kite.Notice{}, false
	}
	return p.noticeOfEnd(shown.Kind, g), true
}

func (p *planner) stillMorning(shown kite.ShownNotice) (kite.Notice, bool) {
	d := kite.Day(strings.TrimPrefix(shown.Key, string(kite.NoticeMorning)+"/"))
	if !d.Valid() || !p.morningIsOn(d) || !p.Preferences.MorningReminder {
		return kite.Notice{}, false
	}
	p.lookAt(p.morningEnd(d))
	needing := p.needing(d)
	if len(needing) == 0 {
		return kite.Notice{}, false
	}
	return p.morningNotice(d, needing), true
}
