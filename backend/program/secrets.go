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
