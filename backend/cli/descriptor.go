package cli

import (
	"os"
	"strconv"

	"github.com/alecthomas/kong"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// descriptor is a flag that names a file by the number under which the caller
// gave it. Parsing only notes the number; take then takes the file.
type descriptor struct {
	given  bool
	number int
	file   *os.File
}

// Decode reads the number. A second one would leave the first file for
// anybody who is started.
func (d *descriptor) Decode(ctx *kong.DecodeContext) error {
	var text string
	if err := ctx.Scan.PopValueInto("descriptor", &text); err != nil {
		return err
	}
	number, err := strconv.ParseUint(text, 10, 31)
	if err != nil || d.given {
		return kite.Errorf(kite.EINVALID, "A file descriptor is given by one number.").
			WithHint("Such as " + fromFile("--passphrase-fd", 3) + ".").Because(err)
	}
	*d = descriptor{given: true, number: int(number)} //nolint:gosec // 31 bits
	return nil
}

// takeDescriptors takes the files of all flags that were given, before
// anything is opened or started: a program that gets one could read a secret.
func takeDescriptors(ctx *kong.Context) (closeAll func(), err error) {
	var taken []*descriptor
	closeAll = func() {
		for _, d := range taken {
			d.close()
		}
	}
	for _, flag := range ctx.Flags() {
		d, ok := flag.Target.Addr().Interface().(*descriptor)
		if !ok || !d.given {
			continue
		}
		if d.file = inherited(d.number); d.file == nil {
			closeAll()
			return nil, unreadable(nil)
		}
		taken = append(taken, d)
	}
	return closeAll, nil
}

// readLine reads one line and closes the file. EINVALID if that can't be read,
// or was before.
func (d *descriptor) readLine() (kite.Secret, error) {
	if d.file == nil {
		return kite.Secret{}, unreadable(nil)
	}
	defer d.close()
	return readLine(d.file)
}

// close leaves the file unread.
func (d *descriptor) close() {
	if d.file != nil {
		_ = d.file.Close() // only read
	}
}
