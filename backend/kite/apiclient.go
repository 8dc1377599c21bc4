package kite

import (
	"context"
	"slices"
	"strings"
	"time"
)

// APIClient is a program that may use the local API. Its bearer token is kept
// as a hash only.
type APIClient struct {
	ID          string // random UUID
	Name        string // unique (NFC, case-folded); what the history calls it
	AccountIDs  []string
	AllAccounts bool // whatever AccountIDs says
	MayTrade    bool // may place, modify and cancel orders through the gateway
	CreatedAt   time.Time
	LastUsedAt  time.Time // zero if never; within a minute
}

// MayUse says whether the client may use that account.
func (c APIClient) MayUse(accountID string) bool {
	return c.AllAccounts || slices.Contains(c.AccountIDs, accountID)
}

// Validate returns the first thing that is wrong with what was entered, an
// EINVALID with Field "name" or "accountIds"; nil if nothing is.
func (c APIClient) Validate() error {
	if sentence := nameProblem(strings.TrimSpace(c.Name)); sentence != "" {
		return Errorf(EINVALID, "%s", sentence).WithField("name")
	}
	if !c.AllAccounts && len(c.AccountIDs) == 0 {
		return Errorf(EINVALID, "Choose the accounts that this program may use.").WithField("accountIds")
	}
	return nil
}

// TokenHash is the SHA-256 of a client's bearer token. The token has 256 random
// bits, so that a plain hash can't be guessed back.
type TokenHash [32]byte

// ClientStore keeps the local API's clients.
type ClientStore interface {
	// Clients returns all clients by name.
	Clients(ctx context.Context) ([]APIClient, error)
	// ClientByToken returns ENOTFOUND if no client has a token of that hash:
	// it was never issued or was revoked.
	ClientByToken(ctx context.Context, h TokenHash) (APIClient, error)
	// CreateClient stores a client under its ID; ECONFLICT with Field "name" if
	// the name is taken.
	CreateClient(ctx context.Context, c APIClient, h TokenHash) error
	// UpdateClient replaces name, accounts and MayTrade; same errors, and
	// ENOTFOUND.
	UpdateClient(ctx context.Context, c APIClient) error
	// DeleteClient revokes the client's token for good; ENOTFOUND.
	DeleteClient(ctx context.Context, id string) error
	// ClientUsed notes when a client was last there. A client that was revoked
	// meanwhile changes nothing.
	ClientUsed(ctx context.Context, id string, at time.Time) error
}
