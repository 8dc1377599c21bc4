package localapi

import (
	"context"
	"fmt"
	"sync"

	"golang.org/x/text/unicode/norm"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Versions tells whether anybody changed what is stored.
type Versions interface {
	// Version is another number after every change, by any process.
	Version(ctx context.Context) (int64, error)
}

// Authenticator says whose a token is and what its client may use. It keeps
// what it read until somebody changes something, in this process or another:
// a revoked token is refused from the next request on, and a known one costs
// microseconds.
type Authenticator struct {
	Clients  kite.ClientStore
	Accounts kite.AccountStore
	Versions Versions

	mu       sync.Mutex
	known    bool
	version  int64
	byToken  map[kite.TokenHash]kite.APIClient
	accounts []kite.Account          // nil: not read yet
	found    map[string]kite.Account // by client ID and name
}

// mostFound bounds how many names are remembered.
const mostFound = 1000

// Forget lets everything be read anew.
func (a *Authenticator) Forget() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.known = false
}

// refresh drops what may be out of date. What can't be compared isn't used.
func (a *Authenticator) refresh(ctx context.Context) error {
	version, err := a.Versions.Version(ctx)
	if err != nil {
		a.known = false
		return err
	}
	if !a.known || a.version != version {
		a.byToken, a.accounts, a.found = map[kite.TokenHash]kite.APIClient{}, nil, map[string]kite.Account{}
		a.known, a.version = true, version
	}
	return nil
}

// Client returns the client whose token has that hash; ENOTFOUND if none has,
// or no longer. The token is compared as a hash of all its bits, so that how
// long it takes says nothing about it.
func (a *Authenticator) Client(ctx context.Context, h kite.TokenHash) (kite.APIClient, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := a.refresh(ctx); err != nil {
		return kite.APIClient{}, fmt.Errorf("find client: %w", err)
	}
	if c, known := a.byToken[h]; known {
		return c, nil
	}
	c, err := a.Clients.ClientByToken(ctx, h)
	if err != nil {
		return kite.APIClient{}, fmt.Errorf("find client: %w", err)
	}
	a.byToken[h] = c
	return c, nil
}

// AccountsOf are the accounts that the client may use; not to be changed.
func (a *Authenticator) AccountsOf(ctx context.Context, c kite.APIClient) ([]kite.Account, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := a.refresh(ctx); err != nil {
		return nil, fmt.Errorf("list accounts: %w", err)
	}
	return a.allowed(ctx, c)
}

func (a *Authenticator) allowed(ctx context.Context, c kite.APIClient) ([]kite.Account, error) {
	all, err := a.all(ctx)
	if err != nil || c.AllAccounts {
		return all, err
	}
	allowed := make([]kite.Account, 0, len(all))
	for _, account := range all {
		if c.MayUse(account.ID) {
			allowed = append(allowed, account)
		}
	}
	return allowed, nil
}

func (a *Authenticator) all(ctx context.Context) ([]kite.Account, error) {
	if a.accounts == nil {
		all, err := a.Accounts.Accounts(ctx)
		if err != nil {
			return nil, fmt.Errorf("list accounts: %w", err)
		}
		a.accounts = append([]kite.Account{}, all...)
	}
	return a.accounts, nil
}

// AccountOf finds the account that the client means by its name or short name;
// ENOTFOUND also for one that it may not use: what exists is nobody's business.
func (a *Authenticator) AccountOf(ctx context.Context, c kite.APIClient, name string) (kite.Account, error) {
	name = norm.NFC.String(name) // as names are stored
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := a.refresh(ctx); err != nil {
		return kite.Account{}, fmt.Errorf("find account: %w", err)
	}
	key := c.ID + "\x00" + name
	if account, known := a.found[key]; known && c.MayUse(account.ID) {
		return account, nil
	}
	allowed, err := a.allowed(ctx, c)
	if err != nil {
		return kite.Account{}, err
	}
	account, err := kite.FindAccount(allowed, name)
	if err != nil {
		return account, notYours(err)
	}
	if len(a.found) < mostFound {
		a.found[key] = account
	}
	return account, nil
}

// notYours says it without naming what the client may not use.
func notYours(err error) error {
	switch kite.ErrorCode(err) {
	case kite.ENOTFOUND:
		return kite.Errorf(kite.ENOTFOUND, "This program may use no account of that name.").
			WithHint("GET /v1/accounts lists those that it may use; the user can allow more in Kite Accounts.")
	case kite.ECONFLICT:
		return kite.Errorf(kite.ECONFLICT, "That is the name of one account and the short name of another.").
			WithHint("Use the other one's slug; GET /v1/accounts has it.")
	}
	return err
}
