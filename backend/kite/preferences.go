package kite

import (
	"slices"
	"strings"
	"time"
)

// Preferences is what the user chose, once for the window and the agent. Its
// JSON is what the database keeps and what the page edits; it holds no secret.
// Times of day are minutes after midnight.
type Preferences struct {
	Theme string `json:"theme"` // system, light or dark

	LeadMinutes        []int `json:"leadMinutes"` // how long before a session's end to remind, longest first; none: never
	TellExpired        bool  `json:"tellExpired"`
	TellEndedElsewhere bool  `json:"tellEndedElsewhere"`
	QuietHours         bool  `json:"quietHours"`
	QuietFrom          int   `json:"quietFrom"` // in the user's time zone
	QuietTo            int   `json:"quietTo"`

	MorningReminder    bool     `json:"morningReminder"`
	MorningAt          int      `json:"morningAt"`          // in IST
	LoginOrder         []string `json:"loginOrder"`         // account IDs; accounts that aren't in it follow by name
	LeftOut            []string `json:"leftOut"`            // accounts that need no session every morning
	CheckAfterClearing bool     `json:"checkAfterClearing"` // verify by itself after 08:00 IST

	HolidaysAdded   []NamedDay `json:"holidaysAdded"`
	HolidaysRemoved []Day      `json:"holidaysRemoved"` // of those the program ships
	SpecialSessions []NamedDay `json:"specialSessions"`

	OnClose          CloseChoice `json:"onClose"`
	AutostartOffered bool        `json:"autostartOffered"` // the question was asked once
	HistoryDays      int         `json:"historyDays"`      // 0 keeps it for ever

	LocalAPI     bool `json:"localApi"`     // the agent serves it
	LocalAPIPort int  `json:"localApiPort"` // on 127.0.0.1

	CheckUpdates bool `json:"checkUpdates"` // the window asks once a day whether a newer version is out
}

// CloseChoice says what closing the window does to the agent.
type CloseChoice string

// The choices; the first close asks.
const (
	CloseAsks  CloseChoice = "ask"
	CloseStays CloseChoice = "stay" // the agent goes on
	CloseQuits CloseChoice = "quit"
)

// PreferencesKey is the setting under which the JSON of Preferences is kept.
const PreferencesKey = "preferences"

// DefaultPreferences are those of a user who never opened the page: two hours
// and half an hour before an end, nothing at night, and the morning reminder
// at 08:30 IST, since Kite's clearing of old tokens may last until 07:50.
func DefaultPreferences() Preferences {
	return Preferences{
		Theme:       "system",
		LeadMinutes: []int{120, 30}, TellExpired: true, TellEndedElsewhere: true,
		QuietHours: true, QuietFrom: 22 * 60, QuietTo: 7 * 60,
		MorningReminder: true, MorningAt: 8*60 + 30, CheckAfterClearing: true,
		LoginOrder: []string{}, LeftOut: []string{},
		HolidaysAdded: []NamedDay{}, HolidaysRemoved: []Day{}, SpecialSessions: []NamedDay{},
		OnClose: CloseAsks, HistoryDays: 365,
		LocalAPIPort: DefaultLocalAPIPort,
	}
}

// DefaultLocalAPIPort is where the local API is unless the user chose another
// port. Programs are configured with it, so it is never changed silently.
const DefaultLocalAPIPort = 51731

// Limits of what can be chosen.
const (
	maxLead        = 24 * 60
	maxLeads       = 6
	minutesOfDay   = 24 * 60
	maxHistoryDays = 10 * 366
	maxDays        = 200
	minPort        = 1024 // below it needs an administrator
	maxPort        = 65535
)

