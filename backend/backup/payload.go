package backup

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// The payload's name and version. An older program refuses a newer version
// with a sentence that says so, and an unknown field as damage: a field more
// means a higher version.
const (
	format  = "kite-accounts-backup"
	version = 1
)

// Bounds of the payload, beside its size. The count of values keeps a small
// text from becoming large in memory: an account has some 60.
const (
	maxAccounts = 10_000
	maxDepth    = 8
	maxValues   = 80 * maxAccounts
)

// document is the payload. Names of fields are those of the founding document
// and of package view; times are milliseconds since 1970 (UTC), null for
// never, and lifetimes hours.
type document struct {
	Format      string          `json:"format"`
	Version     int             `json:"version"`
	Created     int64           `json:"created"`
	Accounts    accountList     `json:"accounts"`
	Preferences json.RawMessage `json:"preferences,omitempty"` // kite.Preferences, as the database keeps them
}

type account struct {
	AccountID            string   `json:"accountId"`
	AccountName          string   `json:"accountName"`
	ClientID             string   `json:"clientId"`
	PhoneNumber          string   `json:"phoneNumber"`
	Password             plain    `json:"password"`
	APIKey               string   `json:"apiKey"`
	APISecret            plain    `json:"apiSecret"`
	AccountType          string   `json:"accountType"`
	CallbackURL          string   `json:"callbackUrl"`
	PostbackURL          string   `json:"postbackUrl"`
	SessionLifetimeHours float64  `json:"sessionLifetimeHours"`
	LoginURL             string   `json:"loginUrl"`
	APIRoot              string   `json:"apiRoot"`
	AllowedHosts         []string `json:"allowedHosts"`
	Slug                 string   `json:"slug"`
	LoginWay             string   `json:"loginWay"`
	LastLoginAt          *int64   `json:"lastLoginAt"`
	CreatedAt            int64    `json:"createdAt"`
	UpdatedAt            int64    `json:"updatedAt"`
	Session              *session `json:"session,omitempty"`
}

// session is a living one; ended ones are in no backup.
type session struct {
	SessionID     string  `json:"sessionId"`
	AccessToken   plain   `json:"accessToken"`
	RequestToken  plain   `json:"requestToken"`
	PublicToken   plain   `json:"publicToken"`
	RefreshToken  plain   `json:"refreshToken"`
	UserID        string  `json:"userId"`
	UserName      string  `json:"userName"`
	UserShortname string  `json:"userShortname"`
	Email         string  `json:"email"`
	UserType      string  `json:"userType"`
	Broker        string  `json:"broker"`
	LoginTime     int64   `json:"loginTime"`
	TTL           float64 `json:"ttl"`
	ExpiresAt     int64   `json:"expiresAt"`
	CreatedAt     int64   `json:"createdAt"`
	VerifiedAt    *int64  `json:"verifiedAt"`
}

// plain is a secret that JSON shows, and nothing else does. It is for the
// payload alone, which is never anywhere unencrypted.
type plain struct{ kite.Secret }

// MarshalJSON reveals the secret.
func (p plain) MarshalJSON() ([]byte, error) { return json.Marshal(p.Reveal()) }

// UnmarshalJSON takes a text.
func (p *plain) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	p.Secret = kite.NewSecret(text)
	return nil
}

var (
	_ json.Marshaler   = plain{}
	_ json.Unmarshaler = (*plain)(nil)
)

// accountList counts while it reads, so that a long list is refused before it
// is in memory.
type accountList []account

// UnmarshalJSON returns errTooMany at the first account too many.
func (l *accountList) UnmarshalJSON(data []byte) error {
	decoder := strict(data)
	if token, err := decoder.Token(); err != nil || token != json.Delim('[') {
		return errText("accounts is no list")
	}
	*l = accountList{}
	for decoder.More() {
		if len(*l) == maxAccounts {
			return errTooMany
		}
		var a account
		if err := decoder.Decode(&a); err != nil {
			return err
		}
		*l = append(*l, a)
	}
	return nil
}

var errTooMany = errText("more accounts than are read")

// strict takes known fields only.
func strict(data []byte) *json.Decoder {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	return decoder
}

// bounded says whether a text that claims to be JSON is flat and short enough
// to be parsed. It needn't be JSON.
func bounded(text []byte) bool {
	depth, values := 0, 1
	inString, escaped := false, false
	for _, c := range text {
		switch {
		case escaped:
			escaped = false
		case inString && c == '\\':
			escaped = true
		case c == '"':
			inString = !inString
		case inString:
		case c == '[' || c == '{':
			depth++
			values++
		case c == ']' || c == '}':
			depth--
		case c == ',':
			values++
		}
		if depth > maxDepth || values > maxValues {
			return false
		}
	}
	return true
}

func ms(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	n := t.UnixMilli()
	return &n
}

func moment(n *int64) time.Time {
	if n == nil {
		return time.Time{}
	}
	return time.UnixMilli(*n).UTC()
}

// hours is a lifetime as in the database, to the millisecond. What no session
// has is zero, which no check lets pass.
func hours(h float64) time.Duration {
	if h < 0 || h > 2*kite.DefaultTTL.Hours() {
		return 0
	}
	return time.Duration(h * float64(time.Hour)).Round(time.Millisecond)
}
