package kite_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
)

func TestPreferences_Check_names_the_field(t *testing.T) {
	long := strings.Repeat("é", 200)
	many := slices.Repeat([]kite.NamedDay{{Date: "2027-01-26"}}, 201)
	for name, c := range map[string]struct {
		change func(*kite.Preferences)
		field  string // empty: it can be chosen
	}{
		"the defaults":              {func(*kite.Preferences) {}, ""},
		"light":                     {func(p *kite.Preferences) { p.Theme = "light" }, ""},
		"no theme":                  {func(p *kite.Preferences) { p.Theme = "" }, "theme"},
		"another theme":             {func(p *kite.Preferences) { p.Theme = "Dark" }, "theme"},
		"no reminder":               {func(p *kite.Preferences) { p.LeadMinutes = nil }, ""},
		"six reminders":             {func(p *kite.Preferences) { p.LeadMinutes = []int{1, 2, 3, 4, 5, 24 * 60} }, ""},
		"seven reminders":           {func(p *kite.Preferences) { p.LeadMinutes = []int{1, 2, 3, 4, 5, 6, 7} }, "leadMinutes"},
		"a reminder at the end":     {func(p *kite.Preferences) { p.LeadMinutes = []int{30, 0} }, "leadMinutes"},
		"a reminder a day before":   {func(p *kite.Preferences) { p.LeadMinutes = []int{24*60 + 1} }, "leadMinutes"},
		"quiet the whole day":       {func(p *kite.Preferences) { p.QuietFrom, p.QuietTo = 0, 24*60-1 }, ""},
		"quiet from before the day": {func(p *kite.Preferences) { p.QuietFrom = -1 }, "quietFrom"},
		"quiet to after the day":    {func(p *kite.Preferences) { p.QuietTo = 24 * 60 }, "quietFrom"},
		"a morning before the day":  {func(p *kite.Preferences) { p.MorningAt = -1 }, "morningAt"},
		"a morning after the day":   {func(p *kite.Preferences) { p.MorningAt = 24 * 60 }, "morningAt"},
		"closing that quits":        {func(p *kite.Preferences) { p.OnClose = kite.CloseQuits }, ""},
		"closing that does nothing": {func(p *kite.Preferences) { p.OnClose = "" }, "onClose"},
		"history for ever":          {func(p *kite.Preferences) { p.HistoryDays = 0 }, ""},
		"history for ten years":     {func(p *kite.Preferences) { p.HistoryDays = 3660 }, ""},
		"history for a century":     {func(p *kite.Preferences) { p.HistoryDays = 36500 }, "historyDays"},
		"history of less than none": {func(p *kite.Preferences) { p.HistoryDays = -1 }, "historyDays"},
		"a holiday":                 {func(p *kite.Preferences) { p.HolidaysAdded = []kite.NamedDay{{Date: "2028-02-29", Name: "Leap"}} }, ""},
		"a day that isn't":          {func(p *kite.Preferences) { p.HolidaysAdded = []kite.NamedDay{{Date: "2027-02-29"}} }, "holidaysAdded"},
		"a session that isn't":      {func(p *kite.Preferences) { p.SpecialSessions = []kite.NamedDay{{Date: "tomorrow"}} }, "holidaysAdded"},
		"a long name":               {func(p *kite.Preferences) { p.HolidaysAdded = []kite.NamedDay{{Date: "2027-01-26", Name: long}} }, "holidaysAdded"},
		"too many days":             {func(p *kite.Preferences) { p.HolidaysAdded = many }, "holidaysAdded"},
	} {
		p := kite.DefaultPreferences()
		c.change(&p)
		err := p.Check()
		switch {
		case c.field == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.field != "":
			if e := kite.AsError(err); err == nil || e.Code != kite.EINVALID || e.Field != c.field || e.Message == "" {
				t.Errorf("%s: %+v, want %s", name, err, c.field)
			}
		}
	}
}

