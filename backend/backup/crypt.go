package backup

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"

	"filippo.io/age"
	"filippo.io/age/armor"
	"golang.org/x/text/unicode/norm"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// minPassphrase is the fewest characters of a passphrase, as for the vault's.
const minPassphrase = 12

// Costs of a passphrase as powers of two, scrypt's N with r = 8 and p = 1. 18
// takes most of a second and 256 MiB on a laptop; a file that asks for more
// than 20, which is 1 GiB, was made to stall whoever opens it.
const (
	defaultWork    = 18
	defaultMaxWork = 20
)

var workFactor, maxWorkFactor = defaultWork, defaultMaxWork

// maxFile bounds a backup, encrypted as well as decrypted, in bytes.
const maxFile = 32 << 20

// Write encrypts the archive to w. EINVALID for a passphrase under twelve
// characters, with Field "passphrase", and for an account that Read would
// refuse. What w got after an error is no backup.
func Write(w io.Writer, a Archive, passphrase kite.Secret) error {
	if utf8.RuneCount(passphrase.Bytes()) < minPassphrase {
		return kite.Errorf(kite.EINVALID, "The passphrase has fewer than %d characters.", minPassphrase).
			WithHint("Four or more random words are easy to remember and hard to guess.").WithField("passphrase")
	}
	payload, err := encode(a)
	if err != nil {
		return err
	}
	defer clear(payload)
	if len(payload) > maxFile/2 { // a file that Read takes, armoured too
		return kite.Errorf(kite.EINVALID, "There is too much for one backup.").WithHint("At most 16 MiB fit into one.")
	}
	recipient, err := age.NewScryptRecipient(normalised(passphrase))
	if err != nil {
		return notEncrypted(err)
	}
	recipient.SetWorkFactor(workFactor)
	encrypted, err := age.Encrypt(w, recipient)
	if err != nil {
		return notEncrypted(err)
	}
	if _, err := encrypted.Write(payload); err != nil {
		return notEncrypted(err)
	}
	if err := encrypted.Close(); err != nil {
		return notEncrypted(err)
	}
	return nil
}

func notEncrypted(err error) error {
	return kite.Errorf(kite.EINTERNAL, "The backup couldn't be written.").WithHint("Try again. The log has the details.").Because(err)
}

// normalised is NFKD, so that the passphrase is the same from every keyboard.
// age takes a string, which can't be cleared.
func normalised(passphrase kite.Secret) string {
	return string(norm.NFKD.Append(nil, passphrase.Bytes()...))
}

// Read decrypts and checks a backup, armoured or not. It trusts nothing in it:
// sizes, counts, the cost of the passphrase and every field are bounded.
//
// All its errors are EDATA, but EINVALID for an empty passphrase; a wrong one
// and a damaged file are told by the same sentence, since nothing tells them
// apart. No error quotes the file but for names of accounts.
func Read(r io.Reader, passphrase kite.Secret) (Archive, error) {
	if passphrase.Empty() {
		return Archive{}, kite.Errorf(kite.EINVALID, "Enter the passphrase of the backup.").WithField("passphrase")
	}
	file, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	switch {
	case err != nil:
		return Archive{}, kite.Errorf(kite.EDATA, "The backup can't be read.").
			WithHint("Check that the disk is there and that you may read the file.").Because(err)
	case len(file) > maxFile:
		return Archive{}, kite.Errorf(kite.EDATA, "This file is too large for a backup of Kite Accounts.").WithHint("At most 32 MiB are read.")
	}
	payload, err := decrypt(file, passphrase)
	if err != nil {
		return Archive{}, err
	}
	defer clear(payload)
	return decode(payload)
}

// ageMagic begins every age file: https://age-encryption.org/v1.
const ageMagic = "age-encryption.org/v1\n"

func decrypt(file []byte, passphrase kite.Secret) ([]byte, error) {
	var source io.Reader
	switch trimmed := bytes.TrimLeft(file, " \t\r\n"); {
	case bytes.HasPrefix(file, []byte(ageMagic)):
		source = bytes.NewReader(file)
	case bytes.HasPrefix(trimmed, []byte(armor.Header)):
		source = armor.NewReader(bytes.NewReader(trimmed))
	default:
		return nil, kite.Errorf(kite.EDATA, "This file isn't a backup of Kite Accounts.").WithHint("Choose a file that kitectl backup wrote.")
	}
	reader, err := age.Decrypt(source, onlyPassphrase{passphrase})
	if err != nil {
		return nil, refusal(err)
	}
	payload, err := io.ReadAll(reader) // never longer than the file
	if err != nil {
		return nil, damaged("the payload doesn't decrypt")
	}
	return payload, nil
}

// onlyPassphrase opens files that were encrypted to one passphrase and to
// nothing else, and looks at what that costs before it is spent.
type onlyPassphrase struct{ passphrase kite.Secret }

var _ age.Identity = onlyPassphrase{}

// Unwrap finds the file's key.
func (o onlyPassphrase) Unwrap(stanzas []*age.Stanza) ([]byte, error) {
	if len(stanzas) != 1 || stanzas[0].Type != "scrypt" {
		return nil, kite.Errorf(kite.EDATA, "This file isn't locked with one passphrase alone, as backups of Kite Accounts are.").
			WithHint("Choose a file that kitectl backup wrote.")
	}
	if tooCostly(stanzas[0]) {
		return nil, kite.Errorf(kite.EDATA, "This file asks for far more work than a backup of Kite Accounts, so it wasn't opened.").
			WithHint("It is damaged or was made to stall this computer. Use another copy.")
	}
	identity, err := age.NewScryptIdentity(normalised(o.passphrase))
	if err != nil {
		return nil, err
	}
	identity.SetMaxWorkFactor(maxWorkFactor)
	return identity.Unwrap(stanzas)
}

// tooCostly reads the stanza's work factor; one that is no number is age's to
// refuse.
func tooCostly(stanza *age.Stanza) bool {
	if len(stanza.Args) != 2 {
		return false
	}
	work, err := strconv.Atoi(stanza.Args[1])
	return errors.Is(err, strconv.ErrRange) || err == nil && work > maxWorkFactor
}

func refusal(err error) error {
	var ours *kite.Error
	var none *age.NoIdentityMatchError
	switch {
	case errors.As(err, &ours):
		return ours
	case errors.As(err, &none):
		return damaged("the passphrase doesn't open the file's key")
	}
	return damaged("age refuses the header")
}

// damaged is the one sentence for a wrong passphrase and for a spoiled file.
func damaged(why string) error {
	return kite.Errorf(kite.EDATA, "This backup can't be opened: the passphrase is wrong, or the file is damaged.").
		WithHint("Type the passphrase again. If it is right, use another copy of the file.").Because(errText(why))
}
