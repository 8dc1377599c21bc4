package accounts

import (
	"context"
	"fmt"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Check returns what is wrong with an account as typed, each with its Field;
// nothing if it can be saved. The ID is empty for a new account.
func (s *Service) Check(ctx context.Context, a kite.Account, secrets kite.SecretChanges) ([]*kite.Error, error) {
	a = normal(a)
	problems := a.Validate()
	if e := kite.ValidateSecret("password", secrets.Password.Set); e != nil {
		problems = append(problems, e)
	}
	if e := kite.ValidateSecret("apiSecret", secrets.APISecret.Set); e != nil {
		problems = append(problems, e)
	}
	others, err := s.Store.Accounts(ctx)
	if err != nil {
		return nil, fmt.Errorf("check account: %w", err)
	}
	for _, other := range others {
		if other.ID != a.ID {
			problems = append(problems, clashes(a, other)...)
		}
	}
	return problems, nil
}

func clashes(a, other kite.Account) []*kite.Error {
	var found []*kite.Error
	if a.Name != "" && sameName(a.Name, other.Name) {
		found = append(found, kite.Errorf(kite.ECONFLICT, "Another account is called %s. Choose another name.", other.Name).WithField("accountName"))
	}
	if a.ClientID != "" && a.APIKey != "" && a.ClientID == other.ClientID && a.APIKey == other.APIKey {
		found = append(found, kite.Errorf(kite.ECONFLICT, "%s already has this client ID with this API key.", other.Name).WithField("clientId"))
	}
	if a.Slug != "" && (a.Slug == other.Slug || sameName(a.Slug, other.Name)) {
		found = append(found, kite.Errorf(kite.ECONFLICT, "%s is called that by programs. Choose another short name.", other.Name).WithField("slug"))
	}
	if a.Name != "" && other.Slug != "" && sameName(a.Name, other.Slug) {
		found = append(found, kite.Errorf(kite.ECONFLICT, "Programs call another account, %s, by that name. Choose another.", other.Name).WithField("accountName"))
	}
	return found
}

// sameName compares NFC and case-folded. The database, which composes once more
// after folding, has the last word.
func sameName(a, b string) bool {
	return cases.Fold().String(norm.NFC.String(a)) == cases.Fold().String(norm.NFC.String(b))
}

func (s *Service) check(ctx context.Context, a kite.Account, secrets kite.SecretChanges) error {
	problems, err := s.Check(ctx, a, secrets)
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return problems[0]
	}
	return nil
}
