// Package cli is kitectl's commands: one file each, flags as struct fields,
// and a Run method that does the work.
package cli

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
)

type commands struct {
	often

	Account accountCmd `cmd:"" help:"Add, show, edit, remove, import and export accounts."`
	Login   loginCmd   `cmd:"" help:"Log accounts in: in a window, in the browser, or by pasting what it ends at."`
	Logout  logoutCmd  `cmd:"" help:"End an account's session, here and at Kite."`
	Test    testCmd    `cmd:"" help:"Ask Kite whether sessions live."`
	History historyCmd `cmd:"" help:"Tell what happened. Never opens the vault."`
	Backup  backupCmd  `cmd:"" help:"Write everything into a file that a passphrase opens."`
	Restore restoreCmd `cmd:"" help:"Bring back accounts from a backup, after showing what that does."`
	Doctor  doctorCmd  `cmd:"" help:"Examine the installation: each line is ok, or says what to do."`
	Serve   serveCmd   `cmd:"" help:"Serve sessions to programs over a local API, where no agent does."`
	Client  clientCmd  `cmd:"" help:"List, add, change and revoke the programs that may use the local API."`
	Agent   agentCmd   `cmd:"" help:"Watch sessions all day: tray, reminders. Kite Accounts starts it by itself."`
	Sandbox sandboxCmd `cmd:"" help:"Run the simulated Kite."`
	Version versionCmd `cmd:"" help:"Print the version; ask whether a newer one is out."`

	Completion completionCmd `cmd:"" help:"Print what makes a shell complete kitectl's commands and accounts."`
	Man        manCmd        `cmd:"" hidden:"" help:"Print the man page."`
}

// output is where a command writes.
type output struct {
	io.Writer
	version string
}

type usageExit int

// Run runs one command line and returns its exit code.
func Run(version string, args []string, stdout, stderr io.Writer) (code int) {
	defer func() {
		if exit, ok := recover().(usageExit); ok {
			code = int(exit)
		}
	}()
	if completing() {
		completeLine(grammar(&commands{}, stdout, stderr))
		return exitOK
	}
	ForgetToken()
	c, ctx, err := parse(args, stdout, stderr)
	if err != nil {
		return report(stderr, exitUsage, err)
	}
	closeAll, err := takeDescriptors(ctx)
	if err != nil {
		return report(stderr, exitCode(err), err)
	}
	defer closeAll()
	if err := refuseEmpty(ctx); err != nil {
		return report(stderr, exitCode(err), err)
	}
	if err := ctx.Run(&output{stdout, version}, c); err != nil {
		return report(stderr, exitCode(err), err)
	}
	return exitOK
}

// parse reads a command line. For the commands of scripts it first tries their
// part of the grammar; what that doesn't understand, all of it explains.
func parse(args []string, stdout, stderr io.Writer) (*commands, *kong.Context, error) {
	if len(args) > 0 && isOften(args[0]) {
		var c commands
		if ctx, err := grammar(&c.often, stdout, stderr).Parse(args); err == nil {
			return &c, ctx, nil
		}
	}
	var c commands
	ctx, err := grammar(&c, stdout, stderr).Parse(args)
	return &c, ctx, err
}

// refuseEmpty refuses an argument that is given and empty: it mostly comes from
// a variable that isn't set, and is no word for all accounts. What exec runs
// may have such arguments.
func refuseEmpty(ctx *kong.Context) error {
	for _, part := range ctx.Path {
		arg := part.Positional
		if arg == nil || arg.Passthrough {
			continue
		}
		values, several := arg.Target.Interface().([]string)
		if text, one := arg.Target.Interface().(string); one && text == "" || several && slices.Contains(values, "") {
			return kite.Errorf(kite.EINVALID, "%s is given and empty.", strings.ToUpper(arg.Name)).
				WithHint("Check the variable that it comes from, if it does.")
		}
	}
	return nil
}

func grammar(of any, stdout, stderr io.Writer) *kong.Kong {
	parser, err := kong.New(of, kong.Name("kitectl"), kong.Description("Sessions of several Zerodha accounts, from the command line."),
		kong.Writers(stdout, stderr), kong.Exit(func(code int) { panic(usageExit(code)) }), kong.UsageOnError(), kong.Vars{"callback": sandbox.DefaultCallback})
	if err != nil {
		panic(err) // the struct is wrong
	}
	return parser
}

// report writes an error as a person reads it: sentence, then what to do.
func report(stderr io.Writer, code int, err error) int {
	text := err.Error()
	var e *kite.Error
	if errors.As(err, &e) {
		// Some of the words are Kite's.
		if text = printable(e.Message); e.Hint != "" {
			text += "\nkitectl: hint: " + printable(e.Hint)
		}
	}
	_, _ = fmt.Fprintln(stderr, "kitectl:", text)
	return code
}
