package expiry

import (
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// staleAfter is how old an end may be and still be news: a computer that was
// off for a day has nothing to tell of yesterday.
const staleAfter = 12 * time.Hour

// ended tells of sessions that are over, by time or by Kite's word.
func (p *planner) ended() {
	var byTime, byKite grouped
	for _, m := range p.members() {
		kind, at := endOf(m.session, p.Now)
		if kind == "" || p.Now.Sub(at) > staleAfter || at.After(p.Now) || !p.wantsEnd(kind) {
			continue
		}
		key := endKey(kind, m.session.ID)
		if !p.untold(key) || !p.tellsEnd(m.account, at) {
			continue
		}
		groups := &byTime
		if kind == kite.NoticeElsewhere {
			groups = &byKite
		}
		g := groups.of(at)
		g.members, g.keys = append(g.members, m), append(g.keys, key)
	}
	for _, g := range byTime {
		p.plan.Tell = append(p.plan.Tell, Telling{p.endedNotice(g), g.keys})
	}
	for _, g := range byKite {
		p.plan.Tell = append(p.plan.Tell, Telling{p.elsewhereNotice(g), g.keys})
	}
}

// endOf says how and when a session ended; no kind while it lives, or if the
// user ended it.
func endOf(s kite.Session, now time.Time) (kite.NoticeKind, time.Time) {
	switch {
	case s.Status == kite.Active && s.LiveAt(now):
		return "", time.Time{}
	case s.Status == kite.Active, s.EndedReason == kite.EndedExpired:
		return kite.NoticeEnded, s.ExpiresAt
	case s.EndedReason == kite.EndedElsewhere:
		return kite.NoticeElsewhere, s.EndedAt
	}
	return "", time.Time{}
}

func endKey(kind kite.NoticeKind, sessionID string) string { return string(kind) + "/" + sessionID }

func (p *planner) wantsEnd(kind kite.NoticeKind) bool {
	if kind == kite.NoticeElsewhere {
		return p.Preferences.TellEndedElsewhere
	}
	return p.Preferences.TellExpired
}

// tellsEnd says whether an end is told now. What ended in quiet hours is left
// to the morning reminder; where that won't name the account it is told when
// they are over, on a trading day.
func (p *planner) tellsEnd(a kite.Account, at time.Time) bool {
	if !p.mayTell() {
		return false
	}
	if !p.quiet(at) {
		return true
	}
	reminded := p.Preferences.MorningReminder && p.Preferences.Chosen(a.ID)
	return p.calendar.Trades(kite.DayOf(p.Now)) && !reminded
}
