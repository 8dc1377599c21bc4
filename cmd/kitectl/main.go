// Command kitectl is Kite Accounts without a window. It links no GTK.
package main

import (
	"os"

	"github.com/kiteaccounts/kite-accounts/backend/cli"
)

// version is set by the build.
var version = "dev"

func main() { os.Exit(cli.Run(version, os.Args[1:], os.Stdout, os.Stderr)) }
