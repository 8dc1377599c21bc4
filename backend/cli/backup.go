package cli

import (
	"context"
	"fmt"

	"github.com/kiteaccounts/kite-accounts/backend/backup"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

type backupCmd struct {
	File         string     `arg:"" help:"Where to. The file is age's, locked with a passphrase."`
	WithSessions bool       `name:"with-sessions" help:"With the tokens of active sessions, which end by themselves within a day."`
	Overwrite    bool       `help:"Replace a file that is there."`
	FD           descriptor `name:"backup-passphrase-fd" placeholder:"N" help:"Read the backup's passphrase from file descriptor N instead of asking for it twice. It may be another one than the vault's."`
}

// Run writes a backup.
func (c backupCmd) Run(out *output, global *commands) error {
	ctx := context.Background()
	w, err := global.openWorkbench(ctx)
	if err != nil {
		return err
	}
	defer w.Close()
	archive, err := c.collect(ctx, global, w)
	if err != nil {
		return err
	}
	passphrase, err := askTwice(&c.FD, "Choose a passphrase for the backup, at least 12 characters")
	if err != nil {
		return sayBackupFD(err)
	}
	defer passphrase.Wipe()
	if err := backup.SaveFile(c.File, archive, passphrase, c.Overwrite); err != nil {
		return sayOverwrite(err)
	}
	what := countAccounts(len(archive.Accounts))
	w.recordExport(ctx, what+" went into an encrypted backup.")
	_, err = fmt.Fprintf(out, "Wrote %s to %s. Without its passphrase nobody can read it, you neither.\n", what, c.File)
	return err
}

// collect opens the vault only for accounts that have something in it.
func (c backupCmd) collect(ctx context.Context, global *commands, w *workbench) (backup.Archive, error) {
	collect := func() (backup.Archive, error) {
		return backup.Collect(ctx, w.Accounts.Store, w.Sessions.Sessions, w.Settings, c.WithSessions, w.Sessions.Clock.Now())
	}
	archive, err := collect()
	if kite.ErrorCode(err) != kite.ELOCKED {
		return archive, err
	}
	if err := global.unlock(ctx, w); err != nil {
		return backup.Archive{}, err
	}
	return collect()
}

// recordExport notes that secrets of several accounts left the program. What
// is noted has happened already, so that it keeps nobody from anything.
func (w *workbench) recordExport(ctx context.Context, what string) {
	err := w.History.Record(ctx, kite.HistoryEntry{Kind: kite.HistoryExport, At: w.Sessions.Clock.Now(), OK: true, Detail: what})
	if err != nil {
		w.Log.Error("history not recorded", "kind", string(kite.HistoryExport), "error", err)
		return
	}
	w.teller.tell(kite.Event{Type: kite.HistoryChanged})
}

// sayOverwrite names the flag for what can be done all the same.
func sayOverwrite(err error) error {
	if e := kite.AsError(err); e.Code == kite.ECONFIRM {
		return e.WithHint("Choose another name, or say --overwrite.")
	}
	return err
}

// sayBackupFD names the descriptor of the backup's passphrase.
func sayBackupFD(err error) error {
	if e := kite.AsError(err); e.Code == kite.ELOCKED {
		return e.WithHint("Give the backup's passphrase on a file descriptor, such as " + fromFile("--backup-passphrase-fd", 4) + ".")
	}
	return err
}
