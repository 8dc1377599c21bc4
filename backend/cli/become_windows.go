package cli

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"strings"

	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

// become runs the command and ends as it does: Windows can't replace a process.
// Ctrl-C goes to every process at the console, so the command gets it by
// itself, and this process only stays to wait.
func become(path string, command, environ []string) error {
	cmd := exec.Command(path, command[1:]...) //nolint:gosec,noctx // what the user wants to run, for as long as it likes
	cmd.Args[0], cmd.Env = command[0], environ
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	signal.Notify(make(chan os.Signal, 1), os.Interrupt)
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &exit):
		os.Exit(exit.ExitCode())
	}
	return cannotRun(command[0], err)
}

// sameVariable says whether two names are one variable.
func sameVariable(a, b string) bool { return strings.EqualFold(a, b) }

// leaveDatabase closes it: this process waits for the command for as long as
// it runs.
func leaveDatabase(db *sqlite.DB, _ string) { _ = db.Close() }
