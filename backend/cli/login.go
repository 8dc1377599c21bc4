package cli

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

type loginCmd struct {
	Names   []string `arg:"" optional:"" name:"name" predictor:"account" help:"Names or short names."`
	All     bool     `help:"Log in every account that needs it, one after another."`
	Window  bool     `xor:"way" help:"In the login window of Kite Accounts."`
	Browser bool     `xor:"way" help:"In the system browser, whose answer is awaited at the callback URL's port."`
	Paste   bool     `xor:"way" help:"In any browser: paste the redirect URL, or just its request_token, here."`
	NoOpen  bool     `name:"no-open" help:"Print the login page's address instead of opening it."`
	Yes     bool     `help:"Also where a session that still works ends by it. Don't ask."`
}

// Run logs accounts in, each in its own way unless another is asked for.
func (c loginCmd) Run(out *output, global *commands) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	w, err := global.openWorkbench(ctx)
	if err != nil {
		return err
	}
	defer w.Close()
	accounts, err := c.chosen(ctx, w)
	if err != nil {
		return err
	}
	if len(accounts) == 0 {
		_, err := fmt.Fprintln(out, "No account needs a login.")
		return err
	}
	how := loginHow{way: c.way(), noOpen: c.NoOpen, confirmed: c.Yes, stdin: true}
	if len(accounts) == 1 {
		if err := how.possible(accounts[0]); err != nil {
			return err // before anybody is asked for a passphrase
		}
	}
	if err := global.unlock(ctx, w); err != nil {
		return err
	}
	if len(accounts) == 1 && !c.All {
		return global.logInOne(ctx, w, out, accounts[0], how)
	}
	return global.logInEach(ctx, w, out, accounts, how)
}

func (c loginCmd) way() kite.LoginWay {
	switch {
	case c.Window:
		return kite.LoginInWindow
	case c.Browser:
		return kite.LoginInBrowser
	case c.Paste:
		return kite.LoginByPaste
	}
	return ""
}

func (c loginCmd) chosen(ctx context.Context, w *workbench) ([]kite.Account, error) {
	if (len(c.Names) == 0) != c.All {
		return nil, kite.Errorf(kite.EINVALID, "Say which account, or --all.").WithHint("See kitectl list for the names there are.")
	}
	if c.All {
		return w.NeedingLogin(ctx)
	}
	var accounts []kite.Account
	for _, name := range c.Names {
		a, err := findAccount(ctx, w.Accounts.Store, name)
		if err != nil {
			return nil, err
		}
		accounts = append(accounts, a)
	}
	return accounts, nil
}

// logInOne logs the account in and tells until when.
func (g *commands) logInOne(ctx context.Context, w *workbench, out *output, a kite.Account, how loginHow) error {
	if err := g.logIn(ctx, w, a, how); err != nil {
		return err
	}
	latest, err := w.Sessions.Sessions.LatestSession(ctx, a.ID)
	if err != nil {
		return err
	}
	if latest == nil {
		return kite.Errorf(kite.ECONFLICT, "%s was logged in, and its session is gone again.", a.Name).WithHint("See kitectl history.")
	}
	_, err = fmt.Fprintf(out, "%s (%s) is logged in until %s.\n", a.Name, a.ClientID, latest.ExpiresAt.In(kite.IST).Format("2 Jan 15:04 MST"))
	return err
}

// logInEach logs one account in after another. What goes wrong with one is
// told, and the rest goes on; a signal stops it.
func (g *commands) logInEach(ctx context.Context, w *workbench, out *output, accounts []kite.Account, how loginHow) error {
	var failures []error
	for i, a := range accounts {
		_, _ = fmt.Fprintf(os.Stderr, "%d of %d: %s (%s)\n", i+1, len(accounts), a.Name, a.ClientID)
		err := g.logInOne(ctx, w, out, a, how)
		if err == nil {
			continue
		}
		failures = append(failures, err)
		if _, err := fmt.Fprintf(out, "%s (%s) isn't logged in: %s\n", a.Name, a.ClientID, printable(kite.AsError(err).Message)); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return kite.Errorf(kite.ECANCELED, "Stopped: %d of %d accounts are logged in.", i+1-len(failures), len(accounts)).
				WithHint("kitectl login --all goes on with the rest.")
		}
	}
	done := len(accounts) - len(failures)
	if len(failures) == 0 {
		_, err := fmt.Fprintf(out, "%d of %d accounts are logged in.\n", done, len(accounts))
		return err
	}
	return kite.Errorf(commonCode(failures), "%d of %d accounts are logged in.", done, len(accounts)).
		WithHint("The lines above say what was in the way. kitectl login --all goes on with the rest.")
}

// commonCode is the code of all the errors, EINTERNAL if they have several.
func commonCode(errs []error) string {
	code := kite.ErrorCode(errs[0])
	for _, err := range errs {
		if kite.ErrorCode(err) != code {
			return kite.EINTERNAL
		}
	}
	return code
}
