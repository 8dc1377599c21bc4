package kite

import "time"

// SessionStatus is what the database keeps.
type SessionStatus string

// The two stored states; what the badge shows is derived (BadgeOf).
const (
	Active  SessionStatus = "active"
	Expired SessionStatus = "expired"
)

// EndedReason says why a session is no longer active.
type EndedReason string

// Why sessions end: by time, by the user, or by Kite's 403 TokenException.
const (
	EndedExpired   EndedReason = "expired"
	EndedReplaced  EndedReason = "replaced"
	EndedElsewhere EndedReason = "ended elsewhere"
	EndedLoggedOut EndedReason = "logged out"
)

// Session is what one login gave. Its fields are readable without the vault;
// Tokens are not among them.
type Session struct {
	ID            string // random UUID
	AccountID     string
	UserID        string // who logged in, from Kite's answer
	UserName      string
	UserShortname string
	Email         string
	UserType      string
	Broker        string
	LoginTime     time.Time // Kite's login_time, in UTC
	TTL           time.Duration
	ExpiresAt     time.Time
	CreatedAt     time.Time // when we stored it
	VerifiedAt    time.Time // when Kite last answered for it; zero if never
	Status        SessionStatus
	EndedReason   EndedReason // empty while active
	EndedAt       time.Time   // zero while active
}

// Tokens are the sealed fields of a session. Kite's enctoken, a credential of
// its web trading terminal, is never kept.
type Tokens struct {
	Access  Secret
	Request Secret
	Public  Secret
	Refresh Secret // empty for individuals
}

// LiveAt says whether the session may be offered at t.
func (s Session) LiveAt(t time.Time) bool {
	return s.Status == Active && t.Before(s.ExpiresAt)
}

// ReasonAt is why the session isn't to be offered at t: of one that nobody has
// ended yet, that its time is up. Empty while it lives.
func (s Session) ReasonAt(t time.Time) EndedReason {
	switch {
	case s.LiveAt(t):
		return ""
	case s.Status == Active:
		return EndedExpired
	}
	return s.EndedReason
}

// Profile is Kite's answer to GET /user/profile, which doubles as the only
// test of whether a token lives: https://kite.trade/docs/connect/v3/user/.
type Profile struct {
	UserID        string
	UserName      string
	UserShortname string
	Email         string
	UserType      string
	Broker        string
	Exchanges     []string
	Products      []string
	OrderTypes    []string
}

// Grant is Kite's answer to POST /session/token.
type Grant struct {
	Profile
	APIKey    string
	LoginTime time.Time // UTC
	Tokens    Tokens    // Request is the one that was exchanged
}

// ReadyFor says whether the account, with that newest session or nil, needs no
// login for the trading day: its session lives and lasts until the market
// closes. Of an account whose sessions are meant to be shorter it is enough
// that one lives.
func ReadyFor(d Day, a Account, latest *Session, now time.Time) bool {
	if latest == nil || !latest.LiveAt(now) {
		return false
	}
	short := a.TTL > 0 && a.TTL < DefaultTTL
	return short || !latest.ExpiresAt.Before(d.MarketClose())
}
