package vault

import (
	"context"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/kiteaccounts/kite-accounts/backend/envelope"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// minPassphrase is the fewest characters of a passphrase.
const minPassphrase = 12

// freeTries are the wrong passphrases in a row before each costs a wait. The
// wait only slows somebody at this window; Argon2id slows the rest.
const (
	freeTries = 5
	maxWait   = time.Minute
)

// CreateWithPassphrase makes a vault that a passphrase opens. Only for a
// database without one; EINVALID for a passphrase under twelve characters,
// ECONFLICT if there is a vault.
func (v *Vault) CreateWithPassphrase(ctx context.Context, passphrase kite.Secret) error {
	v.opening.Lock()
	defer v.opening.Unlock()
	if utf8.RuneCount(passphrase.Bytes()) < minPassphrase {
		return kite.Errorf(kite.EINVALID, "The passphrase has fewer than %d characters.", minPassphrase).
			WithHint("Four or more random words are easy to remember and hard to guess.").WithField("passphrase")
	}
	record, err := v.Store.Vault(ctx)
	if err != nil {
		return fmt.Errorf("create vault: %w", err)
	}
	if record.VaultID != "" || record.HasSealedData || len(record.Slots) > 0 {
		return kite.Errorf(kite.ECONFLICT, "There is a vault already.").WithHint("Open it with its own key.")
	}
	kdf := v.KDF.WithSalt()
	vaultID, dataKey := uuid.NewString(), envelope.NewKey()
	slot := kite.KeySlot{ID: uuid.NewString(), Kind: kite.PassphraseSlot, KDF: kdf.Encode(), CreatedAt: v.Clock.Now()}
	kek := kdf.Key(passphrase.Bytes())
	defer clear(kek)
	if slot.WrappedKey, err = envelope.Wrap(kek, dataKey, binding(vaultID, slot)); err != nil {
		return fmt.Errorf("create vault: %w", err)
	}
	state, err := v.create(ctx, vaultID, slot, dataKey)
	v.become(state)
	if err != nil {
		return fmt.Errorf("create vault: %w", err)
	}
	return nil
}

// OpenWithPassphrase opens a vault that has a passphrase slot. EINVALID for a
// wrong passphrase, after five in a row with a wait.
func (v *Vault) OpenWithPassphrase(ctx context.Context, passphrase kite.Secret) error {
	v.passphrase.Lock()
	defer v.passphrase.Unlock()
	if wait := v.notBefore.Sub(v.Clock.Now()); wait > 0 && wait <= maxWait {
		return kite.Errorf(kite.EINVALID, "Too many wrong passphrases. Try again in %d seconds.", int(wait.Seconds())+1).WithField("passphrase")
	}
	record, err := v.Store.Vault(ctx)
	if err != nil {
		return fmt.Errorf("open vault: %w", err)
	}
	slot := slotOf(record, kite.PassphraseSlot)
	if slot == nil {
		return kite.Errorf(kite.ENOTFOUND, "This vault has no passphrase.")
	}
	kdf, err := envelope.ParseKDF(slot.KDF)
	if err != nil {
		return kite.Errorf(kite.EDATA, "The vault's record is damaged and was left as it is.").Because(err)
	}
	kek := kdf.Key(passphrase.Bytes())
	defer clear(kek)
	dataKey, err := envelope.Unwrap(kek, slot.WrappedKey, binding(record.VaultID, *slot))
	if err != nil {
		v.delay()
		return kite.Errorf(kite.EINVALID, "That isn't the passphrase of this vault.").WithHint("Try again.").WithField("passphrase").Because(err)
	}
	v.wrong, v.notBefore = 0, time.Time{}
	return v.unlocked(dataKey, record.VaultID)
}

func (v *Vault) delay() {
	v.wrong++
	if v.wrong < freeTries {
		return
	}
	wait := min(time.Second<<(v.wrong-freeTries), maxWait)
	if v.wrong-freeTries > 6 {
		wait = maxWait
	}
	v.notBefore = v.Clock.Now().Add(wait)
}
