package sqlite

import (
	"context"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// AccountsNamed returns the accounts, at most two, that have this name, in any
// case, or this slug: all that kite.FindAccount could mean by it.
//
// Empty slugs are excluded in so many words: only then is SQLite sure that the
// slugs' index, which lacks them, has all that are wanted,
// https://www.sqlite.org/partialindex.html.
func (s *AccountStore) AccountsNamed(ctx context.Context, nameOrSlug string) ([]kite.Account, error) {
	rows, err := s.db.QueryContext(ctx, selectAccount+"WHERE account_name_key = ? OR slug = ? AND slug <> ''", folded(nameOrSlug), nameOrSlug)
	if err != nil {
		return nil, failed("find account", err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var accounts []kite.Account
	for rows.Next() {
		a, err := scanAccount(rows)
		if err != nil {
			return nil, failed("find account", err)
		}
		accounts = append(accounts, a)
	}
	return accounts, failed("find account", rows.Err())
}
