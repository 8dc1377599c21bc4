package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	sqlite3 "github.com/mattn/go-sqlite3"
)

// inTransaction commits what do did, or rolls all of it back on an error.
func (db *DB) inTransaction(ctx context.Context, doing string, do func(*sql.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return failed(doing, err)
	}
	// Not cancelled with ctx: database/sql would roll back in the background
	// then, and still have the files open after Close.
	tx, err := db.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return failed(doing, err)
	}
	if err := do(tx); err != nil {
		if rollback := tx.Rollback(); rollback != nil && !errors.Is(rollback, sql.ErrTxDone) {
			err = errors.Join(err, rollback)
		}
		return failed(doing, err)
	}
	return failed(doing, tx.Commit())
}

// violates says that a UNIQUE or PRIMARY KEY constraint refused a row.
func violates(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && (e.ExtendedCode == sqlite3.ErrConstraintUnique || e.ExtendedCode == sqlite3.ErrConstraintPrimaryKey)
}

func millis(t time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: t.UnixMilli(), Valid: !t.IsZero()}
}

func timeOf(ms sql.NullInt64) time.Time {
	if !ms.Valid {
		return time.Time{}
	}
	return time.UnixMilli(ms.Int64).UTC()
}
