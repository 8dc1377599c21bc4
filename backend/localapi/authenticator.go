package localapi

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/text/unicode/norm"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Versions tells whether anybody changed accounts, sessions or programs.
type Versions interface {
	// Version is another number after every such change, by any process;
	// ECONFLICT once the database is no longer the one the user has.
	Version(ctx context.Context) (int64, error)
}

// Tokens knows the clients by their tokens.
type Tokens interface {
	ClientsByToken(ctx context.Context) (map[kite.TokenHash]kite.APIClient, error)
}

// NamedAccounts finds accounts.
type NamedAccounts interface {
	Accounts(ctx context.Context) ([]kite.Account, error)
	// AccountsNamed are all that kite.FindAccount could mean by it.
	AccountsNamed(ctx context.Context, nameOrSlug string) ([]kite.Account, error)
}

// Authenticator says whose a token is and what its client may use. It keeps
// what it read until somebody changes something, in this process or another:
// a revoked token is refused from the next request on. All tokens are in
// memory, so that a known one costs microseconds and a wrong one no more.
type Authenticator struct {
	Clients  Tokens
	Accounts NamedAccounts
	Versions Versions

	mu      sync.Mutex
	version int64
	clients map[kite.TokenHash]kite.APIClient // nil: not read yet
	found   map[string]kite.Account           // by name
}

// mostFound bounds how many names are remembered.
const mostFound = 1000

// Forget lets everything be read anew.
func (a *Authenticator) Forget() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.clients, a.found = nil, nil
}

// Version is asked by who answers a request once this has authenticated it, and
// so knows the version already: the first to ask is told that one, which saves
// asking the database a second time. Who asks again wants to know what has
// changed since.
func (a *Authenticator) Version(ctx context.Context) (int64, error) {
	if known, _ := ctx.Value(askedKey{}).(asked); known.version.take() {
		return known.version.number, nil
	}
	return a.Versions.Version(ctx)
}

// version is one that may be taken once.
type version struct {
	number int64
	taken  atomic.Bool
}

func (v *version) take() bool { return v != nil && v.taken.CompareAndSwap(false, true) }

// Client returns the client whose token has that hash; ENOTFOUND if none has,
// or no longer. The token is compared as a hash of all its bits, so that how
// long it takes says nothing about it.
func (a *Authenticator) Client(ctx context.Context, h kite.TokenHash) (kite.APIClient, error) {
	c, _, err := a.clientAt(ctx, h)
	return c, err
}

// clientAt also returns the version at which that was so.
func (a *Authenticator) clientAt(ctx context.Context, h kite.TokenHash) (kite.APIClient, int64, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	number, err := a.Versions.Version(ctx)
	if err != nil {
		return kite.APIClient{}, 0, fmt.Errorf("find client: %w", err)
	}
	if a.clients == nil || a.version != number {
		// What was read after the version was asked is at least as new.
		clients, err := a.Clients.ClientsByToken(ctx)
		if err != nil {
			return kite.APIClient{}, 0, fmt.Errorf("find client: %w", err)
		}
		a.version, a.clients, a.found = number, clients, map[string]kite.Account{}
	}
	c, known := a.clients[h]
	if !known {
		return c, number, kite.Errorf(kite.ENOTFOUND, "No client of the local API has this token.")
	}
	return c, number, nil
}

// AccountsOf are the accounts that the client may use.
func (a *Authenticator) AccountsOf(ctx context.Context, c kite.APIClient) ([]kite.Account, error) {
	all, err := a.Accounts.Accounts(ctx)
	if err != nil {
		return nil, fmt.Errorf("list accounts: %w", err)
	}
	return slices.DeleteFunc(all, func(account kite.Account) bool { return !c.MayUse(account.ID) }), nil
}

// AccountOf finds the account that the client means by its name or short name;
// ENOTFOUND also for one that it may not use: what exists is nobody's business.
// A name means the same account to every client, whatever it may use, or two,
// ECONFLICT. It is for a request that Client has just let in: that has dropped
// what was out of date.
func (a *Authenticator) AccountOf(ctx context.Context, c kite.APIClient, name string) (kite.Account, error) {
	name = norm.NFC.String(name) // as names are stored
	account, known, keep := a.remembered(name)
	if !known {
		named, err := a.Accounts.AccountsNamed(ctx, name)
		if err != nil {
			return kite.Account{}, fmt.Errorf("find account: %w", err)
		}
		account, err = kite.FindAccount(named, name)
		if kite.ErrorCode(err) == kite.ECONFLICT && slices.ContainsFunc(named, func(n kite.Account) bool { return c.MayUse(n.ID) }) {
			return kite.Account{}, twoNamed()
		}
		if err != nil {
			return kite.Account{}, noneNamed()
		}
		keep(account)
	}
	if !c.MayUse(account.ID) {
		return kite.Account{}, noneNamed()
	}
	return account, nil
}

// remembered is the account that was found by that name before. keep remembers
// one that is read after this, unless something has changed by then.
func (a *Authenticator) remembered(name string) (account kite.Account, known bool, keep func(kite.Account)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	found := a.found
	account, known = found[name]
	return account, known, func(account kite.Account) {
		a.mu.Lock()
		defer a.mu.Unlock()
		if found != nil && len(found) < mostFound {
			found[name] = account // of no use if a.found is another by now
		}
	}
}

func noneNamed() error {
	return kite.Errorf(kite.ENOTFOUND, "This program may use no account of that name.").
		WithHint("GET /v1/accounts lists those that it may use; the user can allow more in Kite Accounts.")
}

func twoNamed() error {
	return kite.Errorf(kite.ECONFLICT, "That is the name of one account and the short name of another.").
		WithHint("Say the account's name if that is its slug, and its slug if that is its name; GET /v1/accounts has both.")
}
