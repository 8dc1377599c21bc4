import type { BackendEvent } from './backend'

// The page's half of backend/kite/event.go: an event says that something
// changed, never what; whoever hears it fetches again.
export const accountChanged: BackendEvent = 'account:changed'
export const sessionChanged: BackendEvent = 'session:changed'
export const vaultChanged: BackendEvent = 'vault:changed'
export const clockChanged: BackendEvent = 'clock:changed'
export const preferencesChanged: BackendEvent = 'preferences:changed'
export const historyChanged: BackendEvent = 'history:changed'
export const clientsChanged: BackendEvent = 'clients:changed'
export const roundChanged: BackendEvent = 'round:changed'
export const desktopChanged: BackendEvent = 'desktop:changed'
export const windowRequested: BackendEvent = 'window:request'
export const windowClosing: BackendEvent = 'window:closing'
export const updateChanged: BackendEvent = 'update:changed'
