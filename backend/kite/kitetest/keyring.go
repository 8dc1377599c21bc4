package kitetest

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Keyring is a kite.Keyring in memory whose failures are set by hand.
type Keyring struct {
	mu      sync.Mutex
	entries map[string]string
	Name    string // of the provider
	Fail    error  // what Get and Set answer instead
	Refuse  error  // what Unlock answers instead; else it clears Fail
	FailSet func(name string) error
}

var _ kite.Keyring = (*Keyring)(nil)

// Provider is Name.
func (k *Keyring) Provider() string { return k.Name }

// Get reads an entry.
func (k *Keyring) Get(_ context.Context, name string) (kite.Secret, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.Fail != nil {
		return kite.Secret{}, k.Fail
	}
	value, ok := k.entries[name]
	if !ok {
		return kite.Secret{}, kite.ErrKeyringNotFound
	}
	return kite.NewSecret(value), nil
}

// Set stores an entry.
func (k *Keyring) Set(_ context.Context, name string, value kite.Secret) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.Fail != nil {
		return k.Fail
	}
	if k.FailSet != nil {
		if err := k.FailSet(name); err != nil {
			return err
		}
	}
	if k.entries == nil {
		k.entries = map[string]string{}
	}
	k.entries[name] = value.Reveal()
	return nil
}

// Unlock clears Fail unless it is to refuse.
func (k *Keyring) Unlock(context.Context) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.Refuse != nil {
		return k.Refuse
	}
	k.Fail = nil
	return nil
}

// Forget removes every entry.
func (k *Keyring) Forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	clear(k.entries)
}

// Replace gives every entry another value.
func (k *Keyring) Replace(value string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for name := range k.entries {
		k.entries[name] = value
	}
}

// Names are the entries there are.
func (k *Keyring) Names() []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	var names []string
	for name := range k.entries {
		names = append(names, name)
	}
	return names
}

// KeyringSuite is the contract of kite.Keyring, for one that is open.
func KeyringSuite(t *testing.T, k kite.Keyring) {
	t.Run("a missing entry is ErrKeyringNotFound", func(t *testing.T) {
		if _, err := k.Get(t.Context(), "suite/none"); !errors.Is(err, kite.ErrKeyringNotFound) {
			t.Errorf("Get = %v", err)
		}
	})
	t.Run("gives back what was set, and what replaced it", func(t *testing.T) {
		for _, value := range []string{"first", "second with spaces and ünïcode"} {
			if err := k.Set(t.Context(), "suite/entry", kite.NewSecret(value)); err != nil {
				t.Fatal(err)
			}
			if got, err := k.Get(t.Context(), "suite/entry"); err != nil || got.Reveal() != value {
				t.Errorf("Get = %q, %v", got.Reveal(), err)
			}
		}
	})
	t.Run("unlocking what is open asks nobody", func(t *testing.T) {
		if err := k.Unlock(t.Context()); err != nil {
			t.Errorf("Unlock = %v", err)
		}
	})
	t.Run("names who keeps the entries", func(t *testing.T) {
		if k.Provider() == "" {
			t.Error("no name")
		}
	})
}
