package cli

import (
	"context"
	"fmt"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

type tokenCmd struct {
	Name string `arg:"" placeholder:"NAME" predictor:"account" help:"The account's name or short name."`
}

// Run prints the access token.
func (c tokenCmd) Run(out *output, global *commands) error {
	h, err := global.printed(c.Name, "Access token printed (token).")
	if err != nil {
		return err
	}
	return printSecret(out, h.Access)
}

type headerCmd struct {
	Name  string `arg:"" placeholder:"NAME" predictor:"account" help:"The account's name or short name."`
	Value bool   `help:"Only what comes after \"Authorization: \"."`
}

// Run prints the header of Kite's API, https://kite.trade/docs/connect/v3/user/.
func (c headerCmd) Run(out *output, global *commands) error {
	h, err := global.printed(c.Name, "Authorization header printed (header).")
	if err != nil {
		return err
	}
	if c.Value {
		return printSecret(out, h.Header())
	}
	return printSecret(out, kite.NewSecret("Authorization: "+h.Header().Reveal()))
}

// printed is the handout of a command that prints it.
func (g *commands) printed(name, to string) (kite.Handout, error) {
	return g.handout(context.Background(), g.openCounter, name, to)
}

func printSecret(out *output, s kite.Secret) error {
	_, err := fmt.Fprintln(out, s.Reveal())
	return err
}
