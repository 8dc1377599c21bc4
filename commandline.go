package main

import (
	"flag"
	"fmt"
	"io"

	"github.com/kiteaccounts/kite-accounts/backend/datadir"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// commandLine is what kite-accounts was started with.
type commandLine struct {
	dataDir string
	request *kite.Request // nil: just open
	version bool          // only print it
}

// parseCommandLine reads the arguments. Those of a second start come from any
// process of the user, so they name things and never say how to do them.
func parseCommandLine(args []string, out io.Writer) (commandLine, error) {
	var c commandLine
	var r kite.Request
	flags := flag.NewFlagSet("kite-accounts", flag.ContinueOnError)
	flags.SetOutput(out)
	flags.StringVar(&c.dataDir, "data-dir", "", "keep everything under `DIR` (default: $"+datadir.EnvVar+" or the desktop's place)")
	flags.StringVar(&r.Show, "show", "", "show the account of that `ID`")
	flags.StringVar(&r.Login, "login", "", "log in the account of that `ID`, or of several with commas between")
	flags.BoolVar(&r.LoginAll, "login-all", false, "log in every account that needs it")
	flags.BoolVar(&r.Preferences, "preferences", false, "open the preferences")
	flags.BoolVar(&c.version, "version", false, "print the version and open nothing")
	if err := flags.Parse(args); err != nil {
		return c, err
	}
	if flags.NArg() > 0 {
		return c, fmt.Errorf("unknown argument %q", flags.Arg(0))
	}
	if r != (kite.Request{}) {
		c.request = &r
	}
	return c, nil
}

// asksVersion says whether only the version is wanted.
func asksVersion(args []string) bool {
	c, err := parseCommandLine(args, io.Discard)
	return err == nil && c.version
}

// role is the argument that makes the program something else than the window.
func role(args []string) string {
	if len(args) > 1 {
		return args[1]
	}
	return ""
}
