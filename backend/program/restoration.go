package program

import "github.com/kiteaccounts/kite-accounts/backend/sqlite"

// Restoration begins a change of many accounts at once in the services'
// database, sealing with their vault. Whoever commits it publishes what changed.
func (s *Services) Restoration() *sqlite.Restoration { return s.db.Restoration(s.Vault) }
