package kite

import (
	"context"
	"time"
)

// Place is where a sealed value lives. It is bound into the ciphertext, so a
// value moved elsewhere doesn't open.
type Place struct {
	Table  string
	Column string
	Row    string // the row's random UUID
}

// Sealer seals single values with the vault's data key.
type Sealer interface {
	// Seal returns a ciphertext bound to its place; ELOCKED.
	Seal(p Place, s Secret) ([]byte, error)
	// Open returns what Seal was given; ELOCKED, or EDATA if the ciphertext
	// is damaged or from another place.
	Open(p Place, sealed []byte) (Secret, error)
}

// SlotKind says what opens a key slot.
type SlotKind string

// The kinds of slots.
const (
	KeyringSlot    SlotKind = "keyring"
	PassphraseSlot SlotKind = "passphrase"
)

// KeySlot is the data key wrapped for one way of opening it.
type KeySlot struct {
	ID         string
	Kind       SlotKind
	Provider   string // of a keyring slot: which keyring it was
	KDF        string // of a passphrase slot: parameters as JSON
	WrappedKey []byte
	CreatedAt  time.Time
}

// VaultRecord is what the database keeps about the vault.
type VaultRecord struct {
	VaultID string // random UUID; empty if no vault was made yet
	Slots   []KeySlot
	// HasSealedData says that some row holds a sealed value: then a missing
	// key must never be answered with a new one.
	HasSealedData bool
}

// VaultStore keeps the vault's record.
type VaultStore interface {
	Vault(ctx context.Context) (VaultRecord, error)
	// CreateVault stores a vault's id and first slot in one transaction;
	// ECONFLICT if there is a vault already.
	CreateVault(ctx context.Context, vaultID string, slot KeySlot) error
	// ReplaceSlots stores these slots, at least one, in place of the ones there
	// are, in one transaction.
	ReplaceSlots(ctx context.Context, slots []KeySlot) error
}

// VaultState is what the vault needs next.
type VaultState string

// The states of a vault. Only VaultOpen seals and opens.
const (
	VaultOpen            VaultState = "open"
	VaultOpening         VaultState = "opening"         // asking the keyring right now
	VaultKeyringLocked   VaultState = "keyringLocked"   // offer Unlock
	VaultKeyringTimeout  VaultState = "keyringTimeout"  // the keyring hangs: offer Try again
	VaultKeyringAbsent   VaultState = "keyringAbsent"   // there is a keyring slot but no keyring
	VaultNeedsPassphrase VaultState = "needsPassphrase" // a passphrase slot waits
	VaultNewPassphrase   VaultState = "newPassphrase"   // first run without a keyring: set one
	VaultKeyMissing      VaultState = "keyMissing"      // the keyring entry is gone; data untouched
	VaultKeyMismatch     VaultState = "keyMismatch"     // the keyring entry is another vault's
	VaultDataMissing     VaultState = "dataMissing"     // the keyring knows a vault, the database is empty
	VaultFailed          VaultState = "failed"          // the database couldn't be read or written: offer Try again
)
