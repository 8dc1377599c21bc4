// Package vault opens the key that all secrets are sealed with.
//
//	vault.go       what is asked of it: Seal, Open, State
//	start.go       finding the key without asking anybody; the first run
//	passphrase.go  where there is no keyring, or its user prefers none
//	says.go        the sentences
//
// Rules: a new key is never made over data sealed with another; a missing or
// foreign key leaves the data as it is and is reported, never repaired; there
// is no fallback to plain text or to a key built into the program; the data
// key is in memory only.
package vault

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/envelope"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Config is what a Vault is made of.
type Config struct {
	Store        kite.VaultStore
	Keyring      kite.Keyring
	Clock        kite.Clock
	Events       kite.Publisher
	Log          *slog.Logger
	Folder       string // the data folder, to notice that its database went missing
	IgnoreMarker bool   // the user chose to start over: an empty database is intended
	KDF          envelope.KDF
}

// Vault seals and opens single values once it is open.
type Vault struct {
	Config

	opening  sync.Mutex // one attempt to open at a time
	mu       sync.RWMutex
	state    kite.VaultState
	provider string
	fresh    bool // nothing is sealed and no vault was made yet
	sealer   *envelope.Sealer

	settled chan struct{} // closed once the first Start has its answer
	once    sync.Once

	wrong      int // passphrases in a row
	notBefore  time.Time
	passphrase sync.Mutex
}

var _ kite.Sealer = (*Vault)(nil)

// New returns a closed vault; Start opens it.
func New(c Config) *Vault {
	if c.KDF.Name == "" {
		c.KDF = envelope.DefaultKDF
	}
	return &Vault{Config: c, state: kite.VaultOpening, settled: make(chan struct{})}
}

// State tells what the vault needs next and which keyring that is about.
func (v *Vault) State() (kite.VaultState, string) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return v.state, v.provider
}

// Settle waits until the first look for the key has ended, whatever it found.
// The keyring answers within its deadline.
func (v *Vault) Settle(ctx context.Context) {
	select {
	case <-v.settled:
	case <-ctx.Done():
	}
}

// MayCreate says that CreateWithPassphrase is a way on: no vault was made yet,
// whatever keeps the keyring from being used.
func (v *Vault) MayCreate() bool {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return v.fresh && v.sealer == nil
}

// Seal seals a value for its place; ELOCKED while the vault isn't open.
func (v *Vault) Seal(p kite.Place, s kite.Secret) ([]byte, error) {
	sealer, err := v.open()
	if err != nil {
		return nil, err
	}
	return sealer.Seal(p.Table, p.Column, p.Row, s.Bytes()), nil
}

// Open returns what Seal was given; ELOCKED while the vault isn't open, EDATA
// if the value doesn't open.
func (v *Vault) Open(p kite.Place, sealed []byte) (kite.Secret, error) {
	sealer, err := v.open()
	if err != nil {
		return kite.Secret{}, err
	}
	value, err := sealer.Open(p.Table, p.Column, p.Row, sealed)
	if err != nil {
		return kite.Secret{}, kite.Errorf(kite.EDATA, "A stored secret of this account can't be read: it is damaged.").
			WithHint("Edit the account and enter the secret again, or log in again.").Because(err)
	}
	defer clear(value)
	return kite.SecretBytes(value), nil
}

func (v *Vault) open() (*envelope.Sealer, error) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	if v.sealer == nil {
		return nil, lockedError(v.state)
	}
	return v.sealer, nil
}

// become changes the state and tells it.
func (v *Vault) become(state kite.VaultState) {
	v.mu.Lock()
	changed := v.state != state
	v.state = state
	v.mu.Unlock()
	if changed {
		v.Log.Info("vault", "state", string(state))
		v.Events.Publish(kite.Event{Type: kite.VaultChanged})
	}
}

// unlocked takes the data key into use.
func (v *Vault) unlocked(dataKey []byte, vaultID string) error {
	sealer, err := envelope.NewSealer(dataKey, vaultID)
	clear(dataKey)
	if err != nil {
		return err
	}
	v.mu.Lock()
	v.sealer = sealer
	v.mu.Unlock()
	v.become(kite.VaultOpen)
	return nil
}

// Forget closes the vault: the data key is no longer in use.
func (v *Vault) Forget() {
	v.mu.Lock()
	v.sealer = nil
	v.mu.Unlock()
	v.become(kite.VaultKeyringLocked)
}

// Unlock lets the desktop ask for the keyring's password, then opens the
// vault. ELOCKED if that didn't succeed; State then says what is needed.
func (v *Vault) Unlock(ctx context.Context) error {
	if err := v.Keyring.Unlock(ctx); err != nil {
		if _, closed := v.open(); closed == nil {
			return nil // it was opened meanwhile in another way
		}
		v.become(stateOf(err))
		return keyringError(err)
	}
	return v.Retry(ctx)
}

// Retry looks for the key again without asking anybody.
func (v *Vault) Retry(ctx context.Context) error {
	v.Start(ctx)
	_, err := v.open()
	return err
}
