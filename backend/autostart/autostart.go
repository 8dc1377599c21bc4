package autostart

import (
	"errors"
	"fmt"
	"os"
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

// removeFile removes a file; one that isn't there is no error.
func removeFile(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// writeFile puts a file in the place of what was there, whole or not at all.
func writeFile(path string, text []byte) (err error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	temp, err := os.CreateTemp(dir, "."+ID+"-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = temp.Close()
			_ = os.Remove(temp.Name())
		}
	}()
	if _, err := temp.Write(text); err != nil {
		return err
	}
	if err := errors.Join(temp.Chmod(0o644), temp.Sync(), temp.Close()); err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}

// readFile gives nothing for a file that isn't there.
func readFile(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	return text, err
}
