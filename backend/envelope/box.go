// Package envelope seals single values and wraps the key that seals them.
//
//	data key (32 random bytes, in memory only while the vault is open)
//	  └ HKDF-SHA256 → field key ─ AES-256-GCM → box: one sealed value
//	key-encryption key (in the keyring, or Argon2id of a passphrase)
//	  └ AES-256-GCM → the wrapped data key: a key slot
//
// Rules: every ciphertext is bound to where it belongs by associated data
// whose parts are length-prefixed, so no two lists of parts read the same; a
// box starts with its version, so the algorithm can change; everything is from
// the standard library but Argon2id (RFC 9106).
package envelope

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
)

// KeySize is the size of data keys and key-encryption keys: AES-256.
const KeySize = 32

// A box is version, key version, then nonce, ciphertext and tag.
const (
	boxVersion = 1
	keyVersion = 1
	headerSize = 3
)

// ErrOpen says that a ciphertext is damaged, from another place or sealed with
// another key; authenticated encryption can't tell which.
var ErrOpen = errors.New("ciphertext doesn't open")

// NewKey returns a random key.
func NewKey() []byte {
	key := make([]byte, KeySize)
	_, _ = rand.Read(key) // never fails since Go 1.24
	return key
}

// Sealer seals values with one data key.
type Sealer struct {
	aead    cipher.AEAD
	vaultID string
}

// NewSealer derives the field key of a vault from its data key.
func NewSealer(dataKey []byte, vaultID string) (*Sealer, error) {
	fieldKey, err := hkdf.Key(sha256.New, dataKey, nil, "kite-accounts/v1/field", KeySize)
	if err != nil {
		return nil, fmt.Errorf("derive field key: %w", err)
	}
	aead, err := newAEAD(fieldKey)
	if err != nil {
		return nil, err
	}
	return &Sealer{aead: aead, vaultID: vaultID}, nil
}

// newAEAD is AES-256-GCM with random 96-bit nonces: good for 2^32 messages
// under one key, where this program writes thousands.
func newAEAD(key []byte) (cipher.AEAD, error) {
	if len(key) != KeySize {
		return nil, fmt.Errorf("key has %d bytes, not %d", len(key), KeySize)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("make cipher: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("make cipher: %w", err)
	}
	return aead, nil
}

// Seal returns a box that opens only at this table, column and row of this
// vault.
func (s *Sealer) Seal(table, column, row string, value []byte) []byte {
	box := make([]byte, headerSize, headerSize+s.aead.Overhead()+len(value))
	box[0] = boxVersion
	binary.BigEndian.PutUint16(box[1:], keyVersion)
	return s.aead.Seal(box, nil, value, s.place(table, column, row))
}

// Open returns what Seal was given, or ErrOpen.
func (s *Sealer) Open(table, column, row string, box []byte) ([]byte, error) {
	if len(box) < headerSize || box[0] != boxVersion || binary.BigEndian.Uint16(box[1:]) != keyVersion {
		return nil, fmt.Errorf("%w: unknown version", ErrOpen)
	}
	value, err := s.aead.Open(nil, nil, box[headerSize:], s.place(table, column, row))
	if err != nil {
		return nil, ErrOpen
	}
	return value, nil
}

func (s *Sealer) place(table, column, row string) []byte {
	return associated("kite-accounts", "box 1", "key 1", s.vaultID, table, column, row)
}

// associated joins parts so that ("ab","c") and ("a","bc") differ.
func associated(parts ...string) []byte {
	var data []byte
	for _, part := range parts {
		data = binary.BigEndian.AppendUint32(data, uint32(len(part))) //nolint:gosec // parts are short
		data = append(data, part...)
	}
	return data
}
