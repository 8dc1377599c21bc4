package kite_test

import (
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
)

func TestCalendar_knows_which_days_trade(t *testing.T) {
	shipped := kite.DefaultPreferences()
	own := kite.DefaultPreferences()
	own.HolidaysRemoved = []kite.Day{"2026-12-25"}
	own.HolidaysAdded = []kite.NamedDay{{Date: "2026-12-28", Name: "Extra"}, {Date: "2027-01-26", Name: "Republic Day"}}
	own.SpecialSessions = []kite.NamedDay{{Date: "2027-01-30", Name: "Disaster drill"}, {Date: "2026-12-28", Name: "After all"}}
	for _, c := range []struct {
		p              kite.Preferences
		day            kite.Day
		trades         bool
		note           string
		special, known bool
	}{
		{shipped, "2026-12-24", true, "", false, true},
		{shipped, "2026-12-25", false, "Christmas", false, true},
		{shipped, "2026-12-26", false, "", false, true}, // Saturday
		{shipped, "2026-11-08", true, "Muhurat trading (Diwali Laxmi Pujan)", true, true},
		{shipped, "2026-11-15", false, "", false, true}, // Sunday
		{shipped, "2027-01-26", true, "", false, false}, // Tuesday
		{shipped, "2027-01-30", false, "", false, false},
		{own, "2026-12-25", true, "", false, true},
		{own, "2026-12-28", true, "After all", true, true},
		{own, "2027-01-26", false, "Republic Day", false, true},
		{own, "2027-01-30", true, "Disaster drill", true, true},
		{own, "2028-01-26", true, "", false, false},
	} {
		cal := c.p.Calendar()
		trades, note, special, known := cal.Trades(c.day), cal.Note(c.day), cal.Special(c.day), cal.Covers(c.day.Year())
		if trades != c.trades || note != c.note || special != c.special || known != c.known {
			t.Errorf("%s: trades %t, %q, special %t, known %t; want %+v", c.day, trades, note, special, known, c)
		}
	}
}

func TestCalendar_ships_weekdays_only_and_no_day_twice(t *testing.T) {
	seen := map[kite.Day]bool{}
	for _, h := range kite.ShippedHolidays() {
		weekday := h.Date.At(0).In(kite.IST).Weekday()
		if !h.Date.Valid() || seen[h.Date] || h.Name == "" || weekday == time.Saturday || weekday == time.Sunday {
			t.Errorf("%+v is a %v", h, weekday)
		}
		seen[h.Date] = true
	}
	kite.ShippedHolidays()[0].Name = "changed"
	kite.ShippedSessions()[0].Date = "2026-11-09"
	if kite.ShippedHolidays()[0].Name != "Republic Day" || kite.ShippedSessions()[0].Date != "2026-11-08" {
		t.Error("the shipped days can be changed from outside")
	}
}

func TestDay_is_a_day_in_IST(t *testing.T) {
	for at, want := range map[string]kite.Day{
		"2026-11-23 18:29:59 +0000": "2026-11-23", "2026-11-23 18:30:00 +0000": "2026-11-24",
		"2026-12-31 23:59:59 +0530": "2026-12-31", "2026-11-23 19:00:00 -0500": "2026-11-24",
	} {
		if got := kite.DayOf(instant(t, at)); got != want {
			t.Errorf("DayOf(%s) = %s, want %s", at, got, want)
		}
	}
	for day, next := range map[kite.Day]kite.Day{
		"2026-11-23": "2026-11-24", "2026-12-31": "2027-01-01", "2028-02-28": "2028-02-29", "2026-02-28": "2026-03-01",
	} {
		if got := day.Next(); got != next {
			t.Errorf("%s.Next() = %s, want %s", day, got, next)
		}
	}
	for _, day := range []kite.Day{"", "2026-2-3", "2026-02-30", "2026-12-25 ", "25-12-2026", "tomorrow"} {
		if day.Valid() || !day.At(60).IsZero() {
			t.Errorf("%q is a day: %v", day, day.At(60))
		}
	}
	if d := kite.Day("2026-12-25"); !d.Valid() || d.Year() != 2026 || kite.Day("x").Year() != 0 {
		t.Errorf("%s: %d", d, d.Year())
	}
}

func TestDay_has_market_hours(t *testing.T) {
	day := kite.Day("2026-11-23")
	if got := day.MarketOpen(); !got.Equal(instant(t, "2026-11-23 09:15:00 +0530")) || got.Location() != time.UTC {
		t.Errorf("opens %v", got)
	}
	if got := day.MarketClose(); !got.Equal(instant(t, "2026-11-23 15:30:00 +0530")) {
		t.Errorf("closes %v", got)
	}
}

func TestReadyFor_a_trading_day(t *testing.T) {
	a, today := kitetest.Account("one"), kite.Day("2026-11-23")
	living := kitetest.Session("s", a, kitetest.Morning)
	short := a
	short.TTL = time.Hour
	shortSession := kitetest.Session("s", short, kitetest.Morning)
	early := kitetest.Session("s", a, today.At(5*60)) // ends at 06:00
	ended := living
	ended.Status = kite.Expired
	for name, c := range map[string]struct {
		account kite.Account
		latest  *kite.Session
		now     time.Time
		want    bool
	}{
		"none":                        {a, nil, kitetest.Morning, false},
		"one that lasts":              {a, &living, kitetest.Morning, true},
		"one that ended":              {a, &ended, kitetest.Morning, false},
		"one past its end":            {a, &living, living.ExpiresAt, false},
		"one that ends at 06:00":      {a, &early, today.At(5*60 + 30), false},
		"a short one, as is meant":    {short, &shortSession, kitetest.Morning, true},
		"a short one that is no more": {short, &shortSession, kitetest.Morning.Add(time.Hour), false},
	} {
		if got := kite.ReadyFor(today, c.account, c.latest, c.now); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
