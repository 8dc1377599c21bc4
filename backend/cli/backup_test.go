package cli_test

import (
	"bytes"
	"errors"
	"io"
	"os"

	"filippo.io/age"
	"github.com/rogpeppe/go-internal/testscript"
)

// quickWork is the cost of a passphrase that a script needn't wait for, as a
// power of two.
const quickWork = 10

// scriptRewrap is "rewrap FILE PASSPHRASE": the same backup with a passphrase
// that costs next to nothing, so that a script may open it often.
func scriptRewrap(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: rewrap FILE PASSPHRASE")
	}
	path := ts.MkAbs(args[0])
	file, err := os.ReadFile(path)
	ts.Check(err)
	identity, err := age.NewScryptIdentity(args[1])
	ts.Check(err)
	plain, err := age.Decrypt(bytes.NewReader(file), identity)
	ts.Check(err)
	recipient, err := age.NewScryptRecipient(args[1])
	ts.Check(err)
	recipient.SetWorkFactor(quickWork)
	var quick bytes.Buffer
	encrypted, err := age.Encrypt(&quick, recipient)
	ts.Check(err)
	_, err = io.Copy(encrypted, plain)
	ts.Check(errors.Join(err, encrypted.Close(), os.WriteFile(path, quick.Bytes(), 0o600)))
}
