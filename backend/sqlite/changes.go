package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Changes tells, in a few microseconds, whether anybody has committed anything
// to the database, this process among them: it has a connection of its own.
// Who keeps a copy of what is stored compares the version before it uses the
// copy.
type Changes struct {
	pool *sql.DB
	ask  *sql.Stmt
}

// OpenChanges opens an existing database to look for changes; its errors are
// those of OpenReadOnly.
func OpenChanges(ctx context.Context, path string) (*Changes, error) {
	db, err := OpenReadOnly(ctx, path)
	if err != nil {
		return nil, err
	}
	db.SetMaxIdleConns(1)
	ask, err := db.PrepareContext(ctx, "PRAGMA data_version")
	if err != nil {
		return nil, errors.Join(failed("look for changes", err), db.Close())
	}
	return &Changes{pool: db.DB, ask: ask}, nil
}

// DataVersion is another number whenever something was committed since it was
// last asked for, https://www.sqlite.org/pragma.html#pragma_data_version. It
// takes no context: to watch one costs more than the answer, which waits for
// nobody.
func (c *Changes) DataVersion() (int64, error) {
	var version int64
	if err := c.ask.QueryRow().Scan(&version); err != nil { //nolint:noctx // see above
		return 0, fmt.Errorf("look for changes: %w", err)
	}
	return version, nil
}

// Close closes the connection.
func (c *Changes) Close() error { return errors.Join(c.ask.Close(), c.pool.Close()) }
