// Command journey lets the built app go through the sandbox on a virtual
// desktop, as a person would, and tells what came of it: what there is to see
// of Kite Accounts where there is no display. It ends with status 0 only if
// the card became green. No token is ever printed.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
	"github.com/kiteaccounts/kite-accounts/e2e/kiteapp"
)

func main() {
	programs := os.Getenv("KITE_BIN")
	if programs == "" {
		programs = filepath.Join("build", "bin")
	}
	app := flag.String("app", filepath.Join(programs, "kite-accounts"), "the built `program`")
	screenshots := flag.String("screenshots", filepath.Join("build", "bin", "screenshots"), "`folder` for screenshots")
	flag.Parse()
	if err := run(*app, *screenshots); err != nil {
		fmt.Fprintln(os.Stderr, "journey:", err)
		os.Exit(1)
	}
}

func run(program, screenshots string) (err error) {
	program, err = filepath.Abs(program)
	if err != nil {
		return err
	}
	if screenshots, err = filepath.Abs(screenshots); err != nil {
		return err
	}
	d, err := desktop.Start(desktop.Options{})
	if err != nil {
		return fmt.Errorf("start virtual desktop: %w", err)
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	app, err := kiteapp.New(d, filepath.Dir(program))
	if err != nil {
		return err
	}
	v := visit{app: app, folder: screenshots}
	if err := v.steps(); err != nil {
		v.picture("failure")
		return fmt.Errorf("%w\n%s", err, app.Describe())
	}
	return v.report()
}

// visit is one way through the sandbox.
type visit struct {
	app    *kiteapp.App
	folder string
	count  int
}

// step is one thing a person does, and the picture taken after it.
type step struct {
	does    string
	do      func() error
	picture string
}

func (v *visit) steps() error {
	user := sandbox.UserNumber(1)
	card := kiteapp.Card("Sandbox " + user.UserID)
	var window *kiteapp.LoginWindow
	for _, s := range []step{
		{"Opening Kite Accounts", func() error { return v.app.Start() }, ""},
		{"", func() error { return v.app.See(kiteapp.TrySandbox, nil) }, "empty"},
		{"Pressing " + kiteapp.TrySandbox, func() error { return v.app.Press(kiteapp.TrySandbox, nil) }, ""},
		{"Pressing " + kiteapp.GetSessionToken, func() error { return v.app.Press(kiteapp.GetSessionToken, card) }, "account"},
		{"Waiting for the login window", func() (err error) { window, err = v.app.LoginWindow(); return err }, "login"},
		{"Logging in with password and TOTP", func() error { return window.LogIn(user) }, ""},
		{"Waiting for the green card", func() error { return v.app.See(kiteapp.ManageAccount, card) }, "active"},
		{"Pressing " + kiteapp.ManageAccount, func() error { return v.app.Press(kiteapp.ManageAccount, card) }, ""},
		{"", func() error { return v.app.See(kiteapp.Credentials, kiteapp.Dialog()) }, "manage"},
	} {
		if s.does != "" {
			fmt.Println(s.does)
		}
		if err := s.do(); err != nil {
			return err
		}
		v.picture(s.picture)
	}
	return nil
}

// picture saves the screen; one that can't be saved is said and no failure.
func (v *visit) picture(name string) {
	if name == "" {
		return
	}
	v.count++
	if err := v.app.Screenshot(filepath.Join(v.folder, fmt.Sprintf("%d-%s.png", v.count, name))); err != nil {
		fmt.Fprintln(os.Stderr, "journey:", err)
	}
}

// listed is what kitectl tells of an account; it has no secrets.
type listed struct {
	AccountName      string
	ClientID         string
	HasActiveSession bool
	Session          *struct {
		LoginTime, ExpiresAt int64
		UserName             string
	}
}

func (v *visit) report() error {
	text, err := v.app.Control("list", "--json")
	if err != nil {
		return err
	}
	var accounts []listed
	if err := json.Unmarshal([]byte(text), &accounts); err != nil {
		return fmt.Errorf("read list of accounts: %w", err)
	}
	if len(accounts) != 1 || !accounts[0].HasActiveSession || accounts[0].Session == nil {
		return errors.New("the card is green, but kitectl lists no active session")
	}
	a := accounts[0]
	fmt.Printf("\nAccount      %s\nClient ID    %s (%s)\nLogged in    %s\nExpires      %s\nScreenshots  %s\n",
		a.AccountName, a.ClientID, a.Session.UserName, clock(a.Session.LoginTime), clock(a.Session.ExpiresAt), v.folder)
	return nil
}

func clock(milliseconds int64) string {
	t := time.UnixMilli(milliseconds)
	return t.Local().Format("2006-01-02 15:04 MST") + ", " + t.In(time.FixedZone("IST", 19800)).Format("15:04 MST")
}