func TestPreferences_Normal_sorts_and_has_no_null(t *testing.T) {
	leads := []int{30, 120, 30, 5}
	p := kite.Preferences{LeadMinutes: leads}.Normal()
	if !slices.Equal(p.LeadMinutes, []int{120, 30, 5}) || !slices.Equal(leads, []int{30, 120, 30, 5}) {
		t.Errorf("leads = %v from %v", p.LeadMinutes, leads)
	}
	text, err := json.Marshal(kite.Preferences{}.Normal())
	if err != nil || strings.Contains(string(text), "null") {
		t.Errorf("%s, %v", text, err)
	}
	if d := kite.DefaultPreferences(); !reflect.DeepEqual(d.Normal(), d) {
		t.Errorf("the defaults aren't normal: %+v", d)
	}
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestQuietHours(t *testing.T) {
	newYork, kathmandu := zone(t, "America/New_York"), zone(t, "Asia/Kathmandu")
	for name, c := range map[string]struct {
		from, to int // minutes
		zone     *time.Location
		at, end  string // local; end is empty if it isn't quiet
	}{
		"before midnight":                 {22 * 60, 7 * 60, kite.IST, "2026-11-23 22:00:00 +0530", "2026-11-24 07:00:00 +0530"},
		"after midnight":                  {22 * 60, 7 * 60, kite.IST, "2026-11-24 06:59:59 +0530", "2026-11-24 07:00:00 +0530"},
		"the minute before":               {22 * 60, 7 * 60, kite.IST, "2026-11-23 21:59:59 +0530", ""},
		"the end":                         {22 * 60, 7 * 60, kite.IST, "2026-11-24 07:00:00 +0530", ""},
		"at noon":                         {12 * 60, 14 * 60, kite.IST, "2026-11-24 12:30:30 +0530", "2026-11-24 14:00:00 +0530"},
		"over a month's end":              {22 * 60, 7 * 60, kite.IST, "2026-11-30 23:00:00 +0530", "2026-12-01 07:00:00 +0530"},
		"until midnight":                  {22 * 60, 0, kite.IST, "2026-12-31 23:59:00 +0530", "2027-01-01 00:00:00 +0530"},
		"of no length":                    {7 * 60, 7 * 60, kite.IST, "2026-11-24 07:00:00 +0530", ""},
		"in Kathmandu":                    {22 * 60, 7 * 60, kathmandu, "2026-11-24 06:46:00 +0545", "2026-11-24 07:00:00 +0545"},
		"a short night":                   {22 * 60, 7 * 60, newYork, "2026-03-07 22:30:00 -0500", "2026-03-08 07:00:00 -0400"},
		"a long night":                    {22 * 60, 7 * 60, newYork, "2026-10-31 22:30:00 -0400", "2026-11-01 07:00:00 -0500"},
		"an end that is left out, before": {22 * 60, 2*60 + 30, newYork, "2026-03-08 01:15:00 -0500", "2026-03-08 03:00:00 -0400"},
		"an end that is left out, late":   {22 * 60, 2*60 + 30, newYork, "2026-03-08 01:45:00 -0500", "2026-03-08 03:00:00 -0400"},
		"an end that comes twice":         {22 * 60, 90, newYork, "2026-11-01 00:45:00 -0400", "2026-11-01 01:30:00 -0400"},
		"an end that comes twice, again":  {22 * 60, 90, newYork, "2026-11-01 01:15:00 -0500", "2026-11-01 01:30:00 -0500"},
	} {
		p := kite.DefaultPreferences()
		p.QuietFrom, p.QuietTo = c.from, c.to
		at := instant(t, c.at)
		want := at
		if c.end != "" {
			want = instant(t, c.end)
		}
		if quiet, end := p.QuietAt(at, c.zone), p.QuietEnd(at, c.zone); quiet != (c.end != "") || !end.Equal(want) {
			t.Errorf("%s: quiet %t until %v, want %v", name, quiet, end.In(c.zone), want)
		}
		p.QuietHours = false
		if p.QuietAt(at, c.zone) || !p.QuietEnd(at, c.zone).Equal(at) {
			t.Errorf("%s: quiet though it is switched off", name)
		}
	}
}

func instant(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02 15:04:05 -0700", s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestQuietHours_that_cannot_be_chosen_still_end(t *testing.T) {
	p := kite.Preferences{QuietHours: true, QuietTo: 5000}
	if end := p.QuietEnd(kitetest.Morning, kite.IST); end.After(kitetest.Morning.Add(48 * time.Hour)) {
		t.Errorf("end = %v", end)
	}
}

func TestPreferences_put_accounts_in_order(t *testing.T) {
	accounts := []kite.Account{{ID: "1", Name: "huf"}, {ID: "2", Name: "Family"}, {ID: "3", Name: "personal"}, {ID: "4", Name: "Aunt"}}
	p := kite.DefaultPreferences()
	p.LoginOrder, p.LeftOut = []string{"3", "gone", "1"}, []string{"4"}
	var got []string
	for _, a := range p.InOrder(accounts) {
		got = append(got, a.Name)
	}
	if want := []string{"personal", "huf", "Aunt", "Family"}; !slices.Equal(got, want) || accounts[0].ID != "1" {
		t.Errorf("order = %q, want %q", got, want)
	}
	if p.Chosen("4") || !p.Chosen("1") {
		t.Error("the one left out is chosen, or another isn't")
	}
}
