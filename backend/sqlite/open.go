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
type DB struct {
	*sql.DB
	// Repaired are the files that other users could read until Open took that
	// away, for the log.
	Repaired []string

	file os.FileInfo // which one it is, whatever it is called later
}

const driver = "kite-accounts-sqlite3"

func init() {
	sql.Register(driver, &sqlite3.SQLiteDriver{ConnectHook: prepare})
}

// prepare gives a connection the pragmas that the DSN has no parameter for,
// and the functions that queries use.
func prepare(c *sqlite3.SQLiteConn) error {
	statements := "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
	if runtime.GOOS == "darwin" {
		statements += " PRAGMA fullfsync = ON;"
	}
	if _, err := c.Exec(statements, nil); err != nil {
		return err
	}
	if err := c.RegisterFunc("slug_of", kite.SlugOf, true); err != nil {
		return err
	}
	return c.RegisterFunc("mentions", mentions, true)
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
	return fileURI(path, q.Encode())
}

// fileURI is what SQLite takes for that path, whatever characters are in it.
func fileURI(path, query string) string {
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: query}).String()
}

// connect makes a pool of one connection: SQLite has one writer anyway, and
// reads here take microseconds.
func connect(path string, more ...string) (*sql.DB, error) {
	pool, err := sql.Open(driver, dsn(path, more...))
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	pool.SetMaxOpenConns(1)
	return pool, nil
}

// Open opens the database at path, makes it if there is none, checks it and
// brings it to the current schema, for which it keeps a copy of an older one
// beside it. Its errors are *kite.Error with a *Problem
// in the chain; the file is then as it was.
func Open(ctx context.Context, path string) (*DB, error) {
	db, err := open(ctx, path, migrations)
	if err != nil {
		return nil, problemOf(path, err)
	}
	return db, nil
}

func open(ctx context.Context, path string, m migrationSource) (*DB, error) {
	repaired, err := prepareFile(path)
	if err != nil {
		return nil, err
	}
	if err := checkHeader(path, os.O_RDWR, m.newest()); err != nil {
		return nil, err
	}
	if hasLog(path) {
		if err := examine(ctx, path, m.newest()); err != nil {
			return nil, err
		}
	}
	pool, err := connect(path)
	if err != nil {
		return nil, err
	}
	if err := ready(ctx, pool, path, m); err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	file, err := os.Stat(path)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("look at database file: %w", err), pool.Close())
	}
	return &DB{DB: pool, Repaired: repaired, file: file}, nil
}

// examine looks at database and -wal together, which a writing connection
// would merge when it closes: a newer schema or damage may be in either.
func examine(ctx context.Context, path string, newest int64) error {
	pool, err := connect(path, "mode", "ro")
	if err != nil {
		return err
	}
	defer pool.Close() //nolint:errcheck // only read
	version, err := userVersion(ctx, pool)
	if err != nil {
		return err
	}
	if err := refuseNewer(version, newest); err != nil {
		return err
	}
	return quickCheck(ctx, pool)
}

func ready(ctx context.Context, pool *sql.DB, path string, m migrationSource) error {
	if err := quickCheck(ctx, pool); err != nil {
		return err
	}
	return m.apply(ctx, pool, path)
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

// OpenReadOnly opens an existing database beside a program that may have it
// open, without changing or migrating it; ENOTFOUND if there is none, or none
// that was ever finished.
func OpenReadOnly(ctx context.Context, path string) (*DB, error) {
	pool, err := openReadOnly(ctx, path, migrations.newest())
	switch {
	case kite.ErrorCode(err) == kite.ENOTFOUND:
		return nil, err
	case err != nil:
		return nil, problemOf(path, err)
	}
	return &DB{DB: pool}, nil
}

func openReadOnly(ctx context.Context, path string, newest int64) (*sql.DB, error) {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, os.ErrNotExist) || (err == nil && info.Mode().IsRegular() && info.Size() == 0):
		return nil, noDatabase()
	case err != nil:
		return nil, fmt.Errorf("look at database file: %w", err)
	case !info.Mode().IsRegular():
		return nil, notAFile(path, info.Mode())
	}
	if err := checkHeader(path, os.O_RDONLY, newest); err != nil {
		return nil, err
	}
	pool, err := connect(path, "mode", "ro")
	if err != nil {
		return nil, err
	}
	if err := exactVersion(ctx, pool, newest); err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return pool, nil
}

// exactVersion refuses what can't be read without being migrated.
func exactVersion(ctx context.Context, pool *sql.DB, newest int64) error {
	version, err := userVersion(ctx, pool)
	switch {
	case err != nil:
		return err
	case version == 0:
		return noDatabase()
	case version < newest:
		return kite.Errorf(kite.EDATA, "The database was written by an older version of Kite Accounts.").
			WithHint("Open Kite Accounts once: it brings the database up to date.")
	}
	return refuseNewer(version, newest)
}

func noDatabase() error {
	return kite.Errorf(kite.ENOTFOUND, "There are no accounts yet.").WithHint("Open Kite Accounts and add one.")
}
