package kite

import (
	"slices"
	"strconv"
	"time"
)

// Day is a calendar day in IST, written 2026-12-25.
type Day string

// NamedDay is a day with what it is called.
type NamedDay struct {
	Date Day    `json:"date"`
	Name string `json:"name"`
}

const dayLayout = "2006-01-02"

// DayOf is the day in IST that t lies in.
func DayOf(t time.Time) Day { return Day(t.In(IST).Format(dayLayout)) }

// Valid says whether the day exists.
func (d Day) Valid() bool {
	t, err := time.Parse(dayLayout, string(d))
	return err == nil && t.Format(dayLayout) == string(d)
}

// At is a time of that day, minutes after midnight in IST, in UTC; zero for a
// day that doesn't exist.
func (d Day) At(minutes int) time.Time {
	t, err := time.ParseInLocation(dayLayout, string(d), IST)
	if err != nil {
		return time.Time{}
	}
	return t.Add(time.Duration(minutes) * time.Minute).UTC()
}

// Next is the day after.
func (d Day) Next() Day { return DayOf(d.At(0).Add(36 * time.Hour)) }

// Year is the day's year.
func (d Day) Year() int {
	if len(d) < 4 {
		return 0
	}
	year, _ := strconv.Atoi(string(d[:4]))
	return year
}

// The equity segment of NSE trades from 09:15 to 15:30 IST:
// https://www.nseindia.com/market-data/market-timings.
const (
	marketOpens  = 9*60 + 15
	marketCloses = 15*60 + 30
)

// MarketOpen is 09:15 IST of the day.
func (d Day) MarketOpen() time.Time { return d.At(marketOpens) }

// MarketClose is 15:30 IST of the day.
func (d Day) MarketClose() time.Time { return d.At(marketCloses) }

// CalendarSource is where the holidays that the program ships come from.
const CalendarSource = "NSE circular CMTR71775 of 12 December 2025"

// shippedHolidays are the weekdays on which NSE's capital market segment is
// closed, from NSE's circular "Trading Holidays for the Calendar Year 2026",
// https://nsearchives.nseindia.com/content/circulars/CMTR71775.pdf, of
// 12 December 2025. A year that isn't here has weekends only, and the user is
// told so.
var shippedHolidays = []NamedDay{
	{"2026-01-26", "Republic Day"},
	{"2026-03-03", "Holi"},
	{"2026-03-26", "Shri Ram Navami"},
	{"2026-03-31", "Shri Mahavir Jayanti"},
	{"2026-04-03", "Good Friday"},
	{"2026-04-14", "Dr. Baba Saheb Ambedkar Jayanti"},
	{"2026-05-01", "Maharashtra Day"},
	{"2026-05-28", "Bakri Id"},
	{"2026-06-26", "Muharram"},
	{"2026-09-14", "Ganesh Chaturthi"},
	{"2026-10-02", "Mahatma Gandhi Jayanti"},
	{"2026-10-20", "Dussehra"},
	{"2026-11-10", "Diwali-Balipratipada"},
	{"2026-11-24", "Prakash Gurpurb Sri Guru Nanak Dev"},
	{"2026-12-25", "Christmas"},
}

// shippedSessions are days that trade though they wouldn't; same circular.
var shippedSessions = []NamedDay{{"2026-11-08", "Muhurat trading (Diwali Laxmi Pujan)"}}

// ShippedHolidays are the holidays the program knows by itself.
func ShippedHolidays() []NamedDay { return slices.Clone(shippedHolidays) }

// ShippedSessions are the special sessions the program knows by itself.
func ShippedSessions() []NamedDay { return slices.Clone(shippedSessions) }

// Calendar knows which days trade.
type Calendar struct {
	holidays map[Day]string
	special  map[Day]string
	years    map[int]bool
}

// Calendar is the shipped one with the user's changes. A year counts as
// covered as soon as the user has entered one holiday of it.
func (p Preferences) Calendar() Calendar {
	c := Calendar{holidays: map[Day]string{}, special: map[Day]string{}, years: map[int]bool{}}
	for _, h := range shippedHolidays {
		c.years[h.Date.Year()] = true
		if !slices.Contains(p.HolidaysRemoved, h.Date) {
			c.holidays[h.Date] = h.Name
		}
	}
	for _, h := range p.HolidaysAdded {
		c.holidays[h.Date] = h.Name
		c.years[h.Date.Year()] = true
	}
	for _, s := range slices.Concat(shippedSessions, p.SpecialSessions) {
		c.special[s.Date] = s.Name
	}
	return c
}

// Trades says whether the day is a trading day: a special session, or a
// weekday that isn't a holiday.
func (c Calendar) Trades(d Day) bool {
	if _, special := c.special[d]; special {
		return true
	}
	if _, holiday := c.holidays[d]; holiday {
		return false
	}
	weekday := d.At(0).In(IST).Weekday()
	return weekday != time.Saturday && weekday != time.Sunday
}

// Special says whether the day trades out of the ordinary, at hours of its own
// that aren't known here.
func (c Calendar) Special(d Day) bool { _, special := c.special[d]; return special }

// Holiday says whether the exchange is closed on what may be a weekday.
func (c Calendar) Holiday(d Day) bool { _, holiday := c.holidays[d]; return holiday }

// Note is what the day is called, empty for an ordinary one.
func (c Calendar) Note(d Day) string {
	if name := c.special[d]; name != "" {
		return name
	}
	return c.holidays[d]
}

// Covers says whether there is a holiday list for the year. Without one only
// weekends are known.
func (c Calendar) Covers(year int) bool { return c.years[year] }
