package kite

import "time"

// Badge is the state a card shows by shape, word and colour.
type Badge string

// The lasting states of a card. While a login runs or the last check failed,
// the card shows that instead.
const (
	BadgeNone    Badge = "none"    // gray: no session yet
	BadgeActive  Badge = "active"  // green
	BadgeEnding  Badge = "ending"  // green, another shade: under two hours left
	BadgeExpired Badge = "expired" // yellow: the last session ended
)

// BadgeOf derives the badge from an account's latest session, nil if it never
// had one.
func BadgeOf(latest *Session, now time.Time) Badge {
	switch {
	case latest == nil:
		return BadgeNone
	case !latest.LiveAt(now):
		return BadgeExpired
	case latest.ExpiresAt.Sub(now) < EndingSoon:
		return BadgeEnding
	default:
		return BadgeActive
	}
}
