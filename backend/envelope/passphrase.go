package envelope

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// KDF are the parameters of Argon2id (RFC 9106), stored beside the key they
// protect.
type KDF struct {
	Name    string `json:"name"`
	Time    uint32 `json:"time"`
	Memory  uint32 `json:"memoryKiB"`
	Threads uint8  `json:"threads"`
	Salt    []byte `json:"salt"`
}

const (
	kdfName  = "argon2id"
	saltSize = 16
)

// DefaultKDF costs about half a second and 256 MiB on a laptop.
var DefaultKDF = KDF{Name: kdfName, Time: 3, Memory: 256 << 10, Threads: 4}

// Bounds on reading: below is a downgrade, above a trap that would eat the
// memory.
const (
	minMemory, maxMemory = 64 << 10, 1 << 20
	maxTime              = 10
	maxThreads           = 8
)

// ErrKDF says that stored KDF parameters are out of bounds.
var ErrKDF = errors.New("key derivation parameters out of bounds")

// WithSalt returns the parameters with a new random salt.
func (k KDF) WithSalt() KDF {
	k.Salt = make([]byte, saltSize)
	_, _ = rand.Read(k.Salt) // never fails since Go 1.24
	return k
}

// Encode is the JSON that a slot stores and is bound to.
func (k KDF) Encode() string {
	text, _ := json.Marshal(k) // numbers and bytes always marshal
	return string(text)
}

// ParseKDF reads what Encode wrote; ErrKDF if it is out of bounds.
func ParseKDF(text string) (KDF, error) {
	var k KDF
	if err := json.Unmarshal([]byte(text), &k); err != nil {
		return k, fmt.Errorf("%w: %w", ErrKDF, err)
	}
	ok := k.Name == kdfName && k.Time >= 1 && k.Time <= maxTime && k.Memory >= minMemory && k.Memory <= maxMemory &&
		k.Threads >= 1 && k.Threads <= maxThreads && len(k.Salt) == saltSize
	if !ok {
		return k, ErrKDF
	}
	return k, nil
}

// Key derives the key-encryption key. The passphrase is NFKD-normalised, so
// that it is the same from every keyboard.
func (k KDF) Key(passphrase []byte) []byte {
	normal := norm.NFKD.Append(nil, passphrase...) // a copy: the caller's is not ours to clear
	defer clear(normal)
	return argon2.IDKey(normal, k.Salt, k.Time, k.Memory, k.Threads, KeySize)
}
