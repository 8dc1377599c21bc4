package program

import (
	"context"
	"strings"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Secret is one secret of an account, by the names of the page: password,
// apiSecret, accessToken. ENOTFOUND if it isn't stored.
func (s *Services) Secret(ctx context.Context, accountID, field string) (kite.Secret, error) {
	if field == "accessToken" {
		return s.Sessions.AccessToken(ctx, accountID)
	}
	secrets, err := s.Accounts.Store.Secrets(ctx, accountID)
	if err != nil {
		return kite.Secret{}, err
	}
	value := map[string]kite.Secret{"password": secrets.Password, "apiSecret": secrets.APISecret}[field]
	if value.Empty() {
		return value, kite.Errorf(kite.ENOTFOUND, "Nothing is stored there.").WithHint("Edit the account to enter it.")
	}
	return value, nil
}

// Reveal is Secret for the user's eyes, which the history notes.
func (s *Services) Reveal(ctx context.Context, accountID, field string) (kite.Secret, error) {
	value, err := s.Secret(ctx, accountID, field)
	if err == nil {
		s.Sessions.RecordExport(ctx, accountID, itemWords(field)+" revealed.")
	}
	return value, err
}

// itemWords is what the history calls an item.
func itemWords(item string) string {
	if strings.HasPrefix(item, "example:") {
		return "Example with the access token"
	}
	words, known := map[string]string{
		"password": "Password", "apiSecret": "API secret", "accessToken": "Access token",
		"authorizationHeader": "Authorization header",
	}[item]
	if !known {
		return "Secret"
	}
	return words
}

// Copy is CopyItem for the clipboard, which the history notes of secrets.
func (s *Services) Copy(ctx context.Context, accountID, item string) (value kite.Secret, secret bool, err error) {
	value, secret, err = s.CopyItem(ctx, accountID, item)
	if err == nil && secret {
		s.Sessions.RecordExport(ctx, accountID, itemWords(item)+" copied.")
	}
	return value, secret, err
}

// CopyItem is what the page asks to copy, by its name, and whether it is
// secret.
func (s *Services) CopyItem(ctx context.Context, accountID, item string) (value kite.Secret, secret bool, err error) {
	if id, isExample := strings.CutPrefix(item, "example:"); isExample {
		value, err = s.Sessions.ExampleWithToken(ctx, accountID, id)
		return value, true, err
	}
	switch item {
	case "password", "apiSecret", "accessToken":
		value, err = s.Secret(ctx, accountID, item)
		return value, true, err
	case "authorizationHeader":
		value, err = s.Sessions.HeaderWithToken(ctx, accountID)
		return value, true, err
	}
	a, err := s.Accounts.Store.Account(ctx, accountID)
	if err != nil {
		return value, false, err
	}
	plain, known := map[string]string{"apiKey": a.APIKey, "clientId": a.ClientID, "callbackUrl": a.CallbackURL}[item]
	if !known {
		return value, false, kite.Errorf(kite.EINVALID, "There is nothing of that name to copy.")
	}
	return kite.NewSecret(plain), false, nil
}
