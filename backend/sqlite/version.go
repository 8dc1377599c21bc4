package sqlite

import (
	"context"
	"database/sql"
	sqldriver "database/sql/driver"
	"errors"
	"fmt"
	"sync"
)

// Versions tells whether anybody has written to the database, over a
// connection of its own: asking never waits for a transaction, long as it may
// be. Programs are served only after asking, so it goes past database/sql,
// which would take as long again.
type Versions struct {
	pool *sql.DB
	conn *sql.Conn

	mu     sync.Mutex
	ask    sqldriver.Stmt // nil once closed
	answer []sqldriver.Value
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
	v := &Versions{pool: pool, answer: make([]sqldriver.Value, 1)}
	if v.conn, err = pool.Conn(ctx); err != nil {
		return nil, errors.Join(failed("open the database once more", err), pool.Close())
	}
	err = v.conn.Raw(func(conn any) error {
		v.ask, err = conn.(sqldriver.Conn).Prepare("PRAGMA data_version") //nolint:forcetypeassert // what drivers are
		return err
	})
	if err != nil {
		return nil, errors.Join(failed("prepare data_version", err), v.conn.Close(), pool.Close())
	}
	return v, nil
}

var errVersionsClosed = errors.New("connection is closed")

// Version is a number that is another one after each commit, by this process
// or any other, https://www.sqlite.org/pragma.html#pragma_data_version. Equal
// numbers mean that nothing was written between the two calls.
func (v *Versions) Version(ctx context.Context) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, failed("read data_version", err)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ask == nil {
		return 0, failed("read data_version", errVersionsClosed)
	}
	// Not cancelled with ctx, which would cost a goroutine for a call of
	// microseconds.
	rows, err := v.ask.Query(nil) //nolint:staticcheck // the other form takes a context
	if err != nil {
		return 0, failed("read data_version", err)
	}
	err = errors.Join(rows.Next(v.answer), rows.Close())
	n, ok := v.answer[0].(int64)
	if err == nil && !ok {
		err = fmt.Errorf("a %T is no version", v.answer[0])
	}
	return n, failed("read data_version", err)
}

// Close ends the connection.
func (v *Versions) Close() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ask == nil {
		return nil
	}
	err := v.ask.Close()
	v.ask = nil
	return errors.Join(err, v.conn.Close(), v.pool.Close())
}
