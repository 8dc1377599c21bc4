package kite

import (
	"context"
	"time"
)

// AccountStore keeps accounts. Reading plain fields never opens the vault;
// methods that read or write a secret answer ELOCKED while it isn't open.
type AccountStore interface {
	// Accounts returns all accounts in the order they were created.
	Accounts(ctx context.Context) ([]Account, error)
	// Account returns ENOTFOUND if there is no such account.
	Account(ctx context.Context, id string) (Account, error)
	// CreateAccount stores a new account under its ID, with HasPassword and
	// HasAPISecret following from the changes. It returns ECONFLICT with Field
	// "accountName" if the name is taken, or "clientId" if the pair of API key
	// and client ID is.
	CreateAccount(ctx context.Context, a Account, secrets SecretChanges) error
	// UpdateAccount replaces the fields; same errors as CreateAccount, and
	// ENOTFOUND.
	UpdateAccount(ctx context.Context, a Account, secrets SecretChanges) error
	// DeleteAccount removes the account with its sessions; ENOTFOUND.
	DeleteAccount(ctx context.Context, id string) error
	// Secrets unseals the account's secrets; ENOTFOUND, ELOCKED, EDATA.
	Secrets(ctx context.Context, accountID string) (Secrets, error)
}

// SessionStore keeps sessions: at most one active one per account.
type SessionStore interface {
	// LatestSessions returns every account's newest session by account ID.
	LatestSessions(ctx context.Context) (map[string]Session, error)
	// LatestSession returns the account's newest session, nil if it never had
	// one.
	LatestSession(ctx context.Context, accountID string) (*Session, error)
	// SaveSession stores a new active session in one transaction that also
	// closes the account's previous one as replaced (as expired, if it was past
	// its end and nobody had looked), erases that one's tokens,
	// sets the account's LastLoginAt and records a HistoryLogin, or a
	// HistoryRefresh if the previous one was active.
	SaveSession(ctx context.Context, s Session, tokens Tokens) error
	// EndSession closes an active session. Its tokens are erased at once,
	// except those of an expired one, which stay until EraseEndedTokens, and the
	// history tells it. To end a session that isn't active changes nothing.
	EndSession(ctx context.Context, sessionID string, reason EndedReason, at time.Time) error
	// MarkVerified records that Kite answered for the session at that time.
	MarkVerified(ctx context.Context, sessionID string, at time.Time) error
	// Sessions returns the account's sessions that ended after since or live,
	// oldest first.
	Sessions(ctx context.Context, accountID string, since time.Time) ([]Session, error)
	// EraseEndedTokens erases the tokens of all sessions that expired before
	// that time.
	EraseEndedTokens(ctx context.Context, expiredBefore time.Time) error
	// Tokens unseals the session's tokens; ENOTFOUND when they are erased,
	// ELOCKED, EDATA.
	Tokens(ctx context.Context, sessionID string) (Tokens, error)
}

// Settings keeps what the window remembers: plain text, never a secret.
type Settings interface {
	// Setting returns "" for a key never set.
	Setting(ctx context.Context, key string) (string, error)
	SetSetting(ctx context.Context, key, value string) error
}
