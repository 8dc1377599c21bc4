package cli

import (
	"context"
	"fmt"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/view"
)

type accountEditCmd struct {
	Account string  `arg:"" name:"name" predictor:"account" help:"Name or short name."`
	Name    *string `name:"name" placeholder:"NEW" help:"Call it that. The short name stays."`
	accountFlags
	APISecretFD    descriptor `name:"api-secret-fd" placeholder:"N" help:"Read a new API secret from file descriptor N."`
	PasswordFD     descriptor `name:"password-fd" placeholder:"N" help:"Read a new Zerodha password from file descriptor N."`
	AskAPISecret   bool       `name:"ask-api-secret" help:"Ask for a new API secret at the terminal."`
	AskPassword    bool       `name:"ask-password" help:"Ask for a new Zerodha password at the terminal."`
	ClearAPISecret bool       `name:"clear-api-secret" help:"Forget the API secret."`
	ClearPassword  bool       `name:"clear-password" help:"Forget the Zerodha password."`
	Yes            bool       `help:"End an active session if the change does; don't ask."`
	JSON           bool       `help:"Print the account as JSON."`
}

// Run changes the account.
func (c accountEditCmd) Run(out *output, global *commands) error {
	ctx := context.Background()
	w, err := global.openWorkbench(ctx)
	if err != nil {
		return err
	}
	defer w.Close()
	a, err := findAccount(ctx, w.Accounts.Store, c.Account)
	if err != nil {
		return err
	}
	if a, err = c.edit(ctx, global, w, a); err != nil {
		return saysWhere(err)
	}
	if !c.JSON {
		_, err = fmt.Fprintf(out, "Changed %s.\n", a.Name)
		return err
	}
	latest, err := w.Sessions.Sessions.LatestSession(ctx, a.ID)
	if err != nil {
		return err
	}
	return printAccount(out, view.AccountAt(a, latest, a.UpdatedAt), true)
}

func (c accountEditCmd) edit(ctx context.Context, global *commands, w *workbench, a kite.Account) (kite.Account, error) {
	c.onto(&a)
	if c.Name != nil {
		a.Name = *c.Name
	}
	secrets, err := c.secrets()
	if err != nil {
		return kite.Account{}, err
	}
	if !secrets.APISecret.Set.Empty() || !secrets.Password.Set.Empty() {
		if err := global.unlockOrCreate(ctx, w); err != nil {
			return kite.Account{}, err
		}
	}
	changed, err := w.Accounts.Update(ctx, a, secrets, false)
	if kite.ErrorCode(err) != kite.ECONFIRM {
		return changed, err
	}
	if err := confirmHarm(err, c.Yes); err != nil {
		return kite.Account{}, err
	}
	if err := global.unlock(ctx, w); err != nil { // to end the session at Kite
		return kite.Account{}, err
	}
	return w.Accounts.Update(ctx, a, secrets, true)
}

// confirmHarm asks what an ECONFIRM says.
func confirmHarm(err error, yes bool) error {
	e := kite.AsError(err)
	asked := confirm(e.Message+" "+e.Hint+" Go on?", yes)
	if kite.ErrorCode(asked) == kite.ECONFIRM {
		return e.WithHint(e.Hint + " Say --yes if it is meant.")
	}
	return asked
}

func (c accountEditCmd) secrets() (kite.SecretChanges, error) {
	changes := kite.SecretChanges{APISecret: kite.SecretChange{Clear: c.ClearAPISecret}, Password: kite.SecretChange{Clear: c.ClearPassword}}
	for _, s := range []struct {
		fd     *descriptor
		ask    bool
		prompt string
		to     *kite.Secret
	}{
		{&c.APISecretFD, c.AskAPISecret, "New API secret: ", &changes.APISecret.Set},
		{&c.PasswordFD, c.AskPassword, "New Zerodha password: ", &changes.Password.Set},
	} {
		if !s.fd.given && !s.ask {
			continue
		}
		value, err := secretFrom(s.fd, s.prompt)
		switch {
		case err != nil:
			return kite.SecretChanges{}, err
		case value.Empty():
			return kite.SecretChanges{}, kite.Errorf(kite.EINVALID, "Nothing was entered, so nothing was changed.").
				WithHint("To forget a secret say --clear-api-secret or --clear-password.")
		}
		*s.to = value
	}
	return changes, nil
}

type accountRemoveCmd struct {
	Name   string `arg:"" predictor:"account" help:"Name or short name."`
	Yes    bool   `help:"Don't ask."`
	Anyway bool   `help:"Also if Kite can't be told that the session ends: its token may live until 06:00 IST."`
}

// Run removes the account.
func (c accountRemoveCmd) Run(out *output, global *commands) error {
	ctx := context.Background()
	w, err := global.openWorkbench(ctx)
	if err != nil {
		return err
	}
	defer w.Close()
	a, err := findAccount(ctx, w.Accounts.Store, c.Name)
	if err != nil {
		return err
	}
	lives, err := w.lives(ctx, a)
	if err != nil {
		return err
	}
	question := fmt.Sprintf("Remove %s (%s) with its sessions and secrets?", a.Name, a.ClientID)
	if lives {
		question = fmt.Sprintf("%s has an active session, which ends. %s", a.Name, question)
	}
	if err := confirm(question, c.Yes); err != nil {
		return err
	}
	if lives {
		if err := global.unlock(ctx, w); err != nil && !c.Anyway {
			return err
		}
	}
	if err := w.Accounts.Delete(ctx, a.ID, c.Anyway); err != nil {
		return sayAnyway(err)
	}
	_, err = fmt.Fprintf(out, "Removed %s.\n", a.Name)
	return err
}

// lives says whether the account has a living session.
func (w *workbench) lives(ctx context.Context, a kite.Account) (bool, error) {
	latest, err := w.Sessions.Sessions.LatestSession(ctx, a.ID)
	if err != nil {
		return false, err
	}
	return latest != nil && latest.LiveAt(w.Sessions.Clock.Now()), nil
}

// sayAnyway names the flag for what can be done all the same.
func sayAnyway(err error) error {
	if e := kite.AsError(err); e.Code == kite.EOFFLINE {
		return e.WithHint("Try again when Kite can be reached, or say --anyway.")
	}
	return err
}
