package sqlite

import (
	"context"
	"testing/fstest"
)

// SelectNamed is the query of AccountsNamed.
const SelectNamed = selectNamed

// Newest is the schema version of this program.
var Newest = migrations.newest()

// OpenWith is Open by a program that knows one migration more, version 999.
func OpenWith(ctx context.Context, path, statements string) (*DB, error) {
	files := fstest.MapFS{"m/0999_further.sql": {Data: []byte("-- +goose Up\n" + statements + "\n")}}
	released, err := migrationFiles.ReadDir("migration")
	if err != nil {
		return nil, err
	}
	for _, file := range released {
		data, err := migrationFiles.ReadFile("migration/" + file.Name())
		if err != nil {
			return nil, err
		}
		files["m/"+file.Name()] = &fstest.MapFile{Data: data}
	}
	db, err := open(ctx, path, migrationSource{folder: "m", files: files})
	if err != nil {
		return nil, problemOf(path, err)
	}
	return db, nil
}
