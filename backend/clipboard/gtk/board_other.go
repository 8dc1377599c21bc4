//go:build !linux

// Package gtk is the clipboard of a Linux desktop; elsewhere it refuses.
package gtk

import (
	"github.com/kiteaccounts/kite-accounts/backend/clipboard"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Board refuses to copy on this system.
type Board struct{}

var _ clipboard.Board = Board{}

var unsupported = kite.Errorf(kite.EINTERNAL, "Copying isn't built for this system yet.").
	WithHint("Reveal the value and select it.")

// Set refuses.
func (Board) Set(string, bool) (uint64, error) { return 0, unsupported }

// Clear has nothing to clear.
func (Board) Clear(uint64) error { return nil }
