import type { BackendEvent } from './backend'

// The page's half of backend/kite/event.go: an event says that something
// changed, never what; whoever hears it fetches again.
export const accountChanged: BackendEvent = 'account:changed'
export const sessionChanged: BackendEvent = 'session:changed'
export const vaultChanged: BackendEvent = 'vault:changed'
export const clockChanged: BackendEvent = 'clock:changed'
