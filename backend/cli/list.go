package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime/debug"

	"github.com/kiteaccounts/kite-accounts/backend/clock"
	"github.com/kiteaccounts/kite-accounts/backend/datadir"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
	"github.com/kiteaccounts/kite-accounts/backend/view"
)

type listCmd struct {
	Name string `arg:"" optional:"" placeholder:"NAME" predictor:"account" help:"One account only; the exit code then is 0 if it has a valid session and 11 if it has none."`
	JSON bool   `help:"Print JSON: an array of accounts, times in milliseconds since 1970, no secrets. With NAME, one account."`
}

// Run lists the accounts from the database alone: no key, no prompt, no file
// changed.
func (c listCmd) Run(out *output, global *commands) error {
	debug.SetGCPercent(-1) // the process ends before it would matter
	ctx := context.Background()
	dir, err := datadir.Open(global.DataDir)
	if err != nil {
		return err
	}
	db, err := sqlite.OpenReadOnly(ctx, dir.Database())
	switch {
	case kite.ErrorCode(err) == kite.ENOTFOUND && c.Name == "":
		return c.printNone(out)
	case err != nil:
		return noAccountIn(err)
	}
	defer db.Close() //nolint:errcheck // only read
	l := lister{out: out, db: db, clock: clock.ForDataDir(dir.Path())}
	switch {
	case c.Name != "":
		return l.one(ctx, c.Name, c.JSON)
	case c.JSON:
		return l.json(ctx)
	}
	return l.table(ctx)
}

func (c listCmd) printNone(out io.Writer) error {
	text := "No accounts yet. Open Kite Accounts and add one."
	if c.JSON {
		text = "[]"
	}
	_, err := fmt.Fprintln(out, text)
	return err
}

// lister prints accounts. Its stores have no sealer: listing must never need
// one.
type lister struct {
	out   *output
	db    *sqlite.DB
	clock kite.Clock
}

func (l lister) table(ctx context.Context) error {
	all, err := l.db.Accounts(nil).Overview(ctx)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return listCmd{}.printNone(l.out)
	}
	return printAccounts(l.out, all, l.clock.Now())
}

// one prints one account; ENOSESSION or EENDED, after that, if it has no
// session that could be used.
func (l lister) one(ctx context.Context, name string, asJSON bool) error {
	a, err := findAccount(ctx, l.db.Accounts(nil), name)
	if err != nil {
		return err
	}
	latest, err := l.db.Sessions(nil).LatestSession(ctx, a.ID)
	if err != nil {
		return err
	}
	now := l.clock.Now()
	if asJSON {
		err = printJSON(l.out, view.AccountAt(a, latest, now))
	} else {
		o := sqlite.Overview{Name: a.Name, Slug: a.Slug, ClientID: a.ClientID, Type: a.Type, HadSession: latest != nil}
		if latest != nil && latest.Status == kite.Active {
			o.ActiveUntil = latest.ExpiresAt
		}
		err = printAccounts(l.out, []sqlite.Overview{o}, now)
	}
	return errors.Join(err, missingSession(a, latest, now))
}

// json prints an array with one account on each line.
func (l lister) json(ctx context.Context) error {
	accounts, err := l.db.Accounts(nil).Accounts(ctx)
	if err != nil {
		return err
	}
	latest, err := l.db.Sessions(nil).LatestSessions(ctx)
	if err != nil {
		return err
	}
	if len(accounts) == 0 {
		return listCmd{JSON: true}.printNone(l.out)
	}
	now := l.clock.Now()
	out := bufio.NewWriter(l.out) // it keeps the first error for Flush
	between := "[\n"
	for _, a := range accounts {
		var session *kite.Session
		if s, ok := latest[a.ID]; ok {
			session = &s
		}
		line, err := json.Marshal(view.AccountAt(a, session, now))
		if err != nil {
			return err
		}
		_, _ = out.WriteString(between)
		_, _ = out.Write(line)
		between = ",\n"
	}
	_, _ = out.WriteString("\n]\n")
	return out.Flush()
}
