package doctor

import (
	"fmt"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// A clock outside of these bounds wasn't set: the program is from later than
// the first, and a computer without a battery for its clock is far off.
var (
	sanest = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)
	latest = time.Date(2100, time.January, 1, 0, 0, 0, 0, time.UTC)
)

// Clock is what was found out about the computer's time.
type Clock struct {
	Now  time.Time
	Zone *time.Location
	// Online is what a server of Kite's said, nil if it wasn't asked.
	Online *ServerTime
}

// ServerTime is an HTTP Date header, which has whole seconds, beside the
// computer's time when it came: https://www.rfc-editor.org/rfc/rfc9110#name-date.
type ServerTime struct {
	Server time.Time
	Here   time.Time     // in the middle between question and answer
	Took   time.Duration // from question to answer
	Err    error
}

// Bounds on how far the clock may be off. Codes of authenticator apps hold for
// half a minute, and sessions end to the minute.
const (
	farOff    = 30 * time.Second
	somewhat  = 5 * time.Second
	precision = time.Second // of the header
)

// CheckClock judges the time.
func CheckClock(c Clock) []Check {
	return []Check{checkTime(c), checkZone(c)}
}

func checkTime(c Clock) Check {
	const set = "Set the clock, or let the system do it: timedatectl set-ntp true"
	switch {
	case c.Now.Before(sanest) || c.Now.After(latest):
		return problem(NameClock, "The clock says "+c.Now.UTC().Format(time.RFC1123)+", which can't be.", set)
	case c.Online == nil:
		return ok(NameClock, "It says %s. Whether that is right tells kitectl doctor --online.", c.Now.In(kite.IST).Format("2 Jan 2006 15:04:05 MST"))
	case c.Online.Err != nil:
		return note(NameClock, "Kite couldn't be asked for the time.", "Check the network and try again.")
	}
	off := c.Online.Here.Sub(c.Online.Server)
	// The header tells the second that had begun.
	uncertain := precision + c.Online.Took/2
	switch {
	case off.Abs() > farOff+uncertain:
		return problem(NameClock, "The clock is "+offBy(off)+".", set)
	case off.Abs() > somewhat+uncertain:
		return note(NameClock, "The clock is "+offBy(off)+".", set)
	}
	return ok(NameClock, "It goes as Kite's does, within %s.", max(uncertain, off.Abs()).Round(time.Second))
}

func offBy(off time.Duration) string {
	if off < 0 {
		return fmt.Sprintf("%s slow", (-off).Round(time.Second))
	}
	return fmt.Sprintf("%s fast", off.Round(time.Second))
}

// checkZone sees whether what depends on the time of day comes out right: a
// login now ends at the next 06:00 in India, whatever the zone here.
func checkZone(c Clock) Check {
	if c.Zone == nil {
		return problem(NameZone, "The time zone of this computer can't be told.", "Set it: timedatectl set-timezone Asia/Kolkata")
	}
	end := kite.ExpiresAt(c.Now, kite.DefaultTTL)
	ist := end.In(kite.IST)
	_, offset := ist.Zone()
	if ist.Hour() != 6 || ist.Minute() != 0 || !end.After(c.Now) || end.Sub(c.Now) > kite.DefaultTTL || offset != 5*60*60+30*60 {
		return problem(NameZone, "Kite's cut-off comes out as "+ist.Format("15:04 -0700")+" instead of 06:00 +0530.", "Please report this: it is a defect of Kite Accounts.")
	}
	return ok(NameZone, "%s; Kite's next cut-off, 06:00 IST, is at %s here.", c.Zone, end.In(c.Zone).Format("2 Jan 15:04"))
}
