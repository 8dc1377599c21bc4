package kite

import (
	"context"
	"errors"
)

// Keyring is the operating system's store for a few secrets of this program.
// No call blocks for ever; each failure is one of the errors below, wrapped.
type Keyring interface {
	// Provider names what keeps the entries, such as "Secret Service
	// (gnome-keyring-daemon)".
	Provider() string
	// Get returns the entry of that name without ever showing a prompt:
	// ErrKeyringLocked if it would need one.
	Get(ctx context.Context, name string) (Secret, error)
	// Set stores an entry; no prompt either.
	Set(ctx context.Context, name string, value Secret) error
	// Unlock lets the desktop ask the user to unlock the keyring and waits.
	Unlock(ctx context.Context) error
}

// What a keyring can answer instead of an entry.
var (
	ErrKeyringAbsent    = errors.New("no keyring service")
	ErrKeyringLocked    = errors.New("keyring is locked")
	ErrKeyringDismissed = errors.New("keyring prompt was dismissed")
	ErrKeyringTimeout   = errors.New("keyring didn't answer in time")
	ErrKeyringNotFound  = errors.New("no such keyring entry")
)
