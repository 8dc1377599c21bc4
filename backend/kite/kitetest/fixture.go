package kitetest

import (
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Account is a valid live account without secrets. Its name, client ID and API
// key follow from the ID, so that two IDs never clash.
func Account(id string) kite.Account {
	return kite.Account{
		ID: id, Name: "Account " + id, Slug: kite.SlugOf("Account "+id, ""), LoginWay: kite.LoginInWindow, ClientID: "AB" + alphanumeric(id, 6), PhoneNumber: "+91 98765 43210",
		APIKey: "key" + alphanumeric(id, 12), Type: kite.Live, CallbackURL: "http://127.0.0.1:51730/kite/callback",
		TTL: kite.DefaultTTL, CreatedAt: Morning, UpdatedAt: Morning,
	}
}

// SandboxAccount is a valid account of the embedded sandbox.
func SandboxAccount(id string) kite.Account {
	a := Account(id)
	a.Type = kite.Sandbox
	return a
}

// Morning is 10:00 IST on a trading day, when sessions are far from their end.
var Morning = time.Date(2026, time.November, 23, 10, 0, 0, 0, kite.IST).UTC()

// Session is an active, verified session of the account, begun at login.
func Session(id string, a kite.Account, login time.Time) kite.Session {
	return kite.Session{
		ID: id, AccountID: a.ID, UserID: a.ClientID, UserName: "Asha Rao", UserShortname: "Asha",
		Email: "asha@example.com", UserType: "individual", Broker: "ZERODHA",
		LoginTime: login.UTC(), TTL: a.TTL, ExpiresAt: kite.ExpiresAt(login, a.TTL),
		CreatedAt: login.UTC(), VerifiedAt: login.UTC(), Status: kite.Active,
	}
}

// Tokens are those of one login, told apart by suffix. Kite gives no refresh
// token to individuals.
func Tokens(suffix string) kite.Tokens {
	return kite.Tokens{
		Access: kite.NewSecret("access" + suffix), Request: kite.NewSecret("request" + suffix),
		Public: kite.NewSecret("public" + suffix),
	}
}

// alphanumeric turns s into upper-case letters and digits and cuts or fills it
// to n characters.
func alphanumeric(s string, n int) string {
	out := make([]byte, 0, n)
	for i := 0; i < len(s) && len(out) < n; i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9', c >= 'A' && c <= 'Z':
			out = append(out, c)
		case c >= 'a' && c <= 'z':
			out = append(out, c-'a'+'A')
		}
	}
	for len(out) < n {
		out = append(out, '0')
	}
	return string(out)
}
