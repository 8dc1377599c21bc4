package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Settings implements kite.Settings.
type Settings struct{ db *DB }

var _ kite.Settings = (*Settings)(nil)

// Settings returns the store of settings.
func (db *DB) Settings() *Settings { return &Settings{db} }

// Setting returns "" for a key never set.
func (s *Settings) Setting(ctx context.Context, key string) (string, error) {
	var value string
	err := s.db.QueryRowContext(ctx, "SELECT value FROM settings WHERE key = ?", key).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return value, failed("read setting", err)
}

// SetSetting stores a value.
func (s *Settings) SetSetting(ctx context.Context, key, value string) error {
	_, err := s.db.ExecContext(ctx,
		"INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", key, value)
	return failed("store setting", err)
}
