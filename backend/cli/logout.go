package cli

import (
	"context"
	"fmt"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

type logoutCmd struct {
	Name   string `arg:"" optional:"" predictor:"account" help:"Name or short name."`
	All    bool   `help:"End all active sessions. Asks first."`
	Anyway bool   `help:"Also if Kite can't be told: the session ends here, and its token may live until 06:00 IST."`
	Yes    bool   `help:"With --all: don't ask."`
}

// Run ends sessions, here and at Kite.
func (c logoutCmd) Run(out *output, global *commands) error {
	ctx := context.Background()
	w, err := global.openWorkbench(ctx)
	if err != nil {
		return err
	}
	defer w.Close()
	chosen, err := w.chosen(ctx, c.Name, c.All)
	if err != nil {
		return err
	}
	living, err := w.living(ctx, chosen)
	if err != nil {
		return err
	}
	if len(living) == 0 {
		if c.All {
			_, err = fmt.Fprintln(out, "No account has an active session.")
			return err
		}
		_, err = fmt.Fprintf(out, "%s has no active session.\n", chosen[0].Name)
		return err
	}
	if c.All {
		if err := confirm(fmt.Sprintf("End the sessions of %s?", countAccounts(len(living))), c.Yes); err != nil {
			return err
		}
	}
	if err := global.unlock(ctx, w); err != nil && !c.Anyway {
		return err
	}
	return w.logOut(ctx, out, living, c.Anyway)
}

// logOut ends one session after the other; the first error is told at the end,
// once all were tried.
func (w *workbench) logOut(ctx context.Context, out *output, accounts []kite.Account, anyway bool) error {
	var first error
	for _, a := range accounts {
		err := w.Sessions.LogOut(ctx, a.ID, anyway)
		line := a.Name + " is logged out."
		if err != nil {
			line = a.Name + " is still logged in: " + kite.AsError(err).Message
		}
		if err != nil && first == nil {
			first = sayAnyway(err)
		}
		if _, err := fmt.Fprintln(out, line); err != nil {
			return err
		}
	}
	return first
}

// chosen are the accounts that NAME or --all means.
func (w *workbench) chosen(ctx context.Context, name string, all bool) ([]kite.Account, error) {
	switch {
	case (name == "") != all:
		return nil, kite.Errorf(kite.EINVALID, "Say which account, or --all.").WithHint("See kitectl list for the names there are.")
	case all:
		return w.Accounts.Store.Accounts(ctx)
	}
	a, err := findAccount(ctx, w.Accounts.Store, name)
	return []kite.Account{a}, err
}

// living are those of the accounts that have a living session.
func (w *workbench) living(ctx context.Context, accounts []kite.Account) ([]kite.Account, error) {
	latest, err := w.Sessions.Sessions.LatestSessions(ctx)
	if err != nil {
		return nil, err
	}
	now := w.Sessions.Clock.Now()
	var found []kite.Account
	for _, a := range accounts {
		if s, has := latest[a.ID]; has && s.LiveAt(now) {
			found = append(found, a)
		}
	}
	return found, nil
}
