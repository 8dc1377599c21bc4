// Package view has the shapes in which accounts and sessions leave the
// program, for the page and for JSON on the command line: the field names of
// the product's founding document, times in milliseconds since 1970 (UTC) and
// null for never, and hasX flags in place of secrets. No type here can hold a
// secret.
package view

import (
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Account is one account with its newest session. What only a running window
// knows (logins, checks) is in Live.
type Account struct {
	AccountID            string   `json:"accountId"`
	AccountName          string   `json:"accountName"`
	ClientID             string   `json:"clientId"`
	PhoneNumber          string   `json:"phoneNumber"`
	APIKey               string   `json:"apiKey"`
	AccountType          string   `json:"accountType"`
	CallbackURL          string   `json:"callbackUrl"`
	PostbackURL          string   `json:"postbackUrl"`
	HasPassword          bool     `json:"hasPassword"`
	HasAPISecret         bool     `json:"hasApiSecret"`
	SessionLifetimeHours float64  `json:"sessionLifetimeHours"`
	LoginURL             string   `json:"loginUrl"`
	APIRoot              string   `json:"apiRoot"`
	AllowedHosts         []string `json:"allowedHosts"`
	Slug                 string   `json:"slug"`     // short name for programs
	LoginWay             string   `json:"loginWay"` // window, browser or paste
	LastLoginAt          *int64   `json:"lastLoginAt"`
	CreatedAt            int64    `json:"createdAt"`
	UpdatedAt            int64    `json:"updatedAt"`
	HasActiveSession     bool     `json:"hasActiveSession"`
	Session              *Session `json:"session"`
	Badge                string   `json:"badge"`
	MayEndAnyMinute      bool     `json:"mayEndAnyMinute"`
}

// Session is one session, active or ended.
type Session struct {
	SessionID      string  `json:"sessionId"`
	AccountID      string  `json:"accountId"`
	UserID         string  `json:"userId"`
	UserName       string  `json:"userName"`
	UserShortname  string  `json:"userShortname"`
	Email          string  `json:"email"`
	UserType       string  `json:"userType"`
	Broker         string  `json:"broker"`
	LoginTime      int64   `json:"loginTime"`
	TTL            float64 `json:"ttl"` // hours
	ExpiresAt      int64   `json:"expiresAt"`
	CreatedAt      int64   `json:"createdAt"`
	VerifiedAt     *int64  `json:"verifiedAt"`
	Status         string  `json:"status"`
	EndedReason    string  `json:"endedReason"`
	EndedAt        *int64  `json:"endedAt"`
	HasAccessToken bool    `json:"hasAccessToken"`
}

// AccountAt shapes an account and its newest session, nil if it never had one,
// as they stand at now.
func AccountAt(a kite.Account, latest *kite.Session, now time.Time) Account {
	v := Account{
		AccountID: a.ID, AccountName: a.Name, ClientID: a.ClientID, PhoneNumber: a.PhoneNumber,
		APIKey: a.APIKey, AccountType: string(a.Type), CallbackURL: a.CallbackURL, PostbackURL: a.PostbackURL,
		HasPassword: a.HasPassword, HasAPISecret: a.HasAPISecret,
		SessionLifetimeHours: a.TTL.Hours(), LoginURL: a.Endpoints.LoginURL, APIRoot: a.Endpoints.APIRoot,
		AllowedHosts: append([]string{}, a.AllowedHosts...), Slug: a.Slug, LoginWay: string(a.LoginWay),
		LastLoginAt: Millis(a.LastLoginAt), CreatedAt: a.CreatedAt.UnixMilli(), UpdatedAt: a.UpdatedAt.UnixMilli(),
		Badge: string(kite.BadgeOf(latest, now)),
	}
	if latest != nil {
		v.HasActiveSession = latest.LiveAt(now)
		v.MayEndAnyMinute = v.HasActiveSession && kite.InClearing(now)
		v.Session = sessionAt(*latest, now)
	}
	return v
}

func sessionAt(s kite.Session, now time.Time) *Session {
	v := &Session{
		SessionID: s.ID, AccountID: s.AccountID, UserID: s.UserID, UserName: s.UserName,
		UserShortname: s.UserShortname, Email: s.Email, UserType: s.UserType, Broker: s.Broker,
		LoginTime: s.LoginTime.UnixMilli(), TTL: s.TTL.Hours(), ExpiresAt: s.ExpiresAt.UnixMilli(),
		CreatedAt: s.CreatedAt.UnixMilli(), VerifiedAt: Millis(s.VerifiedAt),
		Status: string(s.Status), EndedReason: string(s.EndedReason), EndedAt: Millis(s.EndedAt),
		HasAccessToken: s.LiveAt(now),
	}
	if s.Status == kite.Active && !s.LiveAt(now) {
		v.Status, v.EndedReason, v.EndedAt = string(kite.Expired), string(kite.EndedExpired), Millis(s.ExpiresAt)
	}
	return v
}

// Millis is t in milliseconds since 1970, nil for the zero time.
func Millis(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	ms := t.UnixMilli()
	return &ms
}
