//go:build !linux && !windows && !(darwin && cgo)

package tray

import (
	"context"
	"log/slog"
)

// Tray is never there: this build has no way to show one.
type Tray struct {
	OnChange func()
	Opened   func()
}

// New returns a tray that nobody sees.
func New(*slog.Logger, func(Choice)) *Tray { return &Tray{} }

// Run waits for ctx to end.
func (t *Tray) Run(ctx context.Context) { <-ctx.Done() }

// Show does nothing.
func (t *Tray) Show(Menu) {}

// Present says no.
func (t *Tray) Present() bool { return false }
