package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// AccountStore implements kite.AccountStore.
type AccountStore struct {
	db     *DB
	sealer kite.Sealer
}

var _ kite.AccountStore = (*AccountStore)(nil)

// Accounts returns the store of accounts, which seals secrets with sealer.
func (db *DB) Accounts(sealer kite.Sealer) *AccountStore { return &AccountStore{db, sealer} }

const accountsTable = "kite_accounts"

const selectAccount = `SELECT account_id, account_name, client_id, phone_number, api_key, account_type,
	callback_url, postback_url, login_url, api_root, ttl, allowed_hosts,
	password IS NOT NULL, api_secret IS NOT NULL, last_login_at, created_at, updated_at, slug, login_way FROM kite_accounts `

// Accounts returns all accounts in the order they were created.
func (s *AccountStore) Accounts(ctx context.Context) ([]kite.Account, error) {
	rows, err := s.db.QueryContext(ctx, selectAccount+"ORDER BY created_at, account_id")
	if err != nil {
		return nil, failed("list accounts", err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var accounts []kite.Account
	for rows.Next() {
		a, err := scanAccount(rows)
		if err != nil {
			return nil, failed("list accounts", err)
		}
		accounts = append(accounts, a)
	}
	return accounts, failed("list accounts", rows.Err())
}

// Account returns ENOTFOUND if there is no such account.
func (s *AccountStore) Account(ctx context.Context, id string) (kite.Account, error) {
	a, err := scanAccount(s.db.QueryRowContext(ctx, selectAccount+"WHERE account_id = ?", id))
	if errors.Is(err, sql.ErrNoRows) {
		return a, noAccount()
	}
	return a, failed("read account", err)
}

func noAccount() error {
	return kite.Errorf(kite.ENOTFOUND, "This account doesn't exist any more.").WithHint("It may have been deleted in another window.")
}

func scanAccount(row interface{ Scan(...any) error }) (kite.Account, error) {
	var a kite.Account
	var hosts string
	var hours float64
	var lastLogin, created, updated sql.NullInt64
	err := row.Scan(&a.ID, &a.Name, &a.ClientID, &a.PhoneNumber, &a.APIKey, &a.Type,
		&a.CallbackURL, &a.PostbackURL, &a.Endpoints.LoginURL, &a.Endpoints.APIRoot, &hours, &hosts,
		&a.HasPassword, &a.HasAPISecret, &lastLogin, &created, &updated, &a.Slug, &a.LoginWay)
	if err != nil {
		return a, err
	}
	a.TTL = fromHours(hours)
	a.LastLoginAt, a.CreatedAt, a.UpdatedAt = timeOf(lastLogin), timeOf(created), timeOf(updated)
	return a, json.Unmarshal([]byte(hosts), &a.AllowedHosts)
}

func fromHours(h float64) time.Duration {
	return time.Duration(h * float64(time.Hour)).Round(time.Millisecond)
}

// CreateAccount stores a new account.
func (s *AccountStore) CreateAccount(ctx context.Context, a kite.Account, secrets kite.SecretChanges) error {
	return s.db.inTransaction(ctx, "create account", func(tx *sql.Tx) error {
		if err := refuseClash(ctx, tx, a); err != nil {
			return err
		}
		if err := insertAccount(ctx, tx, a); err != nil {
			return err
		}
		return s.applySecrets(ctx, tx, a.ID, secrets)
	})
}

// UpdateAccount replaces the fields.
func (s *AccountStore) UpdateAccount(ctx context.Context, a kite.Account, secrets kite.SecretChanges) error {
	return s.db.inTransaction(ctx, "edit account", func(tx *sql.Tx) error {
		if err := refuseClash(ctx, tx, a); err != nil {
			return err
		}
		if err := updateAccount(ctx, tx, a); err != nil {
			return err
		}
		return s.applySecrets(ctx, tx, a.ID, secrets)
	})
}

func insertAccount(ctx context.Context, tx *sql.Tx, a kite.Account) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO kite_accounts (account_name, account_name_key, client_id, phone_number, api_key,
		account_type, callback_url, postback_url, login_url, api_root, ttl, allowed_hosts, slug, login_way,
		updated_at, created_at, last_login_at, account_id)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		append(columns(a), a.CreatedAt.UnixMilli(), millis(a.LastLoginAt), a.ID)...)
	return err
}

func updateAccount(ctx context.Context, tx *sql.Tx, a kite.Account) error {
	result, err := tx.ExecContext(ctx, `UPDATE kite_accounts SET account_name = ?, account_name_key = ?, client_id = ?, phone_number = ?,
		api_key = ?, account_type = ?, callback_url = ?, postback_url = ?, login_url = ?, api_root = ?, ttl = ?, allowed_hosts = ?, slug = ?,
		login_way = ?, updated_at = ? WHERE account_id = ?`, append(columns(a), a.ID)...)
	return mustTouchOne(result, err, noAccount)
}

