package sqlite

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// HistoryStore implements kite.HistoryStore.
type HistoryStore struct{ db *DB }

var _ kite.HistoryStore = (*HistoryStore)(nil)

// History returns the store of the history.
func (db *DB) History() *HistoryStore { return &HistoryStore{db} }

// execer is a database or a transaction.
type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// Record adds an entry.
func (s *HistoryStore) Record(ctx context.Context, e kite.HistoryEntry) error {
	return failed("record history", record(ctx, s.db, e))
}

// record fills name and client ID in from the account, as they are now.
func record(ctx context.Context, in execer, e kite.HistoryEntry) error {
	_, err := in.ExecContext(ctx, `INSERT INTO history (at, account_id, account_name, client_id, kind, ok, detail) VALUES (?1, ?2,
		coalesce(nullif(?3, ''), (SELECT account_name FROM kite_accounts WHERE account_id = ?2), ''),
		coalesce(nullif(?4, ''), (SELECT client_id FROM kite_accounts WHERE account_id = ?2), ''), ?5, ?6, ?7)`,
		e.At.UnixMilli(), e.AccountID, e.AccountName, e.ClientID, string(e.Kind), e.OK, e.Detail)
	return err
}

// History returns the entries, newest first.
func (s *HistoryStore) History(ctx context.Context, f kite.HistoryFilter) ([]kite.HistoryEntry, error) {
	query, args := selectHistory(f)
	rows, err := s.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, failed("read history", err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var entries []kite.HistoryEntry
	for rows.Next() {
		var e kite.HistoryEntry
		var at sql.NullInt64
		if err := rows.Scan(&e.ID, &at, &e.AccountID, &e.AccountName, &e.ClientID, &e.Kind, &e.OK, &e.Detail); err != nil {
			return nil, failed("read history", err)
		}
		e.At = timeOf(at)
		entries = append(entries, e)
	}
	return entries, failed("read history", rows.Err())
}

func selectHistory(f kite.HistoryFilter) (query string, args []any) {
	where := []string{"true"}
	and := func(condition string, with ...any) {
		where, args = append(where, condition), append(args, with...)
	}
	if f.AccountID != "" {
		and("account_id = ?", f.AccountID)
	}
	if f.Kind != "" {
		and("kind = ?", string(f.Kind))
	}
	if f.Query != "" {
		and("mentions(?, account_name, client_id, kind, detail)", folded(f.Query))
	}
	if !f.Since.IsZero() {
		and("at >= ?", f.Since.UnixMilli())
	}
	if f.Before > 0 {
		and("id < ?", f.Before)
	}
	query = "SELECT id, at, account_id, account_name, client_id, kind, ok, detail FROM history WHERE " +
		strings.Join(where, " AND ") + " ORDER BY id DESC"
	if f.Limit > 0 {
		query, args = query+" LIMIT ?", append(args, f.Limit)
	}
	return query, args
}

// PruneHistory removes entries and ended sessions from before that time.
func (s *HistoryStore) PruneHistory(ctx context.Context, before time.Time) error {
	return s.db.inTransaction(ctx, "prune history", func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM history WHERE at < ?", before.UnixMilli()); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM kite_sessions WHERE status = 'expired' AND ended_at < ?
			AND rowid NOT IN (SELECT max(rowid) FROM kite_sessions GROUP BY account_id)`, before.UnixMilli())
		return err
	})
}
