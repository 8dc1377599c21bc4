//go:build !linux && !darwin

package keyring

import (
	"context"

	gokeyring "github.com/zalando/go-keyring"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

func (k *Keyring) get(ctx context.Context, name string) (kite.Secret, error) {
	value, err := k.quietly(ctx, func() (string, error) { return gokeyring.Get(k.Service, name) })
	return kite.NewSecret(value), err
}

// mustBeUnlocked is always satisfied: the Credential Manager is open while its
// user is logged in, and shows no prompt.
func (k *Keyring) mustBeUnlocked(context.Context) error { return nil }

// Unlock has nothing to do.
func (k *Keyring) Unlock(context.Context) error { return nil }

// Provider names the platform's keyring.
func (k *Keyring) Provider() string { return "Credential Manager" }
