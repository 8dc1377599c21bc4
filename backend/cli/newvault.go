package cli

import (
	"context"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// unlockOrCreate is unlock for commands that store the first secrets: where
// there is no vault yet and no keyring, it makes one that a passphrase opens.
func (g *commands) unlockOrCreate(ctx context.Context, w *workbench) error {
	err := g.unlock(ctx, w)
	if state, _ := w.Vault.State(); err == nil || state != kite.VaultNewPassphrase {
		return err
	}
	passphrase, err := askTwice(&g.PassphraseFD, "There is no keyring here. Choose a passphrase for the vault of Kite Accounts")
	if err != nil {
		return noNewPassphrase(err)
	}
	defer passphrase.Wipe()
	return w.Vault.CreateWithPassphrase(ctx, passphrase)
}

func noNewPassphrase(err error) error {
	if e := kite.AsError(err); e.Code == kite.ELOCKED {
		return kite.Errorf(kite.ELOCKED, "There is no vault yet, and no keyring to keep its key.").
			WithHint("Choose a passphrase: run this at a terminal, or give it with --passphrase-fd.").Because(err)
	}
	return err
}

// startOver is unlockOrCreate after the database went missing: a keyring that
// still knows its vault is told that an empty one is meant.
func (g *commands) startOver(ctx context.Context, w *workbench, yes bool) error {
	err := g.unlockOrCreate(ctx, w)
	if state, _ := w.Vault.State(); state != kite.VaultDataMissing {
		return err
	}
	if err := confirm("The keyring knows a vault of this data folder, but its database is gone. Begin a new one here?", yes); err != nil {
		return err
	}
	w.Vault.IgnoreMarker = true
	return g.unlockOrCreate(ctx, w)
}
