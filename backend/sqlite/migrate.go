package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migration/*.sql
var migrationFiles embed.FS

var migrations = migrationSource{files: migrationFiles, folder: "migration"}

// migrationSource is a folder of numbered SQL files. Append further ones;
// never change or reorder what was released.
type migrationSource struct {
	files  fs.FS
	folder string
}

func (m migrationSource) newest() int64 {
	entries, err := fs.ReadDir(m.files, m.folder)
	if err != nil || len(entries) == 0 {
		return 0
	}
	var version int64
	_, _ = fmt.Sscanf(entries[len(entries)-1].Name(), "%d", &version)
	return version
}

// apply runs what is missing, each file in a transaction of its own, and
// mirrors the version into user_version, where checkHeader finds it. A
// database that has data is copied first.
func (m migrationSource) apply(ctx context.Context, pool *sql.DB, path string) error {
	folder, err := fs.Sub(m.files, m.folder)
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, pool, folder)
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	// What a crash kept from being mirrored is refused here.
	before, err := provider.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	if err := refuseNewer(before, m.newest()); err != nil {
		return err
	}
	snapshot := ""
	if before > 0 && before < m.newest() {
		if snapshot, err = takeSnapshot(ctx, pool, path, before); err != nil {
			after, versionErr := provider.GetDBVersion(ctx)
			if versionErr != nil || after <= before {
				return err
			}
			before = after // another program does it right now, and made its copy first
		}
	}
	if err := up(ctx, provider, before); err != nil {
		return &Problem{Kind: kindOf(err), Snapshot: snapshot, Err: fmt.Errorf("migrate database: %w", err)}
	}
	return mirrorVersion(ctx, pool, m.newest())
}

// up goes on where another program that opened the same database at the same
// time was faster: its steps then fail here, and only here.
func up(ctx context.Context, provider *goose.Provider, before int64) error {
	for {
		_, err := provider.Up(ctx)
		if err == nil {
			return nil
		}
		after, versionErr := provider.GetDBVersion(ctx)
		if versionErr != nil || after <= before {
			return errors.Join(err, versionErr)
		}
		before = after
	}
}

func userVersion(ctx context.Context, pool *sql.DB) (version int64, err error) {
	if err := pool.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return 0, fmt.Errorf("read user_version: %w", err)
	}
	return version, nil
}

func mirrorVersion(ctx context.Context, pool *sql.DB, version int64) error {
	mirrored, err := userVersion(ctx, pool)
	if err != nil || mirrored == version {
		return err
	}
	mirror := fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, version)
	if _, err := pool.ExecContext(ctx, mirror); err != nil {
		return fmt.Errorf("mirror schema version: %w", err)
	}
	return nil
}
