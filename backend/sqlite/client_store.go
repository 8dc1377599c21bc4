package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// ClientStore implements kite.ClientStore.
type ClientStore struct{ db *DB }

var _ kite.ClientStore = (*ClientStore)(nil)

// Clients returns the store of the local API's clients.
func (db *DB) Clients() *ClientStore { return &ClientStore{db} }

const (
	clientColumns = "client_id, name, account_ids, all_accounts, may_trade, created_at, last_used_at"
	selectClient  = "SELECT " + clientColumns + " FROM api_clients "
)

// Clients returns all clients by name.
func (s *ClientStore) Clients(ctx context.Context) ([]kite.APIClient, error) {
	rows, err := s.db.QueryContext(ctx, selectClient+"ORDER BY name_key")
	if err != nil {
		return nil, failed("list clients", err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var clients []kite.APIClient
	for rows.Next() {
		c, err := scanClient(rows)
		if err != nil {
			return nil, failed("list clients", err)
		}
		clients = append(clients, c)
	}
	return clients, failed("list clients", rows.Err())
}

// ClientsByToken returns all clients by their tokens.
func (s *ClientStore) ClientsByToken(ctx context.Context) (map[kite.TokenHash]kite.APIClient, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT "+clientColumns+", token_hash FROM api_clients")
	if err != nil {
		return nil, failed("list clients by token", err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	clients := map[kite.TokenHash]kite.APIClient{}
	for rows.Next() {
		var hash []byte
		c, err := scanClient(rows, &hash)
		if err != nil {
			return nil, failed("list clients by token", err)
		}
		if len(hash) != len(kite.TokenHash{}) {
			continue // no token has it
		}
		clients[kite.TokenHash(hash)] = c
	}
	return clients, failed("list clients by token", rows.Err())
}

func scanClient(row interface{ Scan(...any) error }, more ...any) (kite.APIClient, error) {
	var c kite.APIClient
	var accounts string
	var created, used sql.NullInt64
	err := row.Scan(append([]any{&c.ID, &c.Name, &accounts, &c.AllAccounts, &c.MayTrade, &created, &used}, more...)...)
	if err != nil {
		return c, err
	}
	c.CreatedAt, c.LastUsedAt = timeOf(created), timeOf(used)
	return c, json.Unmarshal([]byte(accounts), &c.AccountIDs)
}

// ClientByToken returns ENOTFOUND if no client has that token.
func (s *ClientStore) ClientByToken(ctx context.Context, h kite.TokenHash) (kite.APIClient, error) {
	c, err := scanClient(s.db.QueryRowContext(ctx, selectClient+"WHERE token_hash = ?", h[:]))
	if errors.Is(err, sql.ErrNoRows) {
		return c, kite.Errorf(kite.ENOTFOUND, "No client of the local API has this token.").
			WithHint("It may have been revoked. Add a client in Kite Accounts' preferences.")
	}
	return c, failed("read client", err)
}

// CreateClient stores a new client.
func (s *ClientStore) CreateClient(ctx context.Context, c kite.APIClient, h kite.TokenHash) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO api_clients (client_id, name, name_key, token_hash, account_ids, all_accounts, may_trade, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		c.ID, c.Name, folded(c.Name), h[:], accountList(c), c.AllAccounts, c.MayTrade, c.CreatedAt.UnixMilli())
	return failed("add client", sameClientName(c, err))
}

func accountList(c kite.APIClient) string {
	list, _ := json.Marshal(append([]string{}, c.AccountIDs...)) // strings always marshal
	return string(list)
}

func sameClientName(c kite.APIClient, err error) error {
	if violates(err) {
		return kite.Errorf(kite.ECONFLICT, "Another program is called %s.", c.Name).WithHint("Choose another name.").WithField("name").Because(err)
	}
	return err
}

// UpdateClient replaces what the user may change.
func (s *ClientStore) UpdateClient(ctx context.Context, c kite.APIClient) error {
	result, err := s.db.ExecContext(ctx, "UPDATE api_clients SET name = ?, name_key = ?, account_ids = ?, all_accounts = ?, may_trade = ? WHERE client_id = ?",
		c.Name, folded(c.Name), accountList(c), c.AllAccounts, c.MayTrade, c.ID)
	return failed("change client", mustTouchOne(result, sameClientName(c, err), noClient))
}

func noClient() error {
	return kite.Errorf(kite.ENOTFOUND, "This program was removed already.").WithHint("Add it again if it needs a token.")
}

// DeleteClient removes a client and with it the hash of its token.
func (s *ClientStore) DeleteClient(ctx context.Context, id string) error {
	result, err := s.db.ExecContext(ctx, "DELETE FROM api_clients WHERE client_id = ?", id)
	return failed("revoke client", mustTouchOne(result, err, noClient))
}

// ClientUsed notes when a client was last there.
func (s *ClientStore) ClientUsed(ctx context.Context, id string, at time.Time) error {
	_, err := s.db.ExecContext(ctx, "UPDATE api_clients SET last_used_at = ? WHERE client_id = ?", at.UnixMilli(), id)
	return failed("note use of client", err)
}
