package cli

import (
	"context"
	"fmt"
	"reflect"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
	"github.com/kiteaccounts/kite-accounts/backend/view"
)

type accountAddCmd struct {
	Name    string `arg:"" optional:"" help:"What it is to be called."`
	Sandbox bool   `help:"Add a ready account of the simulated Kite, with an invented user."`
	accountFlags
	APISecretFD descriptor `name:"api-secret-fd" placeholder:"N" help:"Read the API secret from file descriptor N."`
	PasswordFD  descriptor `name:"password-fd" placeholder:"N" help:"Read the Zerodha password from file descriptor N."`
	NoAsk       bool       `name:"no-ask" help:"Ask for no secret: what no descriptor gives stays empty."`
	JSON        bool       `help:"Print the new account as JSON."`
}

// Run adds one account.
func (c accountAddCmd) Run(out *output, global *commands) error {
	ctx := context.Background()
	w, err := global.openWorkbench(ctx)
	if err != nil {
		return err
	}
	defer w.Close()
	a, err := c.add(ctx, global, w)
	if err != nil {
		return saysWhere(err)
	}
	if c.JSON {
		return printAccount(out, view.AccountAt(a, nil, a.CreatedAt), true)
	}
	_, err = fmt.Fprintf(out, "Added %s (short name %s).\n", a.Name, a.Slug)
	return err
}

func (c accountAddCmd) add(ctx context.Context, global *commands, w *workbench) (kite.Account, error) {
	if c.Sandbox {
		return c.addSandbox(ctx, global, w)
	}
	a := kite.Account{
		Name: c.Name, Type: kite.Live, CallbackURL: sandbox.DefaultCallback, TTL: kite.DefaultTTL, LoginWay: kite.LoginInWindow,
	}
	c.onto(&a)
	// Before anybody is asked for a secret.
	problems, err := w.Accounts.Check(ctx, a, kite.SecretChanges{})
	if err != nil {
		return kite.Account{}, err
	}
	if len(problems) > 0 {
		return kite.Account{}, problems[0]
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
	return w.Accounts.Create(ctx, a, secrets)
}

func (c accountAddCmd) addSandbox(ctx context.Context, global *commands, w *workbench) (kite.Account, error) {
	if err := global.unlockOrCreate(ctx, w); err != nil {
		return kite.Account{}, err
	}
	if c.Name == "" && reflect.DeepEqual(c.accountFlags, accountFlags{}) {
		return w.Accounts.CreateSandbox(ctx)
	}
	taken, err := w.Accounts.Store.Accounts(ctx)
	if err != nil {
		return kite.Account{}, err
	}
	a, secrets, err := w.Accounts.Sandbox.NewAccount(ctx, taken)
	if err != nil {
		return kite.Account{}, err
	}
	if c.Name != "" {
		a.Name = c.Name
	}
	c.onto(&a)
	return w.Accounts.Create(ctx, a, kite.SecretChanges{
		Password: kite.SecretChange{Set: secrets.Password}, APISecret: kite.SecretChange{Set: secrets.APISecret},
	})
}

// secrets reads them from descriptors first, which may be pipes that somebody
// waits to write to. The password may be left out wherever nobody can be asked
// for it.
func (c accountAddCmd) secrets() (kite.SecretChanges, error) {
	var changes kite.SecretChanges
	for _, s := range []struct {
		fd       *descriptor
		prompt   string
		optional bool
		to       *kite.Secret
	}{
		{&c.APISecretFD, "API secret (empty for none): ", false, &changes.APISecret.Set},
		{&c.PasswordFD, "Zerodha password (empty for none): ", true, &changes.Password.Set},
	} {
		if !s.fd.given && (c.NoAsk || s.optional && !hasTerminal()) {
			continue
		}
		value, err := secretFrom(s.fd, s.prompt)
		if err != nil {
			return kite.SecretChanges{}, noSecret(err)
		}
		*s.to = value
	}
	return changes, nil
}

// noSecret says how a secret can be given where nobody can be asked.
func noSecret(err error) error {
	if e := kite.AsError(err); e.Code == kite.ELOCKED {
		return e.WithHint("Give it on a file descriptor, such as " + fromFile("--api-secret-fd", 3) + ", or say --no-ask to leave it out.")
	}
	return err
}
