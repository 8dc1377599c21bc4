package localapi

import (
	"cmp"
	"slices"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// What events are called. A session that is new, or is there again because the
// clock was set back, is active; ended says why in its reason.
const (
	eventNone    = "session.none" // of a snapshot only: the account never had one
	eventActive  = "session.active"
	eventEnding  = "session.ending" // under two hours are left
	eventExpired = "session.expired"
	eventEnded   = "session.ended" // elsewhere, logged out, replaced, or with its account
)

// endedRemoved is the reason where a session's account was deleted.
const endedRemoved kite.EndedReason = "account removed"

// standing is an account with its newest session as they were at a time.
type standing struct {
	account kite.Account
	session *kite.Session // nil if it never had one
	badge   kite.Badge
}

func standingOf(a kite.Account, latest *kite.Session, at time.Time) standing {
	return standing{account: a, session: latest, badge: kite.BadgeOf(latest, at)}
}

func (s standing) alive() bool { return s.badge == kite.BadgeActive || s.badge == kite.BadgeEnding }

func (s standing) sessionID() string {
	if s.session == nil {
		return ""
	}
	return s.session.ID
}

// happening is one event before it has a number.
type happening struct {
	event   string
	account kite.Account
	session *kite.Session
	reason  kite.EndedReason // of an end
}

// happenings are what makes one picture of all accounts the next one, account
// by account in the order of their names. Both depend on the clock too, which
// may have been set forward or back between them; at is the time of after.
func happenings(before, after map[string]standing, at time.Time) []happening {
	var all []happening
	for id, a := range after {
		all = append(all, happened(before[id], a, at)...)
	}
	for id, b := range before {
		if _, there := after[id]; !there && b.alive() {
			all = append(all, happening{eventEnded, b.account, b.session, endedRemoved})
		}
	}
	slices.SortStableFunc(all, func(x, y happening) int {
		return cmp.Or(cmp.Compare(x.account.Name, y.account.Name), cmp.Compare(x.account.ID, y.account.ID))
	})
	return all
}

// happened is what happened to one account; before is the zero standing for
// one that is new.
func happened(before, after standing, at time.Time) []happening {
	same := before.sessionID() == after.sessionID()
	if same && before.badge == after.badge || after.session == nil {
		return nil
	}
	var all []happening
	if !same && before.alive() {
		old := happening{eventEnded, after.account, before.session, kite.EndedReplaced}
		if !before.session.LiveAt(at) {
			old.event, old.reason = eventExpired, kite.EndedExpired
		}
		all = append(all, old)
	}
	if after.badge == kite.BadgeEnding && !(same && before.alive()) {
		all = append(all, happening{event: eventActive, account: after.account, session: after.session})
	}
	return append(all, present(after, at))
}

// present is an account's standing as an event.
func present(s standing, at time.Time) happening {
	h := happening{account: s.account, session: s.session}
	switch s.badge {
	case kite.BadgeActive:
		h.event = eventActive
	case kite.BadgeEnding:
		h.event = eventEnding
	case kite.BadgeExpired:
		h.event, h.reason = eventEnded, s.session.ReasonAt(at)
		if h.reason == kite.EndedExpired {
			h.event = eventExpired
		}
	default:
		h.event = eventNone
	}
	return h
}

// nextChange is when a standing becomes another one by time alone; zero if
// never.
func (s standing) nextChange() time.Time {
	switch s.badge {
	case kite.BadgeActive:
		return s.session.ExpiresAt.Add(-kite.EndingSoon + time.Millisecond) // two hours aren't under two hours
	case kite.BadgeEnding:
		return s.session.ExpiresAt
	}
	return time.Time{}
}
