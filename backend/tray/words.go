package tray

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

const (
	tick = time.Second     // how finely time left is measured
	step = 5 * time.Minute // how finely it is told
)

// words are those of one moment. While they are written, next becomes the
// first time at which one of them would be another.
type words struct {
	now  time.Time
	zone *time.Location
	next time.Time
}

func (w *words) changes(at time.Time) {
	if at.After(w.now) && (w.next.IsZero() || at.Before(w.next)) {
		w.next = at
	}
}

// left tells the time left in steps, never more than there is: "1 h 20 min",
// "45 min", "under 5 min".
func (w *words) left(end time.Time) string {
	left := end.Sub(w.now).Truncate(step)
	w.changes(end.Add(-left + tick))
	h, m := int(left/time.Hour), int(left%time.Hour/time.Minute)
	switch {
	case left < step:
		return "under 5 min"
	case h == 0:
		return fmt.Sprintf("%d min", m)
	case m == 0:
		return fmt.Sprintf("%d h", h)
	default:
		return fmt.Sprintf("%d h %d min", h, m)
	}
}

// clock tells a time of day: "06:00", "06:00 tomorrow", "06:00 on Friday",
// "19:30 (06:00 IST)".
func (w *words) clock(t time.Time) string {
	local, today := t.In(w.zone), w.now.In(w.zone)
	said := local.Format("15:04")
	switch days := dayNumber(local) - dayNumber(today); {
	case days == 1:
		said += " tomorrow"
	case days != 0:
		said += " on " + local.Weekday().String()
	}
	if dayNumber(local) != dayNumber(today) {
		w.changes(time.Date(today.Year(), today.Month(), today.Day()+1, 0, 0, 0, 0, w.zone))
	}
	if _, offset := local.Zone(); offset != istOffset {
		said += " (" + t.In(kite.IST).Format("15:04") + " IST)"
	}
	return said
}

const istOffset = 5*60*60 + 30*60

// dayNumber counts days of the time's own zone.
func dayNumber(t time.Time) int {
	return int(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}

const longestName = 40

// cleanName is an account's name in one short line that can't reorder the
// words around it: a name written from right to left stands by itself.
func cleanName(name string) string {
	rtl := false
	name = strings.Map(func(r rune) rune {
		rtl = rtl || unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Adlam)
		switch {
		case unicode.Is(unicode.Bidi_Control, r):
			return -1
		case unicode.IsControl(r), r == '\u2028', r == '\u2029':
			return ' '
		}
		return r
	}, strings.ToValidUTF8(name, "\uFFFD"))
	if runes := []rune(name); len(runes) > longestName {
		name = string(runes[:longestName-1]) + "…"
	}
	if rtl {
		const firstStrongIsolate, popIsolate = "\u2068", "\u2069"
		name = firstStrongIsolate + name + popIsolate
	}
	return name
}
