// Command sign signs files as minisign does, each beside itself:
//
//	go run ./build/release/sign build/dist/feed.json
//
// The secret key, as minisign -G writes it into a file, is taken from the
// variable MINISIGN_SECRET_KEY, and its password from MINISIGN_PASSWORD: secrets
// reach a hosted workflow in no other way. With FEED_KEY, the public keys of the
// programs that are to read the files, it refuses to sign with another.
//
//	go run ./build/release/sign -check-key
//
// says, by its exit code, whether programs built with FEED_KEY and FEED_URL
// could check: of themselves they would only say in the log that they can't.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
	"unicode"

	"aead.dev/minisign"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/update"
)

// The variables that are read.
const (
	secretKey = "MINISIGN_SECRET_KEY" //nolint:gosec // a name
	password  = "MINISIGN_PASSWORD"   //nolint:gosec // a name
	pinned    = "FEED_KEY"
	feedURL   = "FEED_URL"
)

func main() {
	if err := run(os.Args[1:], os.Getenv, os.Stdout, time.Now()); err != nil {
		fmt.Fprintln(os.Stderr, "sign:", err)
		os.Exit(1)
	}
}

func run(files []string, env func(string) string, out io.Writer, now time.Time) error {
	if len(files) == 0 {
		return errors.New("no file was given")
	}
	if files[0] == "-check-key" {
		return checkKey(env(pinned), env(feedURL))
	}
	key, err := readKey(kite.NewSecret(env(secretKey)), kite.NewSecret(env(password)))
	if err != nil {
		return err
	}
	public, _ := key.Public().(minisign.PublicKey)
	if err := checkPinned(public, env(pinned)); err != nil {
		return err
	}
	for _, file := range files {
		if err := sign(key, file, now); err != nil {
			return err
		}
		if _, err := fmt.Fprintf(out, "%s.minisig is signed with the key %s\n", file, public); err != nil {
			return err
		}
	}
	return nil
}

// decrypt takes many seconds and a gigabyte by design, so tests have another.
var decrypt = minisign.DecryptKey

// readKey takes the text of minisign's file, or its second line alone.
func readKey(text, pass kite.Secret) (minisign.PrivateKey, error) {
	file := strings.TrimSpace(text.Reveal())
	if file == "" {
		return minisign.PrivateKey{}, errors.New(secretKey + " is empty")
	}
	if !strings.Contains(file, "\n") {
		file = "untrusted comment: secret key\n" + file
	}
	var key minisign.PrivateKey
	var err error
	if minisign.IsEncrypted([]byte(file)) {
		key, err = decrypt(pass.Reveal(), []byte(file))
	} else {
		err = key.UnmarshalText([]byte(file))
	}
	if err != nil {
		return minisign.PrivateKey{}, errors.New("the secret key can't be read: it is none, or the password is another's")
	}
	return key, nil
}

func checkPinned(public minisign.PublicKey, keys string) error {
	source, err := update.NewSource(keys, "")
	if err != nil {
		return err
	}
	if !source.None() && !slices.ContainsFunc(source.Keys, func(k minisign.PublicKey) bool { return k.Equal(public) }) {
		return fmt.Errorf("the secret key belongs to %s, which isn't in %s", public, pinned)
	}
	return nil
}

// checkKey is stricter than a program: both go through make and the linker,
// which split them at spaces.
func checkKey(keys, address string) error {
	if strings.ContainsFunc(keys+address, unicode.IsSpace) {
		return fmt.Errorf("%s is the second line of minisign's file of a public key, or several with commas between, and like %s without spaces", pinned, feedURL)
	}
	if slices.Contains(strings.Split(keys, ","), "") {
		return fmt.Errorf("%s has a comma with no key beside it, or no key at all", pinned)
	}
	if _, err := update.NewSource(keys, address); err != nil {
		return fmt.Errorf("%s or %s makes no sense: %w", pinned, feedURL, err)
	}
	return nil
}

// sign signs a hash of the file, which is the only kind of signature that the
// program takes.
func sign(key minisign.PrivateKey, file string, now time.Time) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("sign: %w", err)
	}
	reader := minisign.NewReader(bytes.NewReader(data))
	if _, err := io.Copy(io.Discard, reader); err != nil {
		return fmt.Errorf("sign %s: %w", file, err)
	}
	comment := fmt.Sprintf("timestamp:%d\tfile:%s\thashed", now.Unix(), file[strings.LastIndexAny(file, `/\`)+1:])
	signature := reader.SignWithComments(key, comment, "signature of Kite Accounts")
	if err := os.WriteFile(file+".minisig", signature, 0o644); err != nil { //nolint:gosec // everybody may read it
		return fmt.Errorf("sign %s: %w", file, err)
	}
	return nil
}
