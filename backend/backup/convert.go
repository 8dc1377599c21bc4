package backup

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// encode is the payload of an archive that passes the checks of decode.
func encode(a Archive) ([]byte, error) {
	if err := check(a); err != nil {
		return nil, err
	}
	doc := document{Format: format, Version: version, Created: a.Created.UnixMilli(), Accounts: accountList{}}
	for _, e := range a.Accounts {
		doc.Accounts = append(doc.Accounts, accountOf(e))
	}
	if a.Preferences != nil {
		text, err := json.Marshal(a.Preferences.Normal())
		if err != nil {
			return nil, notEncrypted(err)
		}
		doc.Preferences = text
	}
	payload, err := json.Marshal(doc)
	if err != nil {
		return nil, notEncrypted(errText("the payload can't be made"))
	}
	return payload, nil
}

// decode checks a payload and everything in it.
func decode(payload []byte) (Archive, error) {
	if !bounded(payload) {
		return Archive{}, kite.Errorf(kite.EDATA, "This backup holds more than Kite Accounts reads.").
			WithHint("At most 10,000 accounts are read.")
	}
	if err := rightVersion(payload); err != nil {
		return Archive{}, err
	}
	var doc document
	if err := strict(payload).Decode(&doc); errors.Is(err, errTooMany) {
		return Archive{}, asData(tooMany())
	} else if err != nil {
		return Archive{}, unreadable("the payload has an unknown or misshapen field")
	}
	if doc.Accounts == nil { // replacing by nothing would remove everything
		return Archive{}, unreadable("there is no list of accounts")
	}
	archive := Archive{Created: time.UnixMilli(doc.Created).UTC()}
	for _, a := range doc.Accounts {
		archive.Accounts = append(archive.Accounts, a.entry())
	}
	// What the program that wrote it couldn't choose yet has its default.
	if len(doc.Preferences) > 0 && string(doc.Preferences) != "null" {
		p := kite.DefaultPreferences()
		if err := strict(doc.Preferences).Decode(&p); err != nil {
			return Archive{}, unreadable("the preferences have an unknown or misshapen field")
		}
		p = p.Normal()
		archive.Preferences = &p
	}
	if err := check(archive); err != nil {
		return Archive{}, asData(err)
	}
	return archive, nil
}

// rightVersion looks before anything else is asked of the payload, since a
// newer version may have fields that this one doesn't know. It also sees that
// all of the payload is one JSON value.
func rightVersion(payload []byte) error {
	var is struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	err := json.Unmarshal(payload, &is)
	switch {
	case err != nil:
		return unreadable("the payload is no JSON")
	case is.Format != format:
		return kite.Errorf(kite.EDATA, "This file isn't a backup of Kite Accounts.").WithHint("Choose a file that kitectl backup wrote.")
	case is.Version > version:
		return kite.Errorf(kite.EDATA, "This backup was written by a newer version of Kite Accounts.").
			WithHint("Update Kite Accounts and try again.")
	case is.Version < 1:
		return unreadable("there is no such version")
	}
	return nil
}

// unreadable is a payload that decrypts, and so is whole, but isn't ours.
func unreadable(why string) error {
	return kite.Errorf(kite.EDATA, "This backup holds something that Kite Accounts doesn't know, so nothing of it was used.").
		WithHint("Use another copy of the file.").Because(errText(why))
}

// asData makes what can't be written what can't be read.
func asData(err error) error {
	e := *kite.AsError(err)
	e.Code, e.Hint = kite.EDATA, "Nothing of this backup was used. Use another copy of the file."
	return &e
}

func accountOf(e Entry) account {
	a := e.Account
	out := account{
		AccountID: a.ID, AccountName: a.Name, ClientID: a.ClientID, PhoneNumber: a.PhoneNumber,
		Password: plain{e.Secrets.Password}, APIKey: a.APIKey, APISecret: plain{e.Secrets.APISecret},
		AccountType: string(a.Type), CallbackURL: a.CallbackURL, PostbackURL: a.PostbackURL,
		SessionLifetimeHours: a.TTL.Hours(), LoginURL: a.Endpoints.LoginURL, APIRoot: a.Endpoints.APIRoot,
		AllowedHosts: append([]string{}, a.AllowedHosts...), Slug: a.Slug, LoginWay: string(a.LoginWay),
		LastLoginAt: ms(a.LastLoginAt), CreatedAt: a.CreatedAt.UnixMilli(), UpdatedAt: a.UpdatedAt.UnixMilli(),
	}
	if s := e.Session; s != nil {
		out.Session = &session{
			SessionID:   s.ID,
			AccessToken: plain{e.Tokens.Access}, RequestToken: plain{e.Tokens.Request},
			PublicToken: plain{e.Tokens.Public}, RefreshToken: plain{e.Tokens.Refresh},
			UserID: s.UserID, UserName: s.UserName, UserShortname: s.UserShortname, Email: s.Email,
			UserType: s.UserType, Broker: s.Broker,
			LoginTime: s.LoginTime.UnixMilli(), TTL: s.TTL.Hours(), ExpiresAt: s.ExpiresAt.UnixMilli(),
			CreatedAt: s.CreatedAt.UnixMilli(), VerifiedAt: ms(s.VerifiedAt),
		}
	}
	return out
}

func (a account) entry() Entry {
	e := Entry{
		Account: kite.Account{
			ID: a.AccountID, Name: norm.NFC.String(strings.TrimSpace(a.AccountName)), ClientID: a.ClientID, PhoneNumber: a.PhoneNumber,
			APIKey: a.APIKey, Type: kite.AccountType(a.AccountType), CallbackURL: a.CallbackURL, PostbackURL: a.PostbackURL,
			Endpoints: kite.Endpoints{LoginURL: a.LoginURL, APIRoot: strings.TrimRight(a.APIRoot, "/")},
			TTL:       hours(a.SessionLifetimeHours), AllowedHosts: slices.Clone(a.AllowedHosts),
			Slug: a.Slug, LoginWay: kite.LoginWay(a.LoginWay),
			HasPassword: !a.Password.Empty(), HasAPISecret: !a.APISecret.Empty(),
			LastLoginAt: moment(a.LastLoginAt), CreatedAt: moment(&a.CreatedAt), UpdatedAt: moment(&a.UpdatedAt),
		},
		Secrets: kite.Secrets{Password: a.Password.Secret, APISecret: a.APISecret.Secret},
	}
	if s := a.Session; s != nil {
		e.Session = &kite.Session{
			ID: s.SessionID, AccountID: a.AccountID, UserID: s.UserID, UserName: s.UserName, UserShortname: s.UserShortname,
			Email: s.Email, UserType: s.UserType, Broker: s.Broker, LoginTime: moment(&s.LoginTime), TTL: hours(s.TTL),
			ExpiresAt: moment(&s.ExpiresAt), CreatedAt: moment(&s.CreatedAt), VerifiedAt: moment(s.VerifiedAt), Status: kite.Active,
		}
		e.Tokens = kite.Tokens{
			Access: s.AccessToken.Secret, Request: s.RequestToken.Secret, Public: s.PublicToken.Secret, Refresh: s.RefreshToken.Secret,
		}
	}
	return e
}
