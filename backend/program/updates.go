package program

import (
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/update"
)

// Updates is what the check for newer versions is about: this program's version,
// how it was installed, and where releases are told.
type Updates struct {
	Version string
	Package update.Package
	Source  func() (update.Source, error)
}

func (p *Program) newUpdates(settings kite.Settings) *update.Service {
	if p.Updates == nil {
		return nil
	}
	return &update.Service{
		Version: p.Updates.Version, Package: p.Updates.Package, Source: p.Updates.Source,
		Settings: settings, Clock: p.Clock, Events: &p.Events, Log: p.Log,
	}
}
