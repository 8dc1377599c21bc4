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
	ClockChanged   EventType = "clock:changed"   // the wall clock jumped, the computer resumed, or the time zone changed

	PreferencesChanged EventType = "preferences:changed" // in any process
	HistoryChanged     EventType = "history:changed"
	ClientsChanged     EventType = "clients:changed" // of the local API
	RoundChanged       EventType = "round:changed"   // Log in all went on
	DesktopChanged     EventType = "desktop:changed" // agent, tray or notifications came or went
	WindowRequested    EventType = "window:request"  // the desktop asks something of the window
	WindowClosing      EventType = "window:closing"  // the user closes the window and is to be asked
	UpdateChanged      EventType = "update:changed"  // a check for newer versions was made, or one is skipped
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
