package keyring

import (
	"errors"
	"fmt"
	"os/exec"

	gokeyring "github.com/zalando/go-keyring"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// keychainStatus is what the codes of macOS' keychain mean, as in Security's
// SecBase.h.
var keychainStatus = map[int]error{
	-25315: kite.ErrKeyringLocked,    // errSecInteractionRequired
	-25308: kite.ErrKeyringLocked,    // errSecInteractionNotAllowed
	-25307: kite.ErrKeyringAbsent,    // errSecNoDefaultKeychain
	-25300: kite.ErrKeyringNotFound,  // errSecItemNotFound
	-25294: kite.ErrKeyringAbsent,    // errSecNoSuchKeychain
	-25293: kite.ErrKeyringDismissed, // errSecAuthFailed
	-128:   kite.ErrKeyringDismissed, // userCanceledErr
}

// told says in our words what go-keyring answers. On macOS it runs a program
// whose exit status is the low byte of a code.
func told(err error) error {
	if errors.Is(err, gokeyring.ErrNotFound) {
		return kite.ErrKeyringNotFound
	}
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return err
	}
	for code, known := range keychainStatus {
		if code&0xff == exit.ExitCode() {
			return fmt.Errorf("%w: %w", known, err)
		}
	}
	return err
}
