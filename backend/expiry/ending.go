package expiry

import (
	"fmt"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// ending tells of sessions that end soon, at each of the user's lead times.
func (p *planner) ending() {
	for _, g := range p.endingGroups() {
		if len(g.keys) > 0 && p.mayTell() {
			p.plan.Tell = append(p.plan.Tell, Telling{p.endingNotice(g), g.keys})
		}
	}
}

// endingGroups are all living sessions; a group's keys are what is due of it.
func (p *planner) endingGroups() grouped {
	var groups grouped
	for _, m := range p.members() {
		if !m.session.LiveAt(p.Now) {
			continue
		}
		p.lookAt(m.session.ExpiresAt)
		g := groups.of(m.session.ExpiresAt)
		g.members = append(g.members, m)
		g.keys = append(g.keys, p.dueLeads(m.session)...)
	}
	return groups
}

// dueLeads are the said-keys of a session's reminders that are due. Of several
// that became due while nobody looked, the nearest to the end speaks for all.
// One whose moment had passed when the user logged in is none.
func (p *planner) dueLeads(s kite.Session) []string {
	var due []string
	fresh := false
	for _, minutes := range p.Preferences.LeadMinutes { // longest first
		at := s.ExpiresAt.Add(-time.Duration(minutes) * time.Minute)
		switch {
		case at.After(p.Now):
			p.lookAt(at)
		case at.After(s.CreatedAt):
			key := leadKey(minutes, s.ID)
			due = append(due, key)
			fresh = p.untold(key)
		}
	}
	if !fresh {
		return nil
	}
	return due
}

func leadKey(minutes int, sessionID string) string {
	return fmt.Sprintf("%s/%d/%s", kite.NoticeEnding, minutes, sessionID)
}
