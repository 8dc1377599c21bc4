package keyring

/*
#cgo CFLAGS: -Wno-deprecated-declarations
#cgo LDFLAGS: -framework Security
#include "keychain_darwin.h"
*/
import "C"

import (
	"context"
	"fmt"

	gokeyring "github.com/zalando/go-keyring"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

func (k *Keyring) get(ctx context.Context, name string) (kite.Secret, error) {
	value, err := k.quietly(ctx, func() (string, error) { return gokeyring.Get(k.Service, name) })
	return kite.NewSecret(value), err
}

// mustBeUnlocked keeps go-keyring from a keychain for which macOS would ask the
// user: there is one that is open while its user is logged in, unless that user
// wants it otherwise.
func (k *Keyring) mustBeUnlocked(context.Context) error {
	unlocked := C.int(0)
	if status := C.keychain_unlocked(&unlocked); status != 0 {
		return keychainError(status)
	}
	if unlocked == 0 {
		return kite.ErrKeyringLocked
	}
	return nil
}

// Unlock lets macOS ask the user.
func (k *Keyring) Unlock(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, k.Interactive)
	defer cancel()
	done := make(chan C.int, 1) // an answer that comes too late stays there
	go func() { done <- C.keychain_unlock() }()
	select {
	case status := <-done:
		return wrap("unlock keyring", keychainError(status))
	case <-ctx.Done():
		return wrap("unlock keyring", timedOut(ctx))
	}
}

// keychainError is nil for errSecSuccess.
func keychainError(status C.int) error {
	if status == 0 {
		return nil
	}
	if known := keychainStatus[int(status)]; known != nil {
		return fmt.Errorf("%w: status %d", known, int(status))
	}
	return fmt.Errorf("keychain answers with status %d", int(status))
}

// Provider names the platform's keyring.
func (k *Keyring) Provider() string { return "Keychain" }
