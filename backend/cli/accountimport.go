package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	"github.com/google/uuid"

	"github.com/kiteaccounts/kite-accounts/backend/accountfile"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

type accountImportCmd struct {
	File        string `arg:"" help:"CSV with a header, or a JSON array; - for stdin. It may hold apiSecret and password."`
	SkipClashes bool   `name:"skip-clashes" help:"Leave out accounts that can't be added beside others, instead of adding none."`
	DryRun      bool   `name:"dry-run" help:"Only show what would be added."`
	Yes         bool   `help:"Don't ask."`
}

// Run adds the accounts of a file.
func (c accountImportCmd) Run(out *output, global *commands) error {
	ctx := context.Background()
	file, err := c.read()
	if err != nil {
		return err
	}
	w, err := global.openWorkbench(ctx)
	if err != nil {
		return err
	}
	defer w.Close()
	existing, err := w.Accounts.Store.Accounts(ctx)
	if err != nil {
		return err
	}
	preview := accountfile.Compare(file, existing)
	printPreview(out, file, preview)
	if err := c.refusal(file, preview); err != nil || c.DryRun {
		return err
	}
	if len(preview.Added) == 0 {
		_, err = fmt.Fprintln(out, "There is nothing to add.")
		return err
	}
	if err := confirm("Add "+countAccounts(len(preview.Added))+"?", c.Yes); err != nil {
		return err
	}
	if err := global.addAll(ctx, w, preview.Added); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "Added %s.\n", countAccounts(len(preview.Added)))
	if err == nil && c.File != "-" && holdsSecrets(preview.Added) {
		_, err = fmt.Fprintf(out, "%s still holds their secrets: delete it if it isn't needed.\n", c.File)
	}
	return err
}

func (c accountImportCmd) read() (accountfile.File, error) {
	if c.File == "-" {
		return accountfile.Read(os.Stdin)
	}
	f, err := os.Open(c.File)
	if err != nil {
		return accountfile.File{}, kite.Errorf(kite.EINVALID, "%s can't be opened.", c.File).
			WithHint("Check the name and that you may read it.").Because(err)
	}
	defer f.Close() //nolint:errcheck // only read
	if info, err := f.Stat(); err == nil && runtime.GOOS != "windows" && info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0 {
		_, _ = fmt.Fprintf(os.Stderr, "kitectl: warning: other users may read %s. Close it with: chmod 600 %s\n", c.File, shQuote(c.File))
	}
	return accountfile.Read(f)
}

func printPreview(out io.Writer, file accountfile.File, p accountfile.Preview) {
	for _, problem := range file.Problems {
		name := printable(problem.Name)
		if name != "" {
			name += ": "
		}
		if problem.Err.Field != "" {
			name += problem.Err.Field + ": "
		}
		_, _ = fmt.Fprintf(out, "line %d: %s%s\n", problem.Line, name, problem.Err.Message)
	}
	if len(file.Problems) > 0 {
		return
	}
	for _, row := range p.Added {
		_, _ = fmt.Fprintf(out, "line %d: %s (%s, %s) is added as %s.\n", row.Line, row.Account.Name, row.Account.ClientID, row.Account.Type, row.Account.Slug)
	}
	for _, clash := range p.Clashes {
		_, _ = fmt.Fprintf(out, "line %d: %s can't be added: it %s.\n", clash.Line, clash.Account.Name, clash.With)
	}
}

// refusal is why nothing is added.
func (c accountImportCmd) refusal(file accountfile.File, p accountfile.Preview) error {
	switch {
	case len(file.Problems) > 0:
		return kite.Errorf(kite.EINVALID, "Some accounts of the file aren't right, so none was added.").
			WithHint("Correct the lines above and try again.")
	case len(p.Clashes) > 0 && !c.SkipClashes:
		return kite.Errorf(kite.ECONFLICT, "%s of the file can't be added beside others, so none was added.", countAccounts(len(p.Clashes))).
			WithHint("Correct the lines above, or leave them out with --skip-clashes.")
	}
	return nil
}

func holdsSecrets(rows []accountfile.Row) bool {
	for _, r := range rows {
		if !r.Secrets.APISecret.Empty() || !r.Secrets.Password.Empty() {
			return true
		}
	}
	return false
}

// addAll adds all accounts in one transaction. They are created a millisecond
// after each other, since lists have that order.
func (g *commands) addAll(ctx context.Context, w *workbench, rows []accountfile.Row) error {
	if holdsSecrets(rows) {
		if err := g.unlockOrCreate(ctx, w); err != nil {
			return err
		}
	}
	addition := w.Restoration()
	now := w.Accounts.Clock.Now()
	for i, r := range rows {
		a := r.Account
		a.ID = uuid.NewString()
		a.CreatedAt = now.Add(time.Duration(i-len(rows)) * time.Millisecond)
		a.UpdatedAt = a.CreatedAt
		addition.Create(a, r.Secrets)
	}
	if err := addition.Commit(ctx, now); err != nil {
		return fmt.Errorf("import accounts: %w", err)
	}
	w.teller.tell(kite.Event{Type: kite.AccountChanged})
	return nil
}