// Check returns the first thing that can't be chosen, as EINVALID with Field
// the JSON name.
func (p Preferences) Check() error {
	switch {
	case !slices.Contains([]string{"system", "light", "dark"}, p.Theme):
		return badPreference("theme", "Choose system, light or dark.")
	case len(p.LeadMinutes) > maxLeads:
		return badPreference("leadMinutes", "Six reminders before a session's end are enough.")
	case slices.ContainsFunc(p.LeadMinutes, func(m int) bool { return m < 1 || m > maxLead }):
		return badPreference("leadMinutes", "A reminder comes between one minute and 24 hours before the end.")
	case !timeOfDay(p.QuietFrom) || !timeOfDay(p.QuietTo):
		return badPreference("quietFrom", "Quiet hours are times of day.")
	case !timeOfDay(p.MorningAt):
		return badPreference("morningAt", "The morning reminder needs a time of day.")
	case !slices.Contains([]CloseChoice{CloseAsks, CloseStays, CloseQuits}, p.OnClose):
		return badPreference("onClose", "Choose what closing the window does.")
	case p.HistoryDays < 0 || p.HistoryDays > maxHistoryDays:
		return badPreference("historyDays", "History is kept for up to ten years, or for ever.")
	case p.LocalAPIPort < minPort || p.LocalAPIPort > maxPort:
		return badPreference("localApiPort", "Choose a port between 1024 and 65535.")
	}
	return p.checkDays()
}

func (p Preferences) checkDays() error {
	if len(p.HolidaysAdded)+len(p.HolidaysRemoved)+len(p.SpecialSessions) > maxDays {
		return badPreference("holidaysAdded", "There are too many days in the list.")
	}
	for _, d := range slices.Concat(p.HolidaysAdded, p.SpecialSessions) {
		if !d.Date.Valid() {
			return badPreference("holidaysAdded", "A day is written like 2026-12-25.")
		}
		if len([]rune(d.Name)) > maxName {
			return badPreference("holidaysAdded", "The name of a day is too long.")
		}
	}
	return nil
}

func badPreference(field, message string) error {
	return Errorf(EINVALID, "%s", message).WithField(field)
}

func timeOfDay(minutes int) bool { return minutes >= 0 && minutes < minutesOfDay }

// Normal puts lists into the form that is kept: leads longest first and once.
func (p Preferences) Normal() Preferences {
	p.LeadMinutes = slices.Clone(p.LeadMinutes)
	slices.SortFunc(p.LeadMinutes, func(a, b int) int { return b - a })
	p.LeadMinutes = emptyNotNil(slices.Compact(p.LeadMinutes))
	p.LoginOrder, p.LeftOut = emptyNotNil(p.LoginOrder), emptyNotNil(p.LeftOut)
	p.HolidaysAdded, p.HolidaysRemoved = emptyNotNil(p.HolidaysAdded), emptyNotNil(p.HolidaysRemoved)
	p.SpecialSessions = emptyNotNil(p.SpecialSessions)
	return p
}

func emptyNotNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// QuietAt says whether t lies in the quiet hours of that time zone.
func (p Preferences) QuietAt(t time.Time, zone *time.Location) bool {
	if !p.QuietHours || p.QuietFrom == p.QuietTo {
		return false
	}
	local := t.In(zone)
	minute := local.Hour()*60 + local.Minute()
	if p.QuietFrom < p.QuietTo {
		return minute >= p.QuietFrom && minute < p.QuietTo
	}
	return minute >= p.QuietFrom || minute < p.QuietTo
}

// QuietEnd is when the quiet hours end that t lies in, in UTC; t itself if it
// lies in none. It goes minute by minute: where daylight saving time begins, the
// time of day at which they would end may not exist.
func (p Preferences) QuietEnd(t time.Time, zone *time.Location) time.Time {
	for range 2 * minutesOfDay {
		if !p.QuietAt(t, zone) {
			break
		}
		t = t.UTC().Truncate(time.Minute).Add(time.Minute)
	}
	return t
}

// Chosen says whether the account is to have a session every trading day.
func (p Preferences) Chosen(accountID string) bool { return !slices.Contains(p.LeftOut, accountID) }

// InOrder are the accounts in the order in which the user logs them in; those
// that were never put into order follow by name.
func (p Preferences) InOrder(accounts []Account) []Account {
	place := map[string]int{}
	for i, id := range p.LoginOrder {
		place[id] = i + 1
	}
	sorted := slices.Clone(accounts)
	slices.SortStableFunc(sorted, func(a, b Account) int {
		pa, pb := place[a.ID], place[b.ID]
		switch {
		case pa != 0 && pb != 0:
			return pa - pb
		case pa != 0:
			return -1
		case pb != 0:
			return 1
		}
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	return sorted
}
