package backup

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// maxSessionText is the longest text of a session, in characters.
const maxSessionText = 256

// Every time in a backup lies between these, so that none overflows where it
// is stored or shown.
var (
	firstMoment = time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)
	lastMoment  = time.Date(2200, time.January, 1, 0, 0, 0, 0, time.UTC)
)

// check returns the first thing that no archive may hold, as EINVALID.
func check(a Archive) error {
	if len(a.Accounts) > maxAccounts {
		return tooMany()
	}
	if outside(a.Created) {
		return kite.Errorf(kite.EINVALID, "The time of this backup makes no sense.")
	}
	if a.Preferences != nil {
		if err := a.Preferences.Check(); err != nil {
			return kite.Errorf(kite.EINVALID, "The preferences in this backup make no sense.").Because(err)
		}
	}
	seen := nothingSeen()
	for _, e := range a.Accounts {
		if err := checkEntry(e); err != nil {
			return err
		}
		if err := seen.add(e.Account); err != nil {
			return err
		}
	}
	return nil
}

func tooMany() error {
	return kite.Errorf(kite.EINVALID, "There are too many accounts for a backup.").WithHint("At most 10,000 fit into one.")
}

// seenSoFar finds accounts that couldn't be stored beside each other.
type seenSoFar struct{ ids, names, slugs, pairs map[string]bool }

func nothingSeen() seenSoFar {
	return seenSoFar{ids: map[string]bool{}, names: map[string]bool{}, slugs: map[string]bool{}, pairs: map[string]bool{}}
}

func (s seenSoFar) add(a kite.Account) error {
	twice := s.ids[a.ID] || s.names[folded(a.Name)] || a.Slug != "" && s.slugs[a.Slug] || s.pairs[pairOf(a)]
	s.ids[a.ID], s.names[folded(a.Name)], s.slugs[a.Slug], s.pairs[pairOf(a)] = true, true, true, true
	if twice {
		return kite.Errorf(kite.EINVALID, "The backup has the account %s twice.", a.Name)
	}
	return nil
}

// pairOf can't be ambiguous: neither part has a space.
func pairOf(a kite.Account) string { return a.APIKey + " " + a.ClientID }

// folded is the same for names that the database takes for the same.
func folded(name string) string {
	return norm.NFC.String(cases.Fold().String(norm.NFC.String(name)))
}

func checkEntry(e Entry) error {
	a := e.Account
	if problems := a.Validate(); len(problems) > 0 {
		name := a.Name
		if problems[0].Field == "accountName" { // the first that Validate looks at
			name = "An account"
		}
		return refused(name, problems[0].Field)
	}
	if !isUUID(a.ID) {
		return refused(a.Name, "accountId")
	}
	if outside(a.CreatedAt, a.UpdatedAt) || !a.LastLoginAt.IsZero() && outside(a.LastLoginAt) {
		return refused(a.Name, "createdAt, updatedAt or lastLoginAt")
	}
	if kite.ValidateSecret("", e.Secrets.Password) != nil {
		return refused(a.Name, "password")
	}
	if kite.ValidateSecret("", e.Secrets.APISecret) != nil {
		return refused(a.Name, "apiSecret")
	}
	if e.Session == nil {
		return nil
	}
	return checkSession(e)
}

// refused names the field and never its value.
func refused(name, field string) error {
	return kite.Errorf(kite.EINVALID, "%s can't be in a backup: its %s makes no sense.", name, field).
		WithHint("Correct the account and make the backup again.")
}

func checkSession(e Entry) error {
	s, a := e.Session, e.Account
	if !isUUID(s.ID) || s.AccountID != a.ID || s.UserID != a.ClientID || s.Status != kite.Active {
		return refused(a.Name, "session")
	}
	if outside(s.LoginTime, s.ExpiresAt, s.CreatedAt) || !s.VerifiedAt.IsZero() && outside(s.VerifiedAt) ||
		s.TTL <= 0 || s.TTL > kite.DefaultTTL || s.ExpiresAt.After(kite.ExpiresAt(s.LoginTime, s.TTL)) {
		return refused(a.Name, "session's time")
	}
	for _, text := range []string{s.UserName, s.UserShortname, s.Email, s.UserType, s.Broker} {
		if !utf8.ValidString(text) || utf8.RuneCountInString(text) > maxSessionText || strings.ContainsFunc(text, unicode.IsControl) {
			return refused(a.Name, "session's user")
		}
	}
	for _, token := range []kite.Secret{e.Tokens.Access, e.Tokens.Request, e.Tokens.Public, e.Tokens.Refresh} {
		if kite.ValidateSecret("", token) != nil {
			return refused(a.Name, "session's token")
		}
	}
	if e.Tokens.Access.Empty() {
		return refused(a.Name, "session's accessToken")
	}
	return nil
}

func isUUID(id string) bool {
	parsed, err := uuid.Parse(id)
	return err == nil && parsed.String() == id
}

func outside(times ...time.Time) bool {
	for _, t := range times {
		if t.Before(firstMoment) || t.After(lastMoment) {
			return true
		}
	}
	return false
}
