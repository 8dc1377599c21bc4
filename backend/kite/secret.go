package kite

import (
	"crypto/subtle"
	"fmt"
	"log/slog"
)

// Mask is what a Secret shows wherever it is printed. Its length says nothing
// about the secret's.
const Mask = "••••••••"

// Secret holds a password, key or token. fmt, slog, encoding/json and
// encoding.TextMarshaler all print Mask; only Reveal and Bytes give the value.
// The zero Secret is "nothing stored".
//
// The value lies behind two pointers because fmt calls no method on a field
// that isn't exported: it would print the bytes of a Secret there. It follows
// one pointer, for a verb that doesn't fit, but never two.
type Secret struct {
	_     [0]func() // no ==, which would compare addresses
	value **[]byte
}

// NewSecret copies s into a Secret.
func NewSecret(s string) Secret { return SecretBytes([]byte(s)) }

// SecretBytes copies b into a Secret.
func SecretBytes(b []byte) Secret {
	if len(b) == 0 {
		return Secret{}
	}
	value := append([]byte(nil), b...)
	pointer := &value
	return Secret{value: &pointer}
}

// Reveal returns the value. Callers are the places where a secret leaves the
// program on purpose: a request to Kite, the clipboard, an explicit reveal.
func (s Secret) Reveal() string { return string(s.Bytes()) }

// Bytes returns the value without copying it.
func (s Secret) Bytes() []byte {
	if s.value == nil {
		return nil
	}
	return **s.value
}

// Empty says that nothing is stored.
func (s Secret) Empty() bool { return len(s.Bytes()) == 0 }

// Equal compares in constant time.
func (s Secret) Equal(other Secret) bool {
	return subtle.ConstantTimeCompare(s.Bytes(), other.Bytes()) == 1
}

// Wipe overwrites the value. Copies made by Reveal are beyond its reach.
func (s Secret) Wipe() { clear(s.Bytes()) }

func (s Secret) masked() string {
	if s.Empty() {
		return ""
	}
	return Mask
}

// String prints Mask, or nothing for the zero Secret.
func (s Secret) String() string { return s.masked() }

// GoString prints Mask for %#v.
func (s Secret) GoString() string { return "kite.Secret(" + s.masked() + ")" }

// Format prints Mask for every verb, %x and %q among them.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.masked())) }

// LogValue prints Mask in slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.masked()) }

// MarshalText prints Mask, which also covers JSON.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.masked()), nil }
