package program

import (
	"context"
	"slices"

	"github.com/kiteaccounts/kite-accounts/backend/clients"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Clients are the programs that may use the local API.
func (s *Services) Clients() *clients.Service {
	return &clients.Service{Store: s.db.Clients(), Clock: s.clock, Events: s.events, History: s.History, Log: s.log}
}

// Client is one of them; ENOTFOUND.
func (s *Services) Client(ctx context.Context, id string) (kite.APIClient, error) {
	all, err := s.Clients().List(ctx)
	if err != nil {
		return kite.APIClient{}, err
	}
	i := slices.IndexFunc(all, func(c kite.APIClient) bool { return c.ID == id })
	if i < 0 {
		return kite.APIClient{}, kite.Errorf(kite.ENOTFOUND, "There is no such program.")
	}
	return all[i], nil
}
