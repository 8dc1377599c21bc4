package kite

// EventType names what changed. The page follows these by the same names
// (frontend/src/lib/backend/events.ts).
type EventType string

// Every event carries an account ID, or none when all may have changed.
// An event says that something changed, never what: the listener fetches.
const (
	AccountChanged EventType = "account:changed" // created, edited, deleted
	SessionChanged EventType = "session:changed" // a session began, ended, was verified; a login moved on or failed
	VaultChanged   EventType = "vault:changed"   // opened, locked, needs something
	ClockChanged   EventType = "clock:changed"   // the wall clock jumped or the computer resumed
)

// Event is one change.
type Event struct {
	Type      EventType
	AccountID string
}

// Publisher takes events; it never blocks for long and never fails.
type Publisher interface{ Publish(Event) }

// PublisherFunc makes a function a Publisher.
type PublisherFunc func(Event)

// Publish calls the function.
func (f PublisherFunc) Publish(e Event) { f(e) }
