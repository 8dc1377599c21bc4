package expiry

import (
	"fmt"
	"strings"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

const minute = time.Minute

// mostNames is how many accounts a notice names.
const mostNames = 6

// names joins account names: "Personal, Family, HUF and 3 more".
func names(accounts []kite.Account) string {
	var list []string
	for i, a := range accounts {
		if i == mostNames && len(accounts) > mostNames+1 {
			return fmt.Sprintf("%s and %d more", strings.Join(list, ", "), len(accounts)-mostNames)
		}
		list = append(list, a.Name)
	}
	return strings.Join(list, ", ")
}

func (g *group) accounts() []kite.Account {
	accounts := make([]kite.Account, len(g.members))
	for i, m := range g.members {
		accounts[i] = m.account
	}
	return accounts
}

// clock is a time of day in the user's zone, with IST where that isn't India's
// and the day where it isn't today.
func (p *planner) clock(t time.Time) string { return Clock(t, p.Now, p.Zone) }

// Clock is how a time is written in notices: "06:00", "Tue 06:00",
// "20:30 (06:00 IST)".
func Clock(t, now time.Time, zone *time.Location) string {
	local, today := t.In(zone), now.In(zone)
	text := local.Format("15:04")
	if local.YearDay() != today.YearDay() || local.Year() != today.Year() {
		// Up to 06:00 the night is still this one to whoever reads it.
		if local.Sub(today) > 12*time.Hour || today.Sub(local) > 12*time.Hour {
			text = local.Format("Mon 15:04")
		}
	}
	_, offset := local.Zone()
	if _, india := t.In(kite.IST).Zone(); offset != india {
		text += " (" + t.In(kite.IST).Format("15:04") + " IST)"
	}
	return text
}

// left is a duration in words: "2 hours", "1 hour 30 minutes", "30 minutes".
func left(d time.Duration) string {
	d = d.Round(minute)
	hours, minutes := int(d.Hours()), int(d.Minutes())%60
	switch {
	case hours == 0:
		return count(max(minutes, 1), "minute")
	case minutes == 0:
		return count(hours, "hour")
	}
	return count(hours, "hour") + " " + count(minutes, "minute")
}

func count(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// sentence is "Personal's session ends at 06:00" or "3 sessions end at 06:00:
// Personal, Family, HUF".
func sentence(accounts []kite.Account, one, many, when string) string {
	if len(accounts) == 1 {
		return fmt.Sprintf("%s: session %s%s", accounts[0].Name, one, when)
	}
	return fmt.Sprintf("%d sessions %s%s: %s", len(accounts), many, when, names(accounts))
}

func (p *planner) endingNotice(g *group) kite.Notice {
	ends := g.members[0].session.ExpiresAt
	body := "In " + left(ends.Sub(p.Now)) + ". A new login ends the old token at once."
	if kite.InClearing(p.Now) || kite.InClearing(ends.Add(-minute)) {
		body = "In " + left(ends.Sub(p.Now)) + ". Kite clears tokens until 08:00 IST, so better log in after that."
	}
	return kite.Notice{
		Key: g.key(kite.NoticeEnding), Kind: kite.NoticeEnding,
		Title: sentence(g.accounts(), "ends", "end", " at "+p.clock(ends)), Body: body,
		Accounts: g.ids(), Actions: loginActions(g.ids(), "Log in again"), Open: OpenOf(g.ids()),
	}
}

func (p *planner) endedNotice(g *group) kite.Notice {
	return kite.Notice{
		Key: g.key(kite.NoticeEnded), Kind: kite.NoticeEnded,
		Title:    sentence(g.accounts(), "ended", "ended", " at "+p.clock(g.members[0].session.ExpiresAt)),
		Body:     "Programs that use " + its(g) + " need a new login.",
		Accounts: g.ids(), Actions: loginActions(g.ids(), "Log in again"), Open: OpenOf(g.ids()),
	}
}

func (p *planner) elsewhereNotice(g *group) kite.Notice {
	return kite.Notice{
		Key: g.key(kite.NoticeElsewhere), Kind: kite.NoticeElsewhere,
		Title:    sentence(g.accounts(), "was ended elsewhere", "were ended elsewhere", ""),
		Body:     "Kite no longer accepts " + its(g) + ". Another login or a logout of all devices does that.",
		Accounts: g.ids(), Urgent: true, Actions: loginActions(g.ids(), "Log in again"), Open: OpenOf(g.ids()),
	}
}

func its(g *group) string {
	if len(g.members) == 1 {
		return "its token"
	}
	return "their tokens"
}

func (p *planner) morningNotice(d kite.Day, needing []kite.Account) kite.Notice {
	ids := make([]string, len(needing))
	for i, a := range needing {
		ids[i] = a.ID
	}
	title := fmt.Sprintf("%d accounts have no session for today: %s", len(needing), names(needing))
	if len(needing) == 1 {
		title = needing[0].Name + " has no session for today"
	}
	return kite.Notice{
		Key: morningKey(d), Kind: kite.NoticeMorning, Title: title, Body: p.marketSentence(d),
		Accounts: ids, Urgent: true, Actions: loginActions(ids, "Log in"), Open: OpenOf(ids),
	}
}

// marketSentence says what the day is. The hours of a special session aren't
// known.
func (p *planner) marketSentence(d kite.Day) string {
	text := "The market opens at " + p.clock(d.MarketOpen()) + "."
	switch {
	case p.calendar.Special(d):
		return "Special session: " + p.calendar.Note(d) + "."
	case !p.Now.Before(d.MarketOpen()):
		text = "The market is open until " + p.clock(d.MarketClose()) + "."
	}
	if !p.calendar.Covers(d.Year()) {
		text += fmt.Sprintf(" There is no holiday list for %d.", d.Year())
	}
	return text
}

// loginActions are the buttons of every notice.
func loginActions(ids []string, label string) []kite.NoticeAction {
	do := kite.Request{LoginAll: true}
	if len(ids) == 1 {
		do = kite.Request{Login: ids[0]}
	} else {
		label = "Log in all"
	}
	return []kite.NoticeAction{{Label: label, Do: do}, {Label: "Later", Do: kite.Request{Later: true}}}
}

// OpenOf is what a click on a notice about these accounts asks for: the
// account, or just the window.
func OpenOf(ids []string) kite.Request {
	if len(ids) == 1 {
		return kite.Request{Show: ids[0]}
	}
	return kite.Request{}
}
