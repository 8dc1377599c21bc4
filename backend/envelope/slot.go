package envelope

import (
	"fmt"
)

// SlotBinding is what a wrapped data key is bound to: with another id, kind,
// provider or weakened KDF parameters it doesn't open.
type SlotBinding struct {
	VaultID, SlotID, Kind, Provider, KDF string
}

func (b SlotBinding) bytes() []byte {
	return associated("kite-accounts", "slot 1", b.VaultID, b.SlotID, b.Kind, b.Provider, b.KDF)
}

// Wrap seals a data key with a key-encryption key.
func Wrap(kek, dataKey []byte, b SlotBinding) ([]byte, error) {
	aead, err := newAEAD(kek)
	if err != nil {
		return nil, fmt.Errorf("wrap data key: %w", err)
	}
	return aead.Seal([]byte{boxVersion}, nil, dataKey, b.bytes()), nil
}

// Unwrap returns the data key; ErrOpen is the check that tells a wrong key.
func Unwrap(kek, wrapped []byte, b SlotBinding) ([]byte, error) {
	aead, err := newAEAD(kek)
	if err != nil {
		return nil, fmt.Errorf("unwrap data key: %w", err)
	}
	if len(wrapped) == 0 || wrapped[0] != boxVersion {
		return nil, fmt.Errorf("%w: unknown slot version", ErrOpen)
	}
	dataKey, err := aead.Open(nil, nil, wrapped[1:], b.bytes())
	if err != nil || len(dataKey) != KeySize {
		return nil, ErrOpen
	}
	return dataKey, nil
}
