package expiry

import (
	"slices"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// staleAfter is how old an end may be and still be news: a computer that was
// off for a day has nothing to tell of yesterday.
const staleAfter = 12 * time.Hour

// ended tells of sessions that are over, by time or by Kite's word.
func (p *planner) ended() {
	for _, kind := range []kite.NoticeKind{kite.NoticeEnded, kite.NoticeElsewhere} {
		if !p.wantsEnd(kind) {
			continue
		}
		for _, g := range p.endedGroups(kind) {
			if g.fresh {
				p.plan.Tell = append(p.plan.Tell, Telling{p.noticeOfEnd(kind, g), g.keys})
			}
		}
	}
}

func (p *planner) noticeOfEnd(kind kite.NoticeKind, g *group) kite.Notice {
	if kind == kite.NoticeElsewhere {
		return p.elsewhereNotice(g)
	}
	return p.endedNotice(g)
}

// endedGroups are the sessions whose end is to be told, with those that the
// notice of the same minute tells already: it would take their place.
func (p *planner) endedGroups(kind kite.NoticeKind) grouped {
	var groups grouped
	for _, m := range p.members() {
		k, at := endOf(m.session, p.Now)
		if k != kind || at.After(p.Now) || p.stale(at) {
			continue
		}
		key := endKey(kind, m.session.ID)
		shown := slices.Contains(p.shownKeys((&group{minute: at.Truncate(time.Minute)}).key(kind)), key)
		fresh := p.untold(key) && p.tellsEnd(m.account, at)
		if !fresh && !shown {
			continue
		}
		g := groups.of(at)
		g.members, g.keys, g.fresh = append(g.members, m), append(g.keys, key), g.fresh || fresh
	}
	return groups
}

// stale says whether an end is too old to be news.
func (p *planner) stale(at time.Time) bool { return p.Now.Sub(at) > staleAfter }

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
	today := kite.DayOf(p.Now)
	toCome := !today.At(p.Preferences.MorningAt).Before(at) // else the reminder has been
	reminded := p.Preferences.MorningReminder && p.Preferences.Chosen(a.ID) && toCome
	return p.calendar.Trades(today) && !reminded
}
