package kite

import (
	"context"
	"time"
)

// HistoryKind is what happened.
type HistoryKind string

// What the history tells of.
const (
	HistoryLogin     HistoryKind = "login"           // a session where none lived
	HistoryRefresh   HistoryKind = "refresh"         // a session in place of a living one
	HistoryExpired   HistoryKind = "expired"         // it reached its end
	HistoryElsewhere HistoryKind = "ended elsewhere" // Kite refused the token
	HistoryLoggedOut HistoryKind = "logged out"      // the user ended it here
	HistoryFailed    HistoryKind = "failed login"    // Detail says why
	HistoryTest      HistoryKind = "test"            // Kite was asked whether the token lives
	HistoryExport    HistoryKind = "export"          // a token or secret was copied, revealed or handed out
	HistoryProgram   HistoryKind = "program"         // a program called Kite through the local API
	HistoryClient    HistoryKind = "client"          // a client of the local API was added, changed, revoked or refused
)

// HistoryEntry is one thing that happened to an account. It outlives the
// account, so it carries the name. It never holds a secret.
type HistoryEntry struct {
	ID          int64 // in the order they were recorded
	At          time.Time
	AccountID   string
	AccountName string
	ClientID    string
	Kind        HistoryKind
	OK          bool
	Detail      string // a sentence, or empty
}

// HistoryFilter picks entries; its zero value picks all.
type HistoryFilter struct {
	AccountID string
	Kind      HistoryKind
	Query     string // in name, client ID, kind or detail, whatever the case
	Since     time.Time
	Before    int64 // entries older than that ID, for the next page
	Limit     int   // 0: all
}

// HistoryStore keeps the history. What SessionStore does to sessions it
// records there by itself, in the same transaction.
type HistoryStore interface {
	// Record adds an entry; ID is given by the store. AccountName and ClientID
	// are filled in from the account if they are empty.
	Record(ctx context.Context, e HistoryEntry) error
	// History returns the entries, newest first.
	History(ctx context.Context, f HistoryFilter) ([]HistoryEntry, error)
	// PruneHistory removes entries and ended sessions from before that time;
	// an account's newest session stays.
	PruneHistory(ctx context.Context, before time.Time) error
}
