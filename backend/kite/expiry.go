package kite

import "time"

// IST is Indian Standard Time. India has no daylight saving time, so a fixed
// zone is exact.
var IST = time.FixedZone("IST", 5*60*60+30*60)

// DefaultTTL is the longest a session is offered: 24 hours.
const DefaultTTL = 24 * time.Hour

// EndingSoon is how long before its expiry a session is called ending.
const EndingSoon = 2 * time.Hour

// cutoffHour is when Kite ends all tokens, 06:00 IST: "it'll expire at 6 AM on
// the next day (regulatory requirement)",
// https://kite.trade/docs/connect/v3/user/, access_token.
const cutoffHour = 6

// Tokens were seen to die anywhere between 05:20 and 07:50 IST; Zerodha's
// staff name 07:00 to 07:30. These hours bracket what was seen.
const (
	clearingFrom = 5
	clearingTo   = 8
)

// NextCutoff is the first 06:00 IST strictly after t, in UTC.
func NextCutoff(t time.Time) time.Time {
	ist := t.In(IST)
	cutoff := time.Date(ist.Year(), ist.Month(), ist.Day(), cutoffHour, 0, 0, 0, IST)
	if !cutoff.After(ist) {
		cutoff = cutoff.AddDate(0, 0, 1)
	}
	return cutoff.UTC()
}

// ExpiresAt is when a session of that login time is no longer offered: the
// earlier of login + ttl and the first 06:00 IST after the login, in UTC.
// A ttl of zero or less means DefaultTTL.
func ExpiresAt(login time.Time, ttl time.Duration) time.Time {
	if ttl <= 0 {
		ttl = DefaultTTL
	}
	cutoff := NextCutoff(login)
	if end := login.Add(ttl).UTC(); end.Before(cutoff) {
		return end
	}
	return cutoff
}

// InClearing says whether t lies between 05:00 and 08:00 IST, when Kite clears
// old tokens and a session may end any minute.
func InClearing(t time.Time) bool {
	h := t.In(IST).Hour()
	return h >= clearingFrom && h < clearingTo
}

// ClearingEnd is the first 08:00 IST strictly after t, in UTC: when a session
// made in the clearing is verified once more and when an expired session's
// tokens are erased.
func ClearingEnd(t time.Time) time.Time {
	ist := t.In(IST)
	end := time.Date(ist.Year(), ist.Month(), ist.Day(), clearingTo, 0, 0, 0, IST)
	if !end.After(ist) {
		end = end.AddDate(0, 0, 1)
	}
	return end.UTC()
}
