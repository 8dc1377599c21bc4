package backup

import (
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// matches are which accounts of a backup exist.
type matches struct {
	of      []*Existing     // by position in the backup, nil for none
	claimed map[string]bool // IDs of the existing ones that have a match
	taken   map[string]bool // IDs that no added account may get
}

// matchAll looks at API key and client ID first: that pair is what an account
// is at Kite, and no two may have it.
func matchAll(existing []Existing, entries []Entry) matches {
	m := matches{of: make([]*Existing, len(entries)), claimed: map[string]bool{}, taken: map[string]bool{}}
	byPair, byID := map[string]*Existing{}, map[string]*Existing{}
	for i := range existing {
		a := existing[i].Account
		byPair[pairOf(a)], byID[a.ID] = &existing[i], &existing[i]
		m.taken[a.ID] = true
	}
	for i, e := range entries {
		m.claim(i, byPair[pairOf(e.Account)])
	}
	for i, e := range entries {
		if m.of[i] == nil {
			m.claim(i, byID[e.Account.ID])
		}
	}
	return m
}

func (m *matches) claim(i int, e *Existing) {
	if e != nil && !m.claimed[e.Account.ID] {
		m.of[i], m.claimed[e.Account.ID] = e, true
	}
}

// freeID is the account's own ID unless another account has it. What it is
// instead follows from the account, so that a plan made twice is the same.
func (m *matches) freeID(e Entry) string {
	id := e.Account.ID
	for m.taken[id] {
		id = uuid.NewSHA1(uuid.MustParse(e.Account.ID), []byte(id+" "+pairOf(e.Account))).String()
	}
	m.taken[id] = true
	return id
}

// onto is the existing account with the backup's fields.
func onto(existing, from kite.Account) kite.Account {
	from.ID, from.CreatedAt, from.LastLoginAt = existing.ID, existing.CreatedAt, existing.LastLoginAt
	from.LoginWay = wayOf(from)
	from.HasPassword, from.HasAPISecret = existing.HasPassword, existing.HasAPISecret
	return from
}

func wayOf(a kite.Account) kite.LoginWay {
	if a.LoginWay == "" {
		return kite.LoginInWindow
	}
	return a.LoginWay
}

// differences are what a restore changes of an existing account, in words.
func differences(e Existing, to kite.Account, secrets kite.Secrets, mode Mode) (kite.SecretChanges, []string) {
	from := e.Account
	var what []string
	note := func(differs bool, name string) {
		if differs {
			what = append(what, name)
		}
	}
	note(from.Name != to.Name, "name")
	note(from.Slug != to.Slug, "short name")
	note(from.ClientID != to.ClientID, "client ID")
	note(from.PhoneNumber != to.PhoneNumber, "phone number")
	note(from.APIKey != to.APIKey, "API key")
	note(from.Type != to.Type, "account type")
	note(from.CallbackURL != to.CallbackURL, "callback URL")
	note(from.PostbackURL != to.PostbackURL, "postback URL")
	note(from.Endpoints != to.Endpoints, "endpoints")
	note(from.TTL != to.TTL, "session lifetime")
	note(!slices.Equal(from.AllowedHosts, to.AllowedHosts), "allowed hosts")
	note(wayOf(from) != to.LoginWay, "way to log in")
	var c kite.SecretChanges
	var known kite.Secrets
	if e.Secrets != nil {
		known = *e.Secrets
	}
	// Secrets of another client or app are of no use.
	exact := mode == Replace || identityChanges(from, to)
	c.Password = secretChange(e.Secrets != nil, from.HasPassword, known.Password, secrets.Password, exact)
	c.APISecret = secretChange(e.Secrets != nil, from.HasAPISecret, known.APISecret, secrets.APISecret, exact)
	note(alters(c.Password), "password")
	note(alters(c.APISecret), "API secret")
	return c, what
}

func alters(c kite.SecretChange) bool { return c.Clear || !c.Set.Empty() }

// secretChange says what becomes of one stored secret. One that can't be read
// is replaced whatever it is; one that the backup lacks goes only if exact.
func secretChange(readable, stored bool, from, to kite.Secret, exact bool) kite.SecretChange {
	switch {
	case to.Empty():
		return kite.SecretChange{Clear: stored && exact}
	case readable && from.Equal(to):
		return kite.SecretChange{}
	}
	return kite.SecretChange{Set: to}
}

func updateSentence(e Existing, to kite.Account, what []string) string {
	sentence := fmt.Sprintf("%s gets the backup's %s.", e.Account.Name, list(what))
	if e.Account.UpdatedAt.After(to.UpdatedAt) {
		sentence += " It was edited here later than in the backup."
	}
	return sentence
}

func list(words []string) string {
	last := len(words) - 1
	if last == 0 {
		return words[0]
	}
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

// identityChanges says whether a session of the account before would be
// somebody else's afterwards.
func identityChanges(before, after kite.Account) bool {
	return before.ClientID != after.ClientID || before.APIKey != after.APIKey ||
		before.Type != after.Type || before.Endpoints != after.Endpoints
}
