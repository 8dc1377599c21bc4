package autostart

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// ID names the entry on every platform.
const ID = "io.github.kiteaccounts.KiteAccounts"

const appName = "Kite Accounts"

// Autostart is one program with its arguments. Program is an absolute path.
// They must hold no secret: other programs of the user can read them.
type Autostart struct {
	Program string
	Args    []string
}

// Enabled says whether exactly this program with these arguments starts with
// the computer. An entry for another place, such as an older version's, counts
// as off, as does one that the user's desktop has switched off.
func (a Autostart) Enabled() (bool, error) {
	on, err := a.enabled()
	if err != nil {
		return false, fmt.Errorf("look at autostart: %w", cantBe("read", err))
	}
	return on, nil
}

// Set makes the program start with the computer, or not. What is there for
// another place is replaced or removed. To switch off what isn't on is no error.
func (a Autostart) Set(on bool) error {
	err := a.remove
	if on {
		if !filepath.IsAbs(a.Program) {
			return fmt.Errorf("set autostart: program %q isn't an absolute path", a.Program)
		}
		err = a.write
	}
	if err := err(); err != nil {
		return fmt.Errorf("set autostart: %w", cantBe("changed", err))
	}
	return nil
}

func cantBe(done string, err error) error {
	if known := (*kite.Error)(nil); errors.As(err, &known) {
		return known
	}
	return kite.Errorf(kite.EINTERNAL, "Starting with the computer can't be %s.", done).
		WithHint("The log has the details. Your desktop's own settings can start programs too.").Because(err)
}
