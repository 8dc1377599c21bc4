package sqlite

import (
	"context"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// selectNamed excludes empty slugs in so many words: only then is SQLite sure
// that the slugs' index, which lacks them, has all that are wanted,
// https://www.sqlite.org/partialindex.html.
const selectNamed = selectAccount + "WHERE account_name_key = ? OR slug = ? AND slug <> ''"

// AccountsNamed returns the accounts, at most two, that have this name, in any
// case, or this slug: all that kite.FindAccount could mean by it.
func (s *AccountStore) AccountsNamed(ctx context.Context, nameOrSlug string) ([]kite.Account, error) {
	rows, err := s.db.QueryContext(ctx, selectNamed, folded(nameOrSlug), nameOrSlug)
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
