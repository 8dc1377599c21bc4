package accountfile

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Row is one account of a file, as it would be stored but for its ID and
// times.
type Row struct {
	Line    int // where it begins, from 1
	Account kite.Account
	Secrets kite.Secrets
}

// field is one that can be written and read.
type field struct {
	name string
	get  func(kite.Account) string // nil: a secret, which is never written
	set  func(r *Row, text string) *kite.Error
}

// plain is a field that is text.
func plain(name string, at func(*kite.Account) *string) field {
	return field{
		name: name,
		get:  func(a kite.Account) string { return *at(&a) },
		set:  func(r *Row, text string) *kite.Error { *at(&r.Account) = strings.TrimSpace(text); return nil },
	}
}

func secret(name string, at func(*Row) *kite.Secret) field {
	return field{name: name, set: func(r *Row, text string) *kite.Error { *at(r) = kite.NewSecret(text); return nil }}
}

// fields are all fields, in the order in which they are written.
var fields = []field{
	plain("accountName", func(a *kite.Account) *string { return &a.Name }),
	plain("clientId", func(a *kite.Account) *string { return &a.ClientID }),
	plain("apiKey", func(a *kite.Account) *string { return &a.APIKey }),
	secret("apiSecret", func(r *Row) *kite.Secret { return &r.Secrets.APISecret }),
	secret("password", func(r *Row) *kite.Secret { return &r.Secrets.Password }),
	plain("accountType", func(a *kite.Account) *string { return (*string)(&a.Type) }),
	plain("callbackUrl", func(a *kite.Account) *string { return &a.CallbackURL }),
	plain("postbackUrl", func(a *kite.Account) *string { return &a.PostbackURL }),
	plain("phoneNumber", func(a *kite.Account) *string { return &a.PhoneNumber }),
	{name: "sessionLifetimeHours", get: lifetime, set: setLifetime},
	plain("loginUrl", func(a *kite.Account) *string { return &a.Endpoints.LoginURL }),
	plain("apiRoot", func(a *kite.Account) *string { return &a.Endpoints.APIRoot }),
	{name: "allowedHosts", get: hosts, set: setHosts},
	plain("slug", func(a *kite.Account) *string { return &a.Slug }),
	plain("loginWay", func(a *kite.Account) *string { return (*string)(&a.LoginWay) }),
}

// ignored are fields of kitectl list --json that say what an account is and not
// what it is to be, so that its output can be imported.
var ignored = []string{
	"accountId", "hasPassword", "hasApiSecret", "lastLoginAt", "createdAt", "updatedAt", "hasActiveSession", "session", "badge", "mayEndAnyMinute",
}

// known finds a field by its name, whatever the case and with spaces, hyphens
// or underscores in between: spreadsheets are made by people.
func known(name string) (f *field, ok bool) {
	for i := range fields {
		if folded(fields[i].name) == folded(name) {
			return &fields[i], true
		}
	}
	return nil, slices.ContainsFunc(ignored, func(other string) bool { return folded(other) == folded(name) })
}

func folded(name string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '_' || r == '-' {
			return -1
		}
		return unicode.ToLower(r)
	}, strings.TrimSpace(name))
}

func lifetime(a kite.Account) string { return strconv.FormatFloat(a.TTL.Hours(), 'f', -1, 64) }

// setLifetime takes hours; zero would be the default by mistake.
func setLifetime(r *Row, text string) *kite.Error {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil
	}
	hours, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(hours) || hours < time.Second.Hours() || hours > kite.DefaultTTL.Hours() {
		return kite.Errorf(kite.EINVALID, "Enter hours between 0.001 and 24.").WithField("sessionLifetimeHours")
	}
	r.Account.TTL = time.Duration(hours * float64(time.Hour)).Round(time.Millisecond)
	return nil
}

// Hosts are one text in CSV, parted by spaces.
func hosts(a kite.Account) string { return strings.Join(a.AllowedHosts, " ") }

func setHosts(r *Row, text string) *kite.Error {
	r.Account.AllowedHosts = strings.Fields(strings.ToLower(text))
	return nil
}

// normal brings what was read into the form that is stored and compared, with
// the defaults of the account form for what isn't there.
func normal(a kite.Account) kite.Account {
	a.Name = norm.NFC.String(a.Name)
	a.ClientID = strings.ToUpper(a.ClientID)
	a.Slug = strings.ToLower(a.Slug)
	a.Type = kite.AccountType(strings.ToLower(string(a.Type)))
	a.LoginWay = kite.LoginWay(strings.ToLower(string(a.LoginWay)))
	a.Endpoints.APIRoot = strings.TrimRight(a.Endpoints.APIRoot, "/")
	if a.Type == "" {
		a.Type = kite.Live
	}
	if a.LoginWay == "" {
		a.LoginWay = kite.LoginInWindow
	}
	if a.TTL == 0 {
		a.TTL = kite.DefaultTTL
	}
	return a
}
