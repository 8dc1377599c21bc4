// Command bare is what kitectl exec is measured against: the least program that
// opens one SQLite file, asks the Secret Service for one entry and becomes a
// command.
//
//	bare DATABASE SERVICE ENTRY COMMAND ARGS…
package main

import (
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"syscall"

	_ "github.com/mattn/go-sqlite3"
	"github.com/zalando/go-keyring"
)

func main() {
	if err := run(os.Args[1], os.Args[2], os.Args[3], os.Args[4:]); err != nil {
		fmt.Fprintln(os.Stderr, "bare:", err)
		os.Exit(1)
	}
}

func run(database, service, entry string, command []string) error {
	db, err := sql.Open("sqlite3", "file:"+database)
	if err != nil {
		return err
	}
	var key string
	if err := db.QueryRow("SELECT api_key FROM kite_accounts").Scan(&key); err != nil { //nolint:noctx // as little as can be
		return err
	}
	secret, err := keyring.Get(service, entry)
	if err != nil {
		return err
	}
	path, err := exec.LookPath(command[0])
	if err != nil {
		return err
	}
	return syscall.Exec(path, command, append(os.Environ(), "KITE_API_KEY="+key, "KITE_ACCESS_TOKEN="+secret)) //nolint:gosec // named by the bench
}
