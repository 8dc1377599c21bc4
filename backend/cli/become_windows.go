package cli

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"

	"golang.org/x/sys/windows"

	"github.com/kiteaccounts/kite-accounts/backend/jobobject"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

// become runs the command and ends as it does: Windows can't replace a process.
// Ctrl-C goes to every process at the console, so the command gets it by
// itself, and this process only stays to wait; so it does when the console is
// closed, after which the system leaves every process some seconds to end by
// itself. Whoever ends this process ends the command too, which would else keep
// a session that nobody sees.
// https://learn.microsoft.com/en-us/windows/console/handlerroutine
func become(path string, command, environ []string) error {
	letGo, err := holdCommands()
	if err != nil { // such as within a job of somebody's that lets none be nested
		_, _ = fmt.Fprintf(os.Stderr, "kitectl: %s goes on should kitectl be ended by force: %v.\n", command[0], err)
		letGo = func() error { return nil }
	}
	cmd := exec.Command(path, command[1:]...) //nolint:gosec,noctx // what the user wants to run, for as long as it likes
	cmd.Args[0], cmd.Env = command[0], environ
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	signal.Notify(make(chan os.Signal, 1), os.Interrupt, syscall.SIGTERM) // Go's names for both
	err = cmd.Run()
	if err := letGo(); err != nil {
		return cannotRun(command[0], err)
	}
	var exit *exec.ExitError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &exit):
		os.Exit(exit.ExitCode())
	}
	return cannotRun(command[0], err)
}

// holdCommands ends with this process all that it starts from here on, until
// letGo: what a command leaves running on purpose stays. Programs may take
// those they start out of the job.
func holdCommands() (letGo func() error, err error) {
	job, err := windows.CreateJobObject(nil, nil) // closed by the end of this process
	if err != nil {
		return nil, fmt.Errorf("make job: %w", err)
	}
	const mayLeave = windows.JOB_OBJECT_LIMIT_BREAKAWAY_OK
	if err := jobobject.Limit(job, mayLeave|windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE); err != nil {
		return nil, err
	}
	if err := windows.AssignProcessToJobObject(job, windows.CurrentProcess()); err != nil {
		return nil, fmt.Errorf("enter job: %w", err)
	}
	return func() error { return jobobject.Limit(job, mayLeave) }, nil
}

// sameVariable says whether two names are one variable.
func sameVariable(a, b string) bool { return strings.EqualFold(a, b) }

// leaveDatabase closes it: this process waits for the command for as long as
// it runs.
func leaveDatabase(db *sqlite.DB, _ string) { _ = db.Close() }
