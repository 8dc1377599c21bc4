package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/clock"
	"github.com/kiteaccounts/kite-accounts/backend/datadir"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
	"github.com/kiteaccounts/kite-accounts/backend/view"
)

type listCmd struct {
	JSON bool `help:"Print JSON: an array of accounts, times in milliseconds since 1970, no secrets."`
}

// Run lists the accounts from the database alone.
func (c listCmd) Run(out *output, global *commands) error {
	ctx := context.Background()
	dir, err := datadir.Open(global.DataDir)
	if err != nil {
		return err
	}
	accounts, err := readAccounts(ctx, dir)
	if err != nil && kite.ErrorCode(err) != kite.ENOTFOUND {
		return err
	}
	if c.JSON {
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(accounts)
	}
	return printAccounts(out, accounts, clock.ForDataDir(dir.Path()).Now())
}

func readAccounts(ctx context.Context, dir datadir.Dir) ([]view.Account, error) {
	views := []view.Account{}
	db, err := sqlite.OpenReadOnly(ctx, dir.Database())
	if err != nil {
		return views, err
	}
	defer db.Close() //nolint:errcheck // only read
	// No sealer: listing must never need one.
	accounts, err := db.Accounts(nil).Accounts(ctx)
	if err != nil {
		return views, err
	}
	latest, err := db.Sessions(nil).LatestSessions(ctx)
	if err != nil {
		return views, err
	}
	now := clock.ForDataDir(dir.Path()).Now()
	for _, a := range accounts {
		var session *kite.Session
		if s, ok := latest[a.ID]; ok {
			session = &s
		}
		views = append(views, view.AccountAt(a, session, now))
	}
	return views, nil
}

var stateWords = map[string]string{"none": "no session", "active": "active", "ending": "ends soon", "expired": "expired"}

func printAccounts(out *output, accounts []view.Account, now time.Time) error {
	if len(accounts) == 0 {
		_, err := fmt.Fprintln(out, "No accounts yet. Open Kite Accounts and add one.")
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "NAME\tCLIENT ID\tTYPE\tSTATE\tTIME LEFT\tUNTIL")
	for _, a := range accounts {
		left, until := "-", "-"
		if a.HasActiveSession {
			end := time.UnixMilli(a.Session.ExpiresAt)
			left, until = end.Sub(now).Round(time.Minute).String(), end.In(kite.IST).Format("2 Jan 15:04 MST")
			left = left[:len(left)-len("0s")]
			if left == "" {
				left = "0m"
			}
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", a.AccountName, a.ClientID, a.AccountType, stateWords[a.Badge], left, until)
	}
	return table.Flush()
}
