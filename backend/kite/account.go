package kite

import "time"

// AccountType picks the endpoints of an account.
type AccountType string

// The account types of the form.
const (
	Live    AccountType = "live"    // Zerodha's
	Sandbox AccountType = "sandbox" // the embedded simulated Kite, or other endpoints
)

// LoginWay is where the user logs in to Kite.
type LoginWay string

// The ways. Some users trust only their own browser and its password manager.
const (
	LoginInWindow  LoginWay = "window"  // the embedded login window
	LoginInBrowser LoginWay = "browser" // the system browser; the redirect comes to a listener on the callback URL (RFC 8252, 7.3)
	LoginByPaste   LoginWay = "paste"   // the system browser; the user pastes the redirect URL
)

// Account is one Zerodha client ID together with one Kite Connect app. Its
// fields are readable without the vault; Secrets are not among them.
type Account struct {
	ID          string // random UUID, never reused
	Name        string // unique (NFC, case-folded)
	Slug        string // short name for programs: a-z, 0-9 and hyphens; unique, kept when the name changes
	ClientID    string // Zerodha user ID such as AB1234, upper case
	PhoneNumber string
	APIKey      string // unique together with ClientID
	Type        AccountType
	CallbackURL string // redirect URL as registered on Kite's developer console
	PostbackURL string // kept for the user; Kite calls it, we don't

	Endpoints    Endpoints     // of a sandbox account that isn't the embedded one; else zero
	TTL          time.Duration // session lifetime; DefaultTTL for live accounts
	AllowedHosts []string      // further hosts that the login window may load
	LoginWay     LoginWay      // where the user logs in; empty is LoginInWindow

	HasPassword  bool
	HasAPISecret bool

	LastLoginAt time.Time // zero if never
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// Secrets are the sealed fields of an account.
type Secrets struct {
	Password  Secret // Zerodha password; only ever copied for the user to paste
	APISecret Secret
}

// SecretChange says what a save does to one stored secret: the zero value
// leaves it as it is.
type SecretChange struct {
	Set   Secret // replaces what is stored, if not empty
	Clear bool   // removes what is stored; Set wins
}

// SecretChanges are the changes of one save of the account form.
type SecretChanges struct {
	Password  SecretChange
	APISecret SecretChange
}

// Endpoints are where an account's login page and API are. The zero value
// means those of the account's type.
type Endpoints struct {
	LoginURL string // such as https://kite.zerodha.com/connect/login
	APIRoot  string // such as https://api.kite.trade; may have a path prefix
}

// LiveEndpoints are Zerodha's: https://kite.trade/docs/connect/v3/user/.
var LiveEndpoints = Endpoints{
	LoginURL: "https://kite.zerodha.com/connect/login",
	APIRoot:  "https://api.kite.trade",
}

// IsZero says that neither endpoint is set.
func (e Endpoints) IsZero() bool { return e == Endpoints{} }

// UsesEmbeddedSandbox says that the account talks to the simulated Kite of
// this data folder.
func (a Account) UsesEmbeddedSandbox() bool { return a.Type == Sandbox && a.Endpoints.IsZero() }
