package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// NoticeStore implements kite.NoticeStore.
type NoticeStore struct{ db *DB }

var _ kite.NoticeStore = (*NoticeStore)(nil)

// Notices returns the store of what was told and is shown.
func (db *DB) Notices() *NoticeStore { return &NoticeStore{db} }

// Said returns everything that was told, by key.
func (s *NoticeStore) Said(ctx context.Context) (map[string]kite.Said, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT key, at, again FROM said")
	if err != nil {
		return nil, failed("read what was said", err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	said := map[string]kite.Said{}
	for rows.Next() {
		var one kite.Said
		var at, again sql.NullInt64
		if err := rows.Scan(&one.Key, &at, &again); err != nil {
			return nil, failed("read what was said", err)
		}
		one.At, one.Again = timeOf(at), timeOf(again)
		said[one.Key] = one
	}
	return said, failed("read what was said", rows.Err())
}

// MarkSaid records a notice and what it told.
func (s *NoticeStore) MarkSaid(ctx context.Context, n kite.ShownNotice) error {
	return s.db.inTransaction(ctx, "record notice", func(tx *sql.Tx) error {
		for _, key := range n.SaidKeys {
			_, err := tx.ExecContext(ctx, `INSERT INTO said (key, at) VALUES (?, ?)
				ON CONFLICT (key) DO UPDATE SET at = excluded.at, again = NULL`, key, n.ShownAt.UnixMilli())
			if err != nil {
				return err
			}
		}
		if n.Handle == "" {
			return unshow(ctx, tx, n.Key)
		}
		_, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO shown_notices (key, kind, accounts, said_keys, handle, shown_at)
			VALUES (?, ?, ?, ?, ?, ?)`, n.Key, string(n.Kind), jsonList(n.Accounts), jsonList(n.SaidKeys), string(n.Handle), n.ShownAt.UnixMilli())
		return err
	})
}

func jsonList(list []string) string {
	text, _ := json.Marshal(append([]string{}, list...)) // strings always marshal
	return string(text)
}

// Shown returns the notices that are on the screen, the oldest first.
func (s *NoticeStore) Shown(ctx context.Context) ([]kite.ShownNotice, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT key, kind, accounts, said_keys, handle, shown_at FROM shown_notices ORDER BY shown_at, key")
	if err != nil {
		return nil, failed("list notices", err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var shown []kite.ShownNotice
	for rows.Next() {
		n, err := scanNotice(rows)
		if err != nil {
			return nil, failed("list notices", err)
		}
		shown = append(shown, n)
	}
	return shown, failed("list notices", rows.Err())
}

func scanNotice(rows *sql.Rows) (kite.ShownNotice, error) {
	var n kite.ShownNotice
	var accounts, saidKeys []byte
	var at sql.NullInt64
	if err := rows.Scan(&n.Key, &n.Kind, &accounts, &saidKeys, &n.Handle, &at); err != nil {
		return n, err
	}
	n.ShownAt = timeOf(at)
	return n, errors.Join(json.Unmarshal(accounts, &n.Accounts), json.Unmarshal(saidKeys, &n.SaidKeys))
}

// Unshow forgets a shown notice.
func (s *NoticeStore) Unshow(ctx context.Context, key string) error {
	return failed("forget notice", unshow(ctx, s.db, key))
}

func unshow(ctx context.Context, in execer, key string) error {
	_, err := in.ExecContext(ctx, "DELETE FROM shown_notices WHERE key = ?", key)
	return err
}

// SayAgain lets the things be told once more at that time. What was never told
// needs no second time and is left out.
func (s *NoticeStore) SayAgain(ctx context.Context, saidKeys []string, at time.Time) error {
	return s.db.inTransaction(ctx, "put notice off", func(tx *sql.Tx) error {
		for _, key := range saidKeys {
			if _, err := tx.ExecContext(ctx, "UPDATE said SET again = ? WHERE key = ?", at.UnixMilli(), key); err != nil {
				return err
			}
		}
		return nil
	})
}

// PruneSaid forgets what was told before that time, unless it is to be told
// again later.
func (s *NoticeStore) PruneSaid(ctx context.Context, before time.Time) error {
	_, err := s.db.ExecContext(ctx, "DELETE FROM said WHERE at < ?1 AND coalesce(again, 0) < ?1", before.UnixMilli())
	return failed("forget what was said", err)
}
