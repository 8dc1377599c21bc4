package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// VaultStore implements kite.VaultStore.
type VaultStore struct{ db *DB }

var _ kite.VaultStore = (*VaultStore)(nil)

// Vault returns the store of the vault's record.
func (db *DB) Vault() *VaultStore { return &VaultStore{db} }

// Vault reads the vault's id and slots.
func (s *VaultStore) Vault(ctx context.Context) (kite.VaultRecord, error) {
	var v kite.VaultRecord
	err := s.db.QueryRowContext(ctx, "SELECT vault_id FROM vault").Scan(&v.VaultID)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return v, failed("read vault", err)
	}
	err = s.db.QueryRowContext(ctx, `SELECT
		EXISTS (SELECT 1 FROM kite_accounts WHERE password IS NOT NULL OR api_secret IS NOT NULL) OR
		EXISTS (SELECT 1 FROM kite_sessions WHERE access_token IS NOT NULL)`).Scan(&v.HasSealedData)
	if err != nil {
		return v, failed("read vault", err)
	}
	v.Slots, err = s.slots(ctx)
	return v, failed("read key slots", err)
}

func (s *VaultStore) slots(ctx context.Context) ([]kite.KeySlot, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT slot_id, kind, provider, kdf, wrapped_key, created_at FROM key_slots ORDER BY created_at, slot_id")
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var slots []kite.KeySlot
	for rows.Next() {
		var k kite.KeySlot
		var created int64
		if err := rows.Scan(&k.ID, &k.Kind, &k.Provider, &k.KDF, &k.WrappedKey, &created); err != nil {
			return nil, err
		}
		k.CreatedAt = time.UnixMilli(created).UTC()
		slots = append(slots, k)
	}
	return slots, rows.Err()
}

// CreateVault stores the vault's id and its first slot; ECONFLICT if there is
// a vault.
func (s *VaultStore) CreateVault(ctx context.Context, vaultID string, slot kite.KeySlot) error {
	return s.db.inTransaction(ctx, "create vault", func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "INSERT INTO vault (one, vault_id) VALUES (1, ?)", vaultID); err != nil {
			if violates(err) {
				return kite.Errorf(kite.ECONFLICT, "There is a vault already.").Because(err)
			}
			return err
		}
		return insertSlot(ctx, tx, slot)
	})
}

// ReplaceSlots stores these slots in place of the ones there are. It refuses to
// leave none, since nothing would ever open the data again.
func (s *VaultStore) ReplaceSlots(ctx context.Context, slots []kite.KeySlot) error {
	if len(slots) == 0 {
		return errors.New("replace key slots: none given")
	}
	return s.db.inTransaction(ctx, "replace key slots", func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM key_slots"); err != nil {
			return err
		}
		for _, slot := range slots {
			if err := insertSlot(ctx, tx, slot); err != nil {
				return err
			}
		}
		return nil
	})
}

func insertSlot(ctx context.Context, tx *sql.Tx, k kite.KeySlot) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO key_slots (slot_id, kind, provider, kdf, wrapped_key, created_at) VALUES (?, ?, ?, ?, ?, ?)",
		k.ID, string(k.Kind), k.Provider, k.KDF, k.WrappedKey, k.CreatedAt.UnixMilli())
	return err
}
