//go:build !windows

package cli

import (
	"syscall"

	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

// become replaces this process, so that terminal, signals and exit code are
// the command's own. All files of ours close by it.
func become(path string, command, environ []string) error {
	return cannotRun(command[0], syscall.Exec(path, command, environ)) //nolint:gosec // what the user wants to run
}

// sameVariable says whether two names are one variable.
func sameVariable(a, b string) bool { return a == b }

// leaveDatabase is for a process that ends, or is another one, at once.
func leaveDatabase(db *sqlite.DB, path string) { _ = db.Leave(path) }
