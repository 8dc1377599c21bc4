package cli

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

type execCmd struct {
	Login        bool     `help:"Log in first if there is no valid session, and wait for it."`
	Yes          bool     `help:"With --login: also while Kite clears tokens, or where a session that still works ends by it. Don't ask."`
	AllowNesting bool     `help:"Also inside another exec, whose variables are replaced."`
	Name         string   `arg:"" placeholder:"NAME" predictor:"account" help:"The account's name or short name."`
	Command      []string `arg:"" passthrough:"" placeholder:"COMMAND" help:"-- and the command to run with its arguments."`
}

// Run becomes the command. It returns only if it can't.
func (c execCmd) Run(global *commands) error {
	command := c.Command
	if len(command) > 0 && command[0] == "--" {
		command = command[1:]
	}
	if len(command) == 0 {
		return kite.Errorf(kite.EINVALID, "There is no command to run.").WithHint("kitectl exec NAME -- COMMAND.")
	}
	if err := c.refuseNesting(); err != nil {
		return err
	}
	path, err := findCommand(command[0])
	if err != nil {
		return err
	}
	h, err := c.handout(global, "Session handed to "+filepath.Base(path)+" (exec).")
	if err != nil {
		return err
	}
	return become(path, command, withVariables(os.Environ(), h))
}

func (c execCmd) handout(global *commands, to string) (kite.Handout, error) {
	if !c.Login {
		return global.printed(c.Name, to)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	open := func(ctx context.Context) (*counter, error) { return global.openLoginCounter(ctx, c.Yes) }
	return global.handout(ctx, open, c.Name, to)
}

func (c execCmd) refuseNesting() error {
	inside := os.Getenv(accountVar)
	if inside == "" || c.AllowNesting {
		return nil
	}
	return withExit(exitNested, kite.Errorf(kite.EINVALID, "This runs inside kitectl exec %s already.", inside).
		WithHint("Leave that first, or say --allow-nesting: the command then gets the session of "+c.Name+" only."))
}

// findCommand finds a command as a shell does, so that a wrong one fails before
// any session is touched.
func findCommand(name string) (string, error) {
	path, err := exec.LookPath(name)
	switch {
	case err == nil:
		return path, nil
	case errors.Is(err, fs.ErrPermission):
		return "", cannotRun(name, err)
	}
	return "", withExit(exitNotFound, kite.Errorf(kite.ENOTFOUND, "There is no command %s.", name).
		WithHint("Check how it is spelled, or give its path.").Because(err))
}

func cannotRun(name string, err error) error {
	return withExit(exitNoCommand, kite.Errorf(kite.EINVALID, "%s can't be run: %v.", name, rootCause(err)).
		WithHint("Check that it is a program, and that you may execute it.").Because(err))
}

func rootCause(err error) error {
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		err = inner
	}
	return err
}
