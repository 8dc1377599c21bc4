package cli

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/kiteaccounts/kite-accounts/backend/backup"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

type restoreCmd struct {
	File    string     `arg:"" help:"What kitectl backup wrote."`
	Replace bool       `help:"Make accounts and preferences those of the backup; without it, accounts are only added and changed."`
	DryRun  bool       `name:"dry-run" help:"Only show what would be done."`
	Yes     bool       `help:"Don't ask."`
	Anyway  bool       `help:"Also if Kite can't be told that sessions end: their tokens may live until 06:00 IST."`
	FD      descriptor `name:"backup-passphrase-fd" placeholder:"N" help:"Read the backup's passphrase from file descriptor N. It may be another one than the vault's."`
}

// Run shows what restoring would do, asks, and does it.
func (c restoreCmd) Run(out *output, global *commands) error {
	ctx := context.Background()
	archive, err := c.read()
	if err != nil {
		return err
	}
	w, err := global.openWorkbench(ctx)
	if err != nil {
		return err
	}
	defer w.Close()
	plan, err := c.plan(ctx, global, w, archive)
	if err != nil {
		return err
	}
	living, err := w.living(ctx, plan.LogOutFirst)
	if err != nil {
		return err
	}
	if err := printPlan(out, plan, living); err != nil || c.DryRun {
		return err
	}
	if err := confirm("Restore this backup?", c.Yes); err != nil {
		return err
	}
	if err := global.startOver(ctx, w, c.Yes); err != nil {
		return err
	}
	if err := w.logOut(ctx, out, living, c.Anyway); err != nil {
		return err
	}
	if err := backup.Apply(ctx, plan, w.Restoration(), w.Sessions.Clock.Now()); err != nil {
		return err
	}
	for _, changed := range []kite.EventType{kite.AccountChanged, kite.SessionChanged, kite.PreferencesChanged, kite.HistoryChanged} {
		w.teller.tell(kite.Event{Type: changed})
	}
	_, err = fmt.Fprintln(out, "The backup is restored.")
	return err
}

func (c restoreCmd) read() (backup.Archive, error) {
	f, err := os.Open(c.File)
	if err != nil {
		return backup.Archive{}, kite.Errorf(kite.EINVALID, "%s can't be opened.", c.File).
			WithHint("Check the name and that you may read it.").Because(err)
	}
	defer f.Close() //nolint:errcheck // only read
	passphrase, err := secretFrom(&c.FD, "Passphrase of the backup: ")
	if err != nil {
		return backup.Archive{}, sayBackupFD(err)
	}
	defer passphrase.Wipe()
	return backup.Read(f, passphrase)
}

// plan opens the vault only to compare secrets with those that are there.
func (c restoreCmd) plan(ctx context.Context, global *commands, w *workbench, archive backup.Archive) (backup.Plan, error) {
	existing, err := backup.Current(ctx, w.Accounts.Store)
	if kite.ErrorCode(err) == kite.ELOCKED {
		if err := global.unlock(ctx, w); err != nil {
			return backup.Plan{}, err
		}
		existing, err = backup.Current(ctx, w.Accounts.Store)
	}
	if err != nil {
		return backup.Plan{}, err
	}
	mode := backup.Merge
	if c.Replace {
		mode = backup.Replace
	}
	return backup.PlanOf(existing, archive, mode)
}

func printPlan(out io.Writer, plan backup.Plan, living []kite.Account) error {
	for _, a := range living {
		_, _ = fmt.Fprintf(out, "The active session of %s ends first, here and at Kite.\n", a.Name)
	}
	for _, step := range plan.Steps {
		_, _ = fmt.Fprintln(out, step.Sentence)
	}
	if plan.Preferences != "" {
		_, _ = fmt.Fprintln(out, plan.Preferences)
	}
	n := plan.Counts
	_, err := fmt.Fprintf(out, "%d to add, %d to change, %d to remove, %d as they are.\n", n.Add+n.Rename, n.Update, n.Remove, n.Same)
	return err
}
