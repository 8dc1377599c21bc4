package sqlite

import (
	"context"
	"database/sql"
	sqldriver "database/sql/driver"
	"errors"
	"fmt"
	"os"
	"sync"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Versions tells whether anybody has changed accounts, sessions or programs,
// over a connection of its own: asking never waits for a transaction, long as
// it may be. Programs are served only after asking, so it goes past
// database/sql, which would take as long again.
type Versions struct {
	path string
	file os.FileInfo // what was there when the database was opened
	pool *sql.DB
	conn *sql.Conn

	mu     sync.Mutex
	ask    sqldriver.Stmt // nil once closed
	answer []sqldriver.Value
}

// Versions opens that connection, which only reads, to a database that Open
// opened. Close it before the
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
	v := &Versions{path: path, file: db.file, pool: pool, answer: make([]sqldriver.Value, 1)}
	if v.conn, err = pool.Conn(ctx); err != nil {
		return nil, errors.Join(failed("open the database once more", err), pool.Close())
	}
	err = v.conn.Raw(func(conn any) error {
		v.ask, err = conn.(sqldriver.Conn).Prepare("SELECT number FROM changes") //nolint:forcetypeassert // what drivers are
		return err
	})
	if err != nil {
		return nil, errors.Join(failed("prepare the count of changes", err), v.conn.Close(), pool.Close())
	}
	return v, nil
}

var errVersionsClosed = errors.New("connection is closed")

// Version is another number after each commit, by this process or any other,
// that changes accounts, sessions or programs; what only adds to the history
// leaves it as it is. ECONFLICT once the database was renamed or replaced: what
// is open then isn't what the user has.
func (v *Versions) Version(ctx context.Context) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, failed("count changes", err)
	}
	if err := v.sameFile(); err != nil {
		return 0, failed("count changes", err)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ask == nil {
		return 0, failed("count changes", errVersionsClosed)
	}
	// Not cancelled with ctx, which would cost a goroutine for a call of
	// microseconds.
	rows, err := v.ask.Query(nil) //nolint:staticcheck // the other form takes a context
	if err != nil {
		return 0, failed("count changes", err)
	}
	err = errors.Join(rows.Next(v.answer), rows.Close())
	n, ok := v.answer[0].(int64)
	if err == nil && !ok {
		err = fmt.Errorf("a %T is no version", v.answer[0])
	}
	return n, failed("count changes", err)
}

// sameFile says whether the file is still where it was.
func (v *Versions) sameFile() error {
	now, err := os.Stat(v.path)
	switch {
	case err != nil && !errors.Is(err, os.ErrNotExist):
		return err
	case err == nil && os.SameFile(now, v.file):
		return nil
	}
	return kite.Errorf(kite.ECONFLICT, "The database was set aside or replaced while it was being used.").
		WithHint("Start this program again: it opens the database that is there.")
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
