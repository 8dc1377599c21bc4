package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"runtime"

	sqlite3 "github.com/mattn/go-sqlite3"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// DB is an open database.
type DB struct{ *sql.DB }

func init() {
	sql.Register("kite-accounts-sqlite3", &sqlite3.SQLiteDriver{ConnectHook: pragmas})
}

// pragmas are those the DSN has no parameter for.
func pragmas(c *sqlite3.SQLiteConn) error {
	statements := "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
	if runtime.GOOS == "darwin" {
		statements += " PRAGMA fullfsync = ON;"
	}
	_, err := c.Exec(statements, nil)
	return err
}

// busyMillis is how long a writer waits for another program's transaction.
const busyMillis = "5000"

// dsn has every pragma that concerns safety; plain WAL would mean
// synchronous=NORMAL in this build of SQLite, and a commit lost with the power.
func dsn(path string, more ...string) string {
	q := url.Values{
		"_journal_mode":  {"WAL"},
		"_synchronous":   {"FULL"},
		"_foreign_keys":  {"on"},
		"_busy_timeout":  {busyMillis},
		"_txlock":        {"immediate"},
		"_secure_delete": {"on"},
	}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: q.Encode()}).String()
}

// Open opens the database at path, makes it if there is none, checks it and
// brings it to the current schema. Its errors are *kite.Error with a *Problem
// in the chain; the file is then as it was.
func Open(ctx context.Context, path string) (*DB, error) {
	db, err := open(ctx, path, migrations)
	if err != nil {
		return nil, problemOf(path, err)
	}
	return db, nil
}

func open(ctx context.Context, path string, m migrationSource) (*DB, error) {
	if err := prepareFile(path); err != nil {
		return nil, err
	}
	if err := checkHeader(path, m.newest()); err != nil {
		return nil, err
	}
	pool, err := sql.Open("kite-accounts-sqlite3", dsn(path))
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	// One connection: SQLite has one writer anyway, and reads here take
	// microseconds.
	pool.SetMaxOpenConns(1)
	if err := ready(ctx, pool, m); err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return &DB{pool}, nil
}

func ready(ctx context.Context, pool *sql.DB, m migrationSource) error {
	if err := quickCheck(ctx, pool); err != nil {
		return err
	}
	return m.apply(ctx, pool)
}

// OpenReadOnly opens an existing database beside a program that may have it
// open, without changing or migrating it; ENOTFOUND if there is none.
func OpenReadOnly(ctx context.Context, path string) (*DB, error) {
	if info, err := os.Stat(path); errors.Is(err, os.ErrNotExist) || (err == nil && info.Size() == 0) {
		return nil, kite.Errorf(kite.ENOTFOUND, "There are no accounts yet.").WithHint("Open Kite Accounts and add one.")
	}
	if err := checkHeader(path, migrations.newest()); err != nil {
		return nil, problemOf(path, err)
	}
	pool, err := sql.Open("kite-accounts-sqlite3", dsn(path, "mode", "ro"))
	if err != nil {
		return nil, problemOf(path, fmt.Errorf("open database: %w", err))
	}
	pool.SetMaxOpenConns(1)
	if err := pool.PingContext(ctx); err != nil {
		return nil, problemOf(path, errors.Join(err, pool.Close()))
	}
	return &DB{pool}, nil
}

func quickCheck(ctx context.Context, pool *sql.DB) error {
	var answer string
	if err := pool.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&answer); err != nil {
		return fmt.Errorf("check database: %w", err)
	}
	if answer != "ok" {
		return &Problem{Kind: Damaged, Err: errors.New("quick_check: " + answer)}
	}
	return nil
}
