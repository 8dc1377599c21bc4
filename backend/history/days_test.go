package history_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/history"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
)

// ist is a time in November and December 2026, such as ist("11-23 10:00").
func ist(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", "2026-"+s, kite.IST)
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

func session(login string) kite.Session {
	return kitetest.Session("s", kitetest.Account("one"), ist(login))
}

func ended(login string, reason kite.EndedReason, at string) kite.Session {
	s := session(login)
	s.Status, s.EndedReason, s.EndedAt = kite.Expired, reason, ist(at)
	return s
}

func part(from, to string, reason kite.EndedReason) history.Part {
	return history.Part{From: ist(from), To: ist(to), EndedReason: reason}
}

func TestDays_have_the_parts_of_sessions(t *testing.T) {
	const noon = "11-25 12:00"
	for name, c := range map[string]struct {
		sessions []kite.Session
		now      string
		want     map[kite.Day][]history.Part
	}{
		"a living one, until now": {
			[]kite.Session{session("11-25 08:30")}, noon,
			map[kite.Day][]history.Part{"2026-11-25": {part("11-25 08:30", noon, "")}},
		},
		"one over midnight to 06:00": {
			[]kite.Session{ended("11-24 08:30", kite.EndedExpired, "11-25 06:00")}, noon,
			map[kite.Day][]history.Part{
				"2026-11-24": {part("11-24 08:30", "11-25 00:00", "")},
				"2026-11-25": {part("11-25 00:00", "11-25 06:00", kite.EndedExpired)},
			},
		},
		"one whose end nobody has noticed yet": {
			[]kite.Session{session("11-24 08:30")}, noon,
			map[kite.Day][]history.Part{
				"2026-11-24": {part("11-24 08:30", "11-25 00:00", "")},
				"2026-11-25": {part("11-25 00:00", "11-25 06:00", kite.EndedExpired)},
			},
		},
		"one whose end was noticed late": {
			[]kite.Session{ended("11-23 08:30", kite.EndedElsewhere, "11-25 09:00")}, noon,
			map[kite.Day][]history.Part{
				"2026-11-23": {part("11-23 08:30", "11-24 00:00", "")},
				"2026-11-24": {part("11-24 00:00", "11-24 06:00", kite.EndedElsewhere)},
			},
		},
		"one from before 06:00": {
			[]kite.Session{ended("11-24 05:30", kite.EndedExpired, "11-24 06:00")}, noon,
			map[kite.Day][]history.Part{"2026-11-24": {part("11-24 05:30", "11-24 06:00", kite.EndedExpired)}},
		},
		"several in a day": {
			[]kite.Session{
				ended("11-24 08:30", kite.EndedReplaced, "11-24 10:00"), ended("11-24 10:00", kite.EndedElsewhere, "11-24 11:00"),
				ended("11-24 13:00", kite.EndedLoggedOut, "11-24 14:00"),
			}, noon,
			map[kite.Day][]history.Part{"2026-11-24": {
				part("11-24 08:30", "11-24 10:00", kite.EndedReplaced), part("11-24 10:00", "11-24 11:00", kite.EndedElsewhere),
				part("11-24 13:00", "11-24 14:00", kite.EndedLoggedOut),
			}},
		},
		"one that ends at midnight": {
			[]kite.Session{ended("11-24 20:00", kite.EndedLoggedOut, "11-25 00:00")}, noon,
			map[kite.Day][]history.Part{"2026-11-24": {part("11-24 20:00", "11-25 00:00", kite.EndedLoggedOut)}},
		},
		"none from after now, as when the clock was set back": {[]kite.Session{session("11-25 13:00")}, noon, nil},
		"none of no length":      {[]kite.Session{ended("11-24 13:00", kite.EndedLoggedOut, "11-24 13:00")}, noon, nil},
		"none from another time": {[]kite.Session{ended("11-12 08:30", kite.EndedExpired, "11-13 06:00")}, noon, nil},
		"begun before the first day": {
			[]kite.Session{ended("11-22 22:00", kite.EndedExpired, "11-23 06:00")}, noon,
			map[kite.Day][]history.Part{"2026-11-23": {part("11-23 00:00", "11-23 06:00", kite.EndedExpired)}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			days := history.Days(c.sessions, kite.DefaultPreferences().Calendar(), "2026-11-23", "2026-11-25", ist(c.now))
			if len(days) != 3 {
				t.Fatalf("days = %+v", days)
			}
			for _, day := range days {
				if want := c.want[day.Date]; !reflect.DeepEqual(day.Parts, want) {
					t.Errorf("%s:\n got %+v\nwant %+v", day.Date, day.Parts, want)
				}
			}
		})
	}
}

func TestDays_know_what_trades(t *testing.T) {
	cal := kite.DefaultPreferences().Calendar()
	for name, c := range map[string]struct {
		from, to kite.Day
		want     []history.Day
	}{
		"a month's end": {"2026-11-29", "2026-12-01", []history.Day{
			{Date: "2026-11-29"}, {Date: "2026-11-30", Trades: true}, {Date: "2026-12-01", Trades: true},
		}},
		"a holiday": {"2026-12-24", "2026-12-26", []history.Day{
			{Date: "2026-12-24", Trades: true}, {Date: "2026-12-25", Note: "Christmas"}, {Date: "2026-12-26"},
		}},
		"a special session": {"2026-11-08", "2026-11-08", []history.Day{
			{Date: "2026-11-08", Trades: true, Note: "Muhurat trading (Diwali Laxmi Pujan)"},
		}},
		"a leap day": {"2028-02-28", "2028-03-01", []history.Day{
			{Date: "2028-02-28", Trades: true}, {Date: "2028-02-29", Trades: true}, {Date: "2028-03-01", Trades: true},
		}},
		"a year's end": {"2026-12-31", "2027-01-01", []history.Day{
			{Date: "2026-12-31", Trades: true}, {Date: "2027-01-01", Trades: true},
		}},
		"no day":         {"2026-11-02", "2026-11-01", nil},
		"no such day":    {"2026-02-30", "2026-03-02", nil},
		"not even a day": {"", "2026-03-02", nil},
	} {
		if got := history.Days(nil, cal, c.from, c.to, ist("11-25 12:00")); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s:\n got %+v\nwant %+v", name, got, c.want)
		}
	}
}
