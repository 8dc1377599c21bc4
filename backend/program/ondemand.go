package program

import (
	"context"
	"sync"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/vault"
)

// openVaultOnDemand lets the services open the vault with the first secret that
// is needed, without ever asking the user: ELOCKED where that would be needed.
// To be called before they are used.
func (s *Services) openVaultOnDemand() {
	sealer := &onDemand{ctx: s.ctx, vault: s.Vault, clock: s.clock}
	accounts, sessions := s.db.Accounts(sealer), s.db.Sessions(sealer)
	s.Accounts.Store, s.Accounts.Sessions = accounts, sessions
	s.Sessions.Accounts, s.Sessions.Sessions = accounts, sessions
	s.Login.Accounts, s.Login.Sessions = accounts, sessions
}

// onDemand is a sealer that opens its vault by itself.
type onDemand struct {
	ctx   context.Context
	vault *vault.Vault
	clock kite.Clock

	mu    sync.Mutex
	tried time.Time
}

var _ kite.Sealer = (*onDemand)(nil)

// keyringRest is how long a keyring that was locked isn't asked again, however
// many requests come meanwhile.
const keyringRest = time.Second

// Seal see kite.Sealer.
func (d *onDemand) Seal(p kite.Place, s kite.Secret) ([]byte, error) {
	d.open()
	return d.vault.Seal(p, s)
}

// Open see kite.Sealer.
func (d *onDemand) Open(p kite.Place, sealed []byte) (kite.Secret, error) {
	d.open()
	return d.vault.Open(p, sealed)
}

// open looks for the key unless it is there. Who comes meanwhile waits for the
// answer.
func (d *onDemand) open() {
	if d.isOpen() {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.clock.Now()
	if d.isOpen() || !d.tried.IsZero() && now.Sub(d.tried).Abs() < keyringRest {
		return
	}
	d.vault.Start(d.ctx)
	d.tried = d.clock.Now()
}

func (d *onDemand) isOpen() bool {
	state, _ := d.vault.State()
	return state == kite.VaultOpen
}
