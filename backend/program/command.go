package program

import (
	"context"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// OpenServices opens the services over a data folder for one command: nothing
// goes on by itself, and the vault is closed until it is started. The caller
// closes them. What the services publish goes to heard, on the publisher's
// goroutine. Its errors are those of Program.Services.
func OpenServices(ctx context.Context, c Config, heard func(kite.Event)) (*Services, error) {
	p := New(c)
	if heard != nil {
		p.Events.Follow(heard)
	}
	return p.newServices(ctx, false)
}

// Close ends what goes on and closes the database.
func (s *Services) Close() { s.close() }
