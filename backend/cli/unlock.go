package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"golang.org/x/term"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/vault"
)

// unlock opens the vault: with the keyring where that asks nobody, else with
// the passphrase from --passphrase-fd or the terminal. ELOCKED where neither
// is to be had.
func (g *commands) unlock(ctx context.Context, w *workbench) error { return g.openVault(ctx, w.Vault) }

func (g *commands) openVault(ctx context.Context, v *vault.Vault) error {
	v.Start(ctx)
	state, provider := v.State()
	switch state {
	case kite.VaultOpen:
		g.PassphraseFD.close()
		return nil
	case kite.VaultNeedsPassphrase:
		passphrase, err := g.passphrase("Passphrase of Kite Accounts: ")
		if err != nil {
			return err
		}
		defer passphrase.Wipe()
		return v.OpenWithPassphrase(ctx, passphrase)
	}
	return lockedVault(state, provider)
}

// lockedVault says what is needed, from where it can be done.
func lockedVault(state kite.VaultState, provider string) error {
	switch state {
	case kite.VaultKeyringLocked:
		return kite.Errorf(kite.ELOCKED, "The keyring is locked (%s).", provider).
			WithHint("Unlock it: open Kite Accounts, or log in on the desktop.")
	case kite.VaultKeyringAbsent, kite.VaultKeyringTimeout:
		return kite.Errorf(kite.ELOCKED, "The keyring that holds the key can't be reached from here (%s).", provider).
			WithHint("Run this where the desktop session is, with DBUS_SESSION_BUS_ADDRESS set.")
	case kite.VaultNewPassphrase:
		return kite.Errorf(kite.ELOCKED, "There is no vault yet, and no keyring to keep its key.").
			WithHint("Open Kite Accounts once and choose a passphrase.")
	}
	return kite.Errorf(kite.ELOCKED, "The vault can't be opened (%s).", state).
		WithHint("Open Kite Accounts: it says what is needed.")
}

// passphrase reads one line from --passphrase-fd, or asks at the terminal.
func (g *commands) passphrase(prompt string) (kite.Secret, error) {
	return secretFrom(&g.PassphraseFD, prompt)
}

// maxLine bounds a passphrase or secret that is read.
const maxLine = 4096

// readLine reads up to the first line break or the end.
func readLine(f io.Reader) (kite.Secret, error) {
	line, err := bufio.NewReaderSize(io.LimitReader(f, maxLine), maxLine).ReadBytes('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return kite.Secret{}, unreadable(err)
	}
	defer clear(line)
	for len(line) > 0 && (line[len(line)-1] == '\n' || line[len(line)-1] == '\r') {
		line = line[:len(line)-1]
	}
	return kite.SecretBytes(line), nil
}

func unreadable(err error) error {
	return kite.Errorf(kite.EINVALID, "The file descriptor given can't be read.").
		WithHint("Give the number of one that is open for reading, such as " + fromFile("--passphrase-fd", 3) + ".").Because(err)
}

// askHidden asks at the terminal without echo, also where stdin and stdout are
// something else.
func askHidden(prompt string) (kite.Secret, error) {
	tty, err := openTerminal()
	if err != nil {
		return kite.Secret{}, kite.Errorf(kite.ELOCKED, "This needs a passphrase or secret, and there is no terminal to ask at.").
			WithHint("Give it on a file descriptor, such as " + fromFile("--passphrase-fd", 3) + ".").Because(err)
	}
	defer tty.Close()
	_, _ = fmt.Fprint(tty.out, prompt)
	text, err := term.ReadPassword(int(tty.in.Fd()))
	_, _ = fmt.Fprintln(tty.out)
	if err != nil {
		return kite.Secret{}, kite.Errorf(kite.ECANCELED, "Nothing was entered.").Because(err)
	}
	defer clear(text)
	return kite.SecretBytes(text), nil
}
