package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/clock"
	"github.com/kiteaccounts/kite-accounts/backend/datadir"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
	"github.com/kiteaccounts/kite-accounts/backend/view"
)

type accountCmd struct {
	Add    accountAddCmd    `cmd:"" help:"Add an account. API secret and password are asked for, or read from descriptors."`
	Show   accountShowCmd   `cmd:"" help:"Show an account, without its secrets. Never opens the vault."`
	Edit   accountEditCmd   `cmd:"" help:"Change what is given and leave the rest."`
	Remove accountRemoveCmd `cmd:"" help:"Remove an account with its sessions and secrets."`
	Import accountImportCmd `cmd:"" help:"Add all accounts of a CSV or JSON file, or none."`
	Export accountExportCmd `cmd:"" help:"Write all accounts as CSV or JSON, without secrets. Never opens the vault."`
}

// accountFlags are an account's fields; nil where one wasn't given.
type accountFlags struct {
	ClientID      *string  `name:"client-id" placeholder:"AB1234" help:"Zerodha client ID."`
	APIKey        *string  `name:"api-key" placeholder:"KEY" help:"API key of Kite's developer console."`
	Type          *string  `placeholder:"live|sandbox" help:"Whose endpoints it uses."`
	CallbackURL   *string  `name:"callback-url" placeholder:"URL" help:"Redirect URL registered at Kite (default of a new account: ${callback})."`
	PostbackURL   *string  `name:"postback-url" placeholder:"URL" help:"Kept for you; Kite calls it."`
	Phone         *string  `placeholder:"NUMBER" help:"Kept for you."`
	Slug          *string  `placeholder:"SHORT" help:"Short name for programs (default: made from the name)."`
	LoginWay      *string  `name:"login-way" placeholder:"window|browser|paste" help:"Where you log in."`
	LifetimeHours *float64 `name:"lifetime-hours" placeholder:"N" help:"How long a sandbox session lives; a live one always until Kite's cut-off."`
	LoginURL      *string  `name:"login-url" placeholder:"URL" help:"Login page of a sandbox elsewhere."`
	APIRoot       *string  `name:"api-root" placeholder:"URL" help:"API of a sandbox elsewhere."`
	AllowHost     []string `name:"allow-host" placeholder:"HOST" help:"Further host that the login window may load; give it several times for several, or empty for none."`
}

// onto puts what was given into the account. What a type doesn't go with
// follows from it unless it was given too.
func (f accountFlags) onto(a *kite.Account) {
	for _, given := range []struct {
		value *string
		to    *string
	}{
		{f.ClientID, &a.ClientID}, {f.APIKey, &a.APIKey}, {f.Type, (*string)(&a.Type)}, {f.CallbackURL, &a.CallbackURL},
		{f.PostbackURL, &a.PostbackURL}, {f.Phone, &a.PhoneNumber}, {f.Slug, &a.Slug}, {f.LoginWay, (*string)(&a.LoginWay)},
	} {
		if given.value != nil {
			*given.to = strings.TrimSpace(*given.value)
		}
	}
	if a.Type == kite.Live {
		a.TTL, a.Endpoints = kite.DefaultTTL, kite.Endpoints{}
	}
	if f.LoginURL != nil {
		a.Endpoints.LoginURL = *f.LoginURL
	}
	if f.APIRoot != nil {
		a.Endpoints.APIRoot = *f.APIRoot
	}
	if f.LifetimeHours != nil {
		a.TTL = hours(*f.LifetimeHours)
	}
	if f.AllowHost != nil {
		a.AllowedHosts = f.AllowHost
	}
}

// hours is zero, which Validate refuses, for what no session lasts.
func hours(h float64) time.Duration {
	if !(h > 0 && h <= kite.DefaultTTL.Hours()) {
		return 0
	}
	return time.Duration(h * float64(time.Hour)).Round(time.Millisecond)
}

type accountShowCmd struct {
	Name string `arg:"" predictor:"account" help:"Name or short name."`
	JSON bool   `help:"Print JSON: one account as in kitectl list --json."`
}

// Run shows the account from the database alone.
func (c accountShowCmd) Run(out *output, global *commands) error {
	a, err := global.storedAccount(context.Background(), c.Name)
	if err != nil {
		return err
	}
	return printAccount(out, a, c.JSON)
}

// storedAccount reads one account from the database alone.
func (g *commands) storedAccount(ctx context.Context, name string) (view.Account, error) {
	dir, err := datadir.Open(g.DataDir)
	if err != nil {
		return view.Account{}, err
	}
	db, err := sqlite.OpenReadOnly(ctx, dir.Database())
	if err != nil {
		return view.Account{}, err
	}
	defer db.Close() //nolint:errcheck // only read
	a, err := findAccount(ctx, db.Accounts(nil), name)
	if err != nil {
		return view.Account{}, err
	}
	latest, err := db.Sessions(nil).LatestSession(ctx, a.ID)
	if err != nil {
		return view.Account{}, err
	}
	return view.AccountAt(a, latest, clock.ForDataDir(dir.Path()).Now()), nil
}

func printAccount(out *output, a view.Account, asJSON bool) error {
	if asJSON {
		return printJSON(out, a)
	}
	secret := map[bool]string{true: "stored", false: "none"}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, row := range [][2]string{
		{"Name", a.AccountName}, {"Short name", a.Slug}, {"Client ID", a.ClientID}, {"API key", a.APIKey},
		{"API secret", secret[a.HasAPISecret]}, {"Password", secret[a.HasPassword]}, {"Type", a.AccountType},
		{"Callback URL", a.CallbackURL}, {"Postback URL", a.PostbackURL}, {"Phone", a.PhoneNumber}, {"Login", a.LoginWay},
		{"Lifetime", fmt.Sprintf("%g h", a.SessionLifetimeHours)}, {"Login URL", a.LoginURL}, {"API root", a.APIRoot},
		{"Hosts", strings.Join(a.AllowedHosts, " ")}, {"State", stateOf(a)}, {"Until", untilIST(a)},
	} {
		if row[1] != "" {
			_, _ = fmt.Fprintf(table, "%s\t%s\n", row[0], row[1])
		}
	}
	return table.Flush()
}

func stateOf(a view.Account) string {
	switch {
	case a.Session == nil:
		return "no session"
	case a.HasActiveSession && kite.Badge(a.Badge) == kite.BadgeEnding:
		return "ends soon"
	case a.HasActiveSession:
		return "active"
	}
	return "expired"
}

func untilIST(a view.Account) string {
	if !a.HasActiveSession {
		return ""
	}
	return time.UnixMilli(a.Session.ExpiresAt).In(kite.IST).Format("2 Jan 2006 15:04 MST")
}

// printJSON prints a value as people read it.
func printJSON(out *output, value any) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}
