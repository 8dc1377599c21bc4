package vault

import (
	"errors"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// stateOf is what the vault needs after the keyring answered err.
func stateOf(err error) kite.VaultState {
	switch {
	case errors.Is(err, kite.ErrKeyringAbsent):
		return kite.VaultKeyringAbsent
	case errors.Is(err, kite.ErrKeyringNotFound):
		return kite.VaultKeyMissing
	case errors.Is(err, kite.ErrKeyringLocked), errors.Is(err, kite.ErrKeyringDismissed):
		return kite.VaultKeyringLocked
	default:
		return kite.VaultKeyringTimeout
	}
}

// keyringError says to the person what the keyring answered.
func keyringError(err error) error {
	switch {
	case errors.Is(err, kite.ErrKeyringDismissed):
		return kite.Errorf(kite.ECANCELED, "The keyring wasn't unlocked.").WithHint("Press Unlock and enter its password.").Because(err)
	case errors.Is(err, kite.ErrKeyringTimeout):
		return kite.Errorf(kite.ETIMEOUT, "The keyring didn't answer in time.").WithHint("Press Try again. If it keeps hanging, log out of the desktop and in again.").Because(err)
	case errors.Is(err, kite.ErrKeyringAbsent):
		return kite.Errorf(kite.ELOCKED, "No keyring is running.").WithHint("Start your desktop's keyring and press Try again.").Because(err)
	default:
		return kite.Errorf(kite.ELOCKED, "The keyring couldn't be unlocked.").WithHint("Press Unlock to try again.").Because(err)
	}
}

// lockedError says which way the vault is opened.
func lockedError(state kite.VaultState) error {
	e := kite.Errorf(kite.ELOCKED, "The vault with your keys isn't open.")
	switch state {
	case kite.VaultOpening:
		return e.WithHint("Wait a moment until the keyring has answered.")
	case kite.VaultKeyringLocked:
		return e.WithHint("Press Unlock at the top of the window.")
	case kite.VaultNeedsPassphrase:
		return e.WithHint("Enter your passphrase at the top of the window.")
	case kite.VaultNewPassphrase:
		return e.WithHint("Choose a passphrase at the top of the window first.")
	default:
		return e.WithHint("The top of the window says what is wrong and what you can do.")
	}
}
