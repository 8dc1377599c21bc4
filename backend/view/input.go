package view

import (
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// AccountInput is what the account form sends. A secret is null to leave what
// is stored, "" to clear it, or the new value.
type AccountInput struct {
	AccountName          string   `json:"accountName"`
	ClientID             string   `json:"clientId"`
	PhoneNumber          string   `json:"phoneNumber"`
	APIKey               string   `json:"apiKey"`
	AccountType          string   `json:"accountType"`
	CallbackURL          string   `json:"callbackUrl"`
	PostbackURL          string   `json:"postbackUrl"`
	Password             *string  `json:"password"`
	APISecret            *string  `json:"apiSecret"`
	SessionLifetimeHours float64  `json:"sessionLifetimeHours"`
	LoginURL             string   `json:"loginUrl"`
	APIRoot              string   `json:"apiRoot"`
	AllowedHosts         []string `json:"allowedHosts"`
	Slug                 string   `json:"slug"`     // "" for one made from the name
	LoginWay             string   `json:"loginWay"` // window, browser or paste
}

// Account is the input as an account of that ID, empty for a new one.
func (in AccountInput) Account(id string) kite.Account {
	return kite.Account{
		ID: id, Name: in.AccountName, ClientID: in.ClientID, PhoneNumber: in.PhoneNumber,
		APIKey: in.APIKey, Type: kite.AccountType(in.AccountType),
		CallbackURL: in.CallbackURL, PostbackURL: in.PostbackURL,
		Endpoints:    kite.Endpoints{LoginURL: in.LoginURL, APIRoot: in.APIRoot},
		TTL:          time.Duration(in.SessionLifetimeHours * float64(time.Hour)),
		AllowedHosts: append([]string(nil), in.AllowedHosts...),
		Slug:         in.Slug, LoginWay: kite.LoginWay(in.LoginWay),
	}
}

// Secrets are the changes the input makes to the stored secrets.
func (in AccountInput) Secrets() kite.SecretChanges {
	return kite.SecretChanges{Password: secretChange(in.Password), APISecret: secretChange(in.APISecret)}
}

func secretChange(value *string) kite.SecretChange {
	switch {
	case value == nil:
		return kite.SecretChange{}
	case *value == "":
		return kite.SecretChange{Clear: true}
	default:
		return kite.SecretChange{Set: kite.NewSecret(*value)}
	}
}
