package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/kiteaccounts/kite-accounts/backend/accountfile"
	"github.com/kiteaccounts/kite-accounts/backend/datadir"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

type accountExportCmd struct {
	File      string `arg:"" optional:"" help:"Where to; without it, or for -, to stdout."`
	Format    string `enum:"csv,json,auto" default:"auto" help:"csv or json (default: by the file's name, else csv)."`
	Overwrite bool   `help:"Replace a file that is there."`
}

// Run writes the accounts from the database alone.
func (c accountExportCmd) Run(out *output, global *commands) error {
	accounts, err := global.storedAccounts(context.Background())
	if err != nil {
		return err
	}
	if c.File == "" || c.File == "-" {
		return c.write(out, accounts)
	}
	var text bytes.Buffer
	if err := c.write(&text, accounts); err != nil {
		return err
	}
	if err := saveFile(c.File, text.Bytes(), c.Overwrite); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "Wrote %s to %s, without secrets.\n", countAccounts(len(accounts)), c.File)
	return err
}

func (c accountExportCmd) write(w io.Writer, accounts []kite.Account) error {
	if c.Format == "json" || c.Format == "auto" && strings.EqualFold(filepath.Ext(c.File), ".json") {
		return accountfile.WriteJSON(w, accounts)
	}
	return accountfile.WriteCSV(w, accounts)
}

// storedAccounts reads all accounts from the database alone; none if there is
// no database.
func (g *commands) storedAccounts(ctx context.Context) ([]kite.Account, error) {
	dir, err := datadir.Open(g.DataDir)
	if err != nil {
		return nil, err
	}
	db, err := sqlite.OpenReadOnly(ctx, dir.Database())
	switch {
	case kite.ErrorCode(err) == kite.ENOTFOUND:
		return nil, nil
	case err != nil:
		return nil, err
	}
	defer db.Close() //nolint:errcheck // only read
	return db.Accounts(nil).Accounts(ctx)
}

func countAccounts(n int) string {
	if n == 1 {
		return "1 account"
	}
	return fmt.Sprintf("%d accounts", n)
}
