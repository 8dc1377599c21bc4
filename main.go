// Command kite-accounts is the window of Kite Accounts. With the argument
// login-window it is instead the helper that shows one login page and nothing
// else; it then touches no data folder. With agent it is what stays all day.
package main

import (
	"embed"
	"fmt"
	"os"

	"github.com/wailsapp/wails/v2"

	"github.com/kiteaccounts/kite-accounts/backend/cli"
	"github.com/kiteaccounts/kite-accounts/backend/foreground"
	"github.com/kiteaccounts/kite-accounts/backend/hardening"
	"github.com/kiteaccounts/kite-accounts/backend/loginwindow/webview"
	"github.com/kiteaccounts/kite-accounts/backend/sessionbus"
)

//go:embed all:frontend/dist
var page embed.FS

//go:embed build/appicon.png
var icon []byte

// version is set by the build.
var version = "dev"

func main() {
	if asksVersion(os.Args[1:]) {
		_, _ = fmt.Println("kite-accounts", version)
		return
	}
	cli.ForgetToken()
	if err := hardening.Apply(); err != nil {
		fmt.Fprintln(os.Stderr, "kite-accounts: protect process:", err)
	}
	if err := sessionbus.RefuseStray(); err != nil {
		fmt.Fprintln(os.Stderr, "kite-accounts: go without session bus:", err)
	}
	switch role(os.Args) {
	case "login-window":
		os.Exit(webview.Main())
	case "agent": // of Windows and macOS; on Linux kitectl is lighter
		os.Exit(cli.Run(version, os.Args[1:], os.Stdout, os.Stderr))
	}
	os.Exit(runWindow())
}

func runWindow() int {
	app, err := newApp(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "kite-accounts:", err)
		return 1
	}
	defer app.close()
	if app.handedOver {
		foreground.PassOn()
	}
	if err := wails.Run(app.options()); err != nil {
		fmt.Fprintln(os.Stderr, "kite-accounts:", err)
		return 1
	}
	return 0
}
