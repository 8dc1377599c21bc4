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
	ctx, cancel := context.WithTimeout(ctx, k.Probe)
	defer cancel()
	value, err := k.get(ctx, name)
	return value, wrap("read keyring entry", err)
}

// Set stores an entry without ever showing a prompt.
func (k *Keyring) Set(ctx context.Context, name string, value kite.Secret) error {
	ctx, cancel := context.WithTimeout(ctx, k.Probe)
	defer cancel()
	_, err := k.quietly(ctx, func() (string, error) { return "", gokeyring.Set(k.Service, name, value.Reveal()) })
	return wrap("write keyring entry", err)
}

// quietly runs a call of go-keyring once it is known that it needs no prompt.
func (k *Keyring) quietly(ctx context.Context, call func() (string, error)) (string, error) {
	if err := k.mustBeUnlocked(ctx); err != nil {
		return "", err
	}
	type answer struct {
		value string
		err   error
	}
	done := make(chan answer, 1) // an answer that comes too late stays there
	go func() {
		value, err := call()
		done <- answer{value, err}
	}()
	select {
	case a := <-done:
		return a.value, told(a.err)
	case <-ctx.Done():
		return "", timedOut(ctx)
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
