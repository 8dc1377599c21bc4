package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Versions tells whether anybody has written to the database, over a
// connection of its own: asking never waits for a transaction, long as it may
// be.
type Versions struct {
	pool *sql.DB
	ask  *sql.Stmt
}

// Versions opens that connection, which only reads. Close it before the
// database: the last connection to close tidies up beside the file, and this
// one may not write.
func (db *DB) Versions(ctx context.Context) (*Versions, error) {
	var path string
	if err := db.QueryRowContext(ctx, "SELECT file FROM pragma_database_list WHERE name = 'main'").Scan(&path); err != nil {
		return nil, failed("find the database's file", err)
	}
	pool, err := connect(path, "mode", "ro")
	if err != nil {
		return nil, err
	}
	// One connection for good: what the pragma counts is told per connection.
	pool.SetConnMaxLifetime(0)
	pool.SetConnMaxIdleTime(0)
	pool.SetMaxIdleConns(1)
	ask, err := pool.PrepareContext(ctx, "PRAGMA data_version")
	if err != nil {
		return nil, errors.Join(fmt.Errorf("prepare data_version: %w", err), pool.Close())
	}
	return &Versions{pool: pool, ask: ask}, nil
}

// Version is a number that is another one after each commit, by this process
// or any other, https://www.sqlite.org/pragma.html#pragma_data_version. Equal
// numbers mean that nothing was written between the two calls.
func (v *Versions) Version(ctx context.Context) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, failed("read data_version", err)
	}
	var n int64
	// Not cancelled with ctx, which would cost a goroutine for each call of a
	// few microseconds, and the connection if it were interrupted.
	err := v.ask.QueryRowContext(context.WithoutCancel(ctx)).Scan(&n)
	return n, failed("read data_version", err)
}

// Close ends the connection.
func (v *Versions) Close() error { return errors.Join(v.ask.Close(), v.pool.Close()) }