// columns are the values both statements above share, in their order.
func columns(a kite.Account) []any {
	hosts, _ := json.Marshal(append([]string{}, a.AllowedHosts...)) // strings always marshal
	return []any{
		a.Name, folded(a.Name), a.ClientID, a.PhoneNumber, a.APIKey, string(a.Type), a.CallbackURL, a.PostbackURL,
		a.Endpoints.LoginURL, a.Endpoints.APIRoot, a.TTL.Hours(), string(hosts), a.Slug, string(wayOf(a)),
		a.UpdatedAt.UnixMilli(),
	}
}

func wayOf(a kite.Account) kite.LoginWay {
	if a.LoginWay == "" {
		return kite.LoginInWindow
	}
	return a.LoginWay
}

// refuseClash answers with the form field; the constraints are the guard
// behind it.
func refuseClash(ctx context.Context, tx *sql.Tx, a kite.Account) error {
	var sameName, samePair, sameSlug bool
	err := tx.QueryRowContext(ctx, `SELECT
		EXISTS (SELECT 1 FROM kite_accounts WHERE account_name_key = ? AND account_id <> ?),
		EXISTS (SELECT 1 FROM kite_accounts WHERE api_key = ? AND client_id = ? AND account_id <> ?),
		EXISTS (SELECT 1 FROM kite_accounts WHERE slug = ? AND slug <> '' AND account_id <> ?)`,
		folded(a.Name), a.ID, a.APIKey, a.ClientID, a.ID, a.Slug, a.ID).Scan(&sameName, &samePair, &sameSlug)
	switch {
	case err != nil:
		return err
	case sameName:
		return kite.Errorf(kite.ECONFLICT, "Another account is called %s.", a.Name).WithHint("Choose another name.").WithField("accountName")
	case samePair:
		return kite.Errorf(kite.ECONFLICT, "Another account has this client ID with this API key.").
			WithHint("Edit that account instead.").WithField("clientId")
	case sameSlug:
		return kite.Errorf(kite.ECONFLICT, "Another account has the short name %s.", a.Slug).
			WithHint("Choose another short name.").WithField("slug")
	}
	return nil
}

func (s *AccountStore) applySecrets(ctx context.Context, tx *sql.Tx, id string, c kite.SecretChanges) error {
	if err := s.applySecret(ctx, tx, id, "password", c.Password); err != nil {
		return err
	}
	return s.applySecret(ctx, tx, id, "api_secret", c.APISecret)
}

func (s *AccountStore) applySecret(ctx context.Context, tx *sql.Tx, id, column string, c kite.SecretChange) error {
	var sealed []byte
	switch {
	case !c.Set.Empty():
		var err error
		if sealed, err = s.sealer.Seal(kite.Place{Table: accountsTable, Column: column, Row: id}, c.Set); err != nil {
			return err
		}
	case !c.Clear:
		return nil
	}
	_, err := tx.ExecContext(ctx, "UPDATE kite_accounts SET "+column+" = ? WHERE account_id = ?", sealed, id) //nolint:gosec // column is one of two constants
	return err
}

// DeleteAccount removes the account with its sessions.
func (s *AccountStore) DeleteAccount(ctx context.Context, id string) error {
	result, err := s.db.ExecContext(ctx, "DELETE FROM kite_accounts WHERE account_id = ?", id)
	return failed("delete account", mustTouchOne(result, err, noAccount))
}

// Secrets unseals the account's secrets.
func (s *AccountStore) Secrets(ctx context.Context, accountID string) (kite.Secrets, error) {
	var secrets kite.Secrets
	var password, apiSecret []byte
	err := s.db.QueryRowContext(ctx, "SELECT password, api_secret FROM kite_accounts WHERE account_id = ?", accountID).Scan(&password, &apiSecret)
	if errors.Is(err, sql.ErrNoRows) {
		return secrets, noAccount()
	}
	if err != nil {
		return secrets, failed("read secrets", err)
	}
	if secrets.Password, err = unseal(s.sealer, accountsTable, "password", accountID, password); err != nil {
		return kite.Secrets{}, wrap("read password", err)
	}
	secrets.APISecret, err = unseal(s.sealer, accountsTable, "api_secret", accountID, apiSecret)
	return secrets, wrap("read API secret", err)
}

// unseal opens one column; NULL is the empty Secret.
func unseal(sealer kite.Sealer, table, column, row string, sealed []byte) (kite.Secret, error) {
	if sealed == nil {
		return kite.Secret{}, nil
	}
	return sealer.Open(kite.Place{Table: table, Column: column, Row: row}, sealed)
}

func mustTouchOne(result sql.Result, err error, none func() error) error {
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return none()
}
