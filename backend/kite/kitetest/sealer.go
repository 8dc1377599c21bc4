package kitetest

import (
	"crypto/sha256"
	"errors"
	"strings"
	"sync/atomic"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Sealer is a kite.Sealer whose boxes open only at their place. It hides
// nothing well and is for tests of stores only.
type Sealer struct {
	Locked bool
	Calls  atomic.Int64 // how often it was asked, locked or not
}

var _ kite.Sealer = (*Sealer)(nil)

func mark(p kite.Place) string {
	sum := sha256.Sum256([]byte(p.Table + "\x00" + p.Column + "\x00" + p.Row))
	return string(sum[:])
}

// Seal turns every byte over and puts the place's mark before it.
func (s *Sealer) Seal(p kite.Place, v kite.Secret) ([]byte, error) {
	s.Calls.Add(1)
	if s.Locked {
		return nil, kite.Errorf(kite.ELOCKED, "The vault isn't open.")
	}
	return append([]byte(mark(p)), turn(v.Bytes())...), nil
}

// Open is EDATA for a box of another place.
func (s *Sealer) Open(p kite.Place, box []byte) (kite.Secret, error) {
	s.Calls.Add(1)
	if s.Locked {
		return kite.Secret{}, kite.Errorf(kite.ELOCKED, "The vault isn't open.")
	}
	rest, ok := strings.CutPrefix(string(box), mark(p))
	if !ok {
		return kite.Secret{}, kite.Errorf(kite.EDATA, "A stored secret is damaged.").Because(errors.New("another place"))
	}
	return kite.SecretBytes(turn([]byte(rest))), nil
}

func turn(b []byte) []byte {
	out := make([]byte, len(b))
	for i := range b {
		out[i] = ^b[i]
	}
	return out
}
