package keyring

import (
	"context"
	"errors"
	"fmt"
	"time"

	gokeyring "github.com/zalando/go-keyring"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Service is the name under which the entries are kept.
const Service = "io.github.kiteaccounts.KiteAccounts"

// Keyring implements kite.Keyring on the operating system's.
type Keyring struct {
	Service     string
	Probe       time.Duration // for what needs no person
	Interactive time.Duration // for a person at the prompt
}

var _ kite.Keyring = (*Keyring)(nil)

// New returns the keyring with its default deadlines.
func New() *Keyring {
	return &Keyring{Service: Service, Probe: 3 * time.Second, Interactive: 120 * time.Second}
}

// Get returns an entry without ever showing a prompt.
func (k *Keyring) Get(ctx context.Context, name string) (kite.Secret, error) {
	var value string
	err := k.quietly(ctx, func() (err error) {
		value, err = gokeyring.Get(k.Service, name)
		return err
	})
	return kite.NewSecret(value), wrap("read keyring entry", err)
}

// Set stores an entry without ever showing a prompt.
func (k *Keyring) Set(ctx context.Context, name string, value kite.Secret) error {
	return wrap("write keyring entry", k.quietly(ctx, func() error {
		return gokeyring.Set(k.Service, name, value.Reveal())
	}))
}

// quietly runs a call of go-keyring once it is known that it needs no prompt.
func (k *Keyring) quietly(ctx context.Context, call func() error) error {
	ctx, cancel := context.WithTimeout(ctx, k.Probe)
	defer cancel()
	if err := k.mustBeUnlocked(ctx); err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() { done <- call() }()
	select {
	case err := <-done:
		if errors.Is(err, gokeyring.ErrNotFound) {
			return kite.ErrKeyringNotFound
		}
		return err
	case <-ctx.Done():
		return timedOut(ctx)
	}
}

// timedOut tells a deadline of ours from a cancelled caller.
func timedOut(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return ctx.Err()
	}
	return kite.ErrKeyringTimeout
}

func wrap(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}
