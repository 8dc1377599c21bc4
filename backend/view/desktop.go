package view

import (
	"slices"
	"strings"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Desktop is what works of the desktop around the window.
type Desktop struct {
	Watcher             string   `json:"watcher"` // agent, window, none
	AgentFailure        *Failure `json:"agentFailure"`
	Tray                bool     `json:"tray"` // a tray shows our icon
	NotificationFailure *Failure `json:"notificationFailure"`
	Untold              []string `json:"untold"`    // titles of notices that couldn't be shown
	Autostart           bool     `json:"autostart"` // the agent starts with the computer
	AutostartFailure    *Failure `json:"autostartFailure"`
	OfferAutostart      bool     `json:"offerAutostart"` // ask once: the first session is there
}

// WindowRequest is what the desktop asks of the window; at most one is set.
type WindowRequest struct {
	Show        string `json:"show"`  // account ID
	Login       string `json:"login"` // account ID, or several with commas between
	LoginAll    bool   `json:"loginAll"`
	Preferences bool   `json:"preferences"`
}

// ListedDay is a holiday or special session with where it comes from.
type ListedDay struct {
	kite.NamedDay
	Shipped bool `json:"shipped"`
}

// TradingDays are the days out of the ordinary.
type TradingDays struct {
	Holidays        []ListedDay `json:"holidays"` // by date
	SpecialSessions []ListedDay `json:"specialSessions"`
	Source          string      `json:"source"`       // of the shipped ones
	MissingYears    []int       `json:"missingYears"` // this or next year, without any holiday
}

// nextYearFrom is when next year's list is looked for: the exchange publishes
// it in December.
const nextYearFrom = time.December

// TradingDaysOf lists the days as they hold with the preferences.
func TradingDaysOf(p kite.Preferences, now time.Time) TradingDays {
	v := TradingDays{Source: kite.CalendarSource, MissingYears: []int{}, Holidays: []ListedDay{}, SpecialSessions: []ListedDay{}}
	for _, d := range kite.ShippedHolidays() {
		if !slices.Contains(p.HolidaysRemoved, d.Date) {
			v.Holidays = append(v.Holidays, ListedDay{d, true})
		}
	}
	v.Holidays = listed(v.Holidays, p.HolidaysAdded)
	for _, d := range kite.ShippedSessions() {
		v.SpecialSessions = append(v.SpecialSessions, ListedDay{d, true})
	}
	v.SpecialSessions = listed(v.SpecialSessions, p.SpecialSessions)
	calendar, today := p.Calendar(), now.In(kite.IST)
	years := []int{today.Year()}
	if today.Month() >= nextYearFrom {
		years = append(years, today.Year()+1)
	}
	for _, year := range years {
		if !calendar.Covers(year) {
			v.MissingYears = append(v.MissingYears, year)
		}
	}
	return v
}

func listed(days []ListedDay, own []kite.NamedDay) []ListedDay {
	for _, d := range own {
		days = append(days, ListedDay{d, false})
	}
	slices.SortStableFunc(days, func(a, b ListedDay) int { return strings.Compare(string(a.Date), string(b.Date)) })
	return days
}
