package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// terminal is where a person sits. Both sides may be one file.
type terminal struct{ in, out *os.File }

// Close closes both sides, of which nothing is kept.
func (t terminal) Close() {
	_ = t.in.Close()
	if t.out != t.in {
		_ = t.out.Close()
	}
}

// confirm asks a question at the terminal unless it was answered by --yes.
// ECONFIRM where there is no terminal, ECANCELED for anything but yes.
func confirm(question string, yes bool) error {
	if yes {
		return nil
	}
	tty, err := openTerminal()
	if err != nil {
		return kite.Errorf(kite.ECONFIRM, "This has to be confirmed, and there is no terminal to ask at.").
			WithHint("Say --yes if it is meant.").Because(err)
	}
	defer tty.Close()
	_, _ = fmt.Fprint(tty.out, question+" [y/N] ")
	answer, err := bufio.NewReader(io.LimitReader(tty.in, maxLine)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return kite.Errorf(kite.ECANCELED, "Nothing was entered, so nothing was done.").Because(err)
	}
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes":
		return nil
	}
	return kite.Errorf(kite.ECANCELED, "Nothing was done.")
}

// hasTerminal says whether there is a terminal to ask at.
func hasTerminal() bool {
	tty, err := openTerminal()
	if err != nil {
		return false
	}
	tty.Close()
	return true
}

// secretFrom reads a secret from a descriptor, or asks for it where none is
// given.
func secretFrom(d *descriptor, prompt string) (kite.Secret, error) {
	if !d.given {
		return askHidden(prompt)
	}
	return d.readLine()
}

// askTwice asks for a passphrase that is to be set, unless it comes on a
// descriptor.
func askTwice(d *descriptor, what string) (kite.Secret, error) {
	first, err := secretFrom(d, what+": ")
	if err != nil || d.given {
		return first, err
	}
	second, err := askHidden("The same again: ")
	if err != nil {
		return kite.Secret{}, err
	}
	defer second.Wipe()
	if !first.Equal(second) {
		return kite.Secret{}, kite.Errorf(kite.EINVALID, "That wasn't twice the same.").WithHint("Try again.")
	}
	return first, nil
}

// flagOfField is where a field of the account form comes from here.
var flagOfField = map[string]string{
	"accountName": "NAME", "clientId": "--client-id", "apiKey": "--api-key", "accountType": "--type", "callbackUrl": "--callback-url",
	"postbackUrl": "--postback-url", "phoneNumber": "--phone", "slug": "--slug", "loginWay": "--login-way",
	"sessionLifetimeHours": "--lifetime-hours", "loginUrl": "--login-url", "apiRoot": "--api-root", "allowedHosts": "--allow-host",
	"apiSecret": "the API secret", "password": "the password",
}

// saysWhere adds to an error about a field which flag it is.
func saysWhere(err error) error {
	var e *kite.Error
	if err == nil || !errors.As(err, &e) || flagOfField[e.Field] == "" {
		return err
	}
	hint := "This is about " + flagOfField[e.Field] + "."
	if e.Hint != "" {
		hint = e.Hint + " " + hint
	}
	return e.WithHint(hint)
}
