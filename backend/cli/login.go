package cli

import (
	"context"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// loginHow is how a command logs an account in.
type loginHow struct {
	way       kite.LoginWay // empty: the account's own
	noOpen    bool          // print the login URL instead of opening it
	confirmed bool          // also if a session that still works ends by it
}

// logIn logs the account in and returns once that is over.
func (g *commands) logIn(ctx context.Context, w *workbench, a kite.Account, how loginHow) error {
	return w.Login.Start(ctx, a.ID, how.confirmed)
}
