package history

import (
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Day is a calendar day in IST of one account.
type Day struct {
	Date   kite.Day
	Trades bool
	Note   string // name of a holiday or special session
	Parts  []Part // in the order of the sessions
}

// Part is the part of a session that lies in a day. Times are UTC.
type Part struct {
	From, To    time.Time
	EndedReason kite.EndedReason // empty while it lives, and where it goes on the next day
}

// Days are the days from from to to, both included, with an account's sessions
// as far as they had come at now.
func Days(sessions []kite.Session, cal kite.Calendar, from, to kite.Day, now time.Time) []Day {
	var days []Day
	for date := from; date.Valid() && date <= to; date = date.Next() {
		day := Day{Date: date, Trades: cal.Trades(date), Note: cal.Note(date)}
		for _, s := range sessions {
			if part, ok := partOf(s, date, now); ok {
				day.Parts = append(day.Parts, part)
			}
		}
		days = append(days, day)
	}
	return days
}

func partOf(s kite.Session, date kite.Day, now time.Time) (Part, bool) {
	end, reason := endOf(s, now)
	midnight := date.Next().At(0)
	part := Part{From: later(s.LoginTime, date.At(0)), To: end, EndedReason: reason}
	if end.After(midnight) {
		part.To, part.EndedReason = midnight, ""
	}
	return part, part.From.Before(part.To)
}

// endOf is how far the session had come at now. However late its end was
// noticed, it wasn't offered after ExpiresAt.
func endOf(s kite.Session, now time.Time) (time.Time, kite.EndedReason) {
	end, reason := s.ExpiresAt, kite.EndedExpired
	if s.Status != kite.Active {
		reason = s.EndedReason
		if s.EndedAt.Before(end) {
			end = s.EndedAt
		}
	}
	if now.Before(end) {
		return now.UTC(), ""
	}
	return end.UTC(), reason
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a.UTC()
	}
	return b
}
