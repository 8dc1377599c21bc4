package login

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// ExchangeFor swaps a request_token that a program brought with the API key and
// secret it belongs to. Where an account of that API key is the user's who
// logged in, the session is stored for it as after a login here: the exchange
// has ended that account's earlier token. Its errors are those of
// kite.Broker.Exchange; ECONFLICT if accounts of that key are at different
// places; ELOCKED, before anything is sent, if the session would
// be stored and the vault isn't open.
func (s *Service) ExchangeFor(ctx context.Context, apiKey string, requestToken, apiSecret kite.Secret) (kite.Grant, error) {
	siblings, err := s.ofKey(ctx, apiKey)
	if err != nil {
		return kite.Grant{}, fmt.Errorf("exchange request_token: %w", err)
	}
	app := kite.App{Endpoints: kite.LiveEndpoints, APIKey: apiKey}
	if len(siblings) > 0 {
		if app, err = s.appOfAll(ctx, siblings); err == nil {
			err = s.canSeal()
		}
		if err != nil {
			return kite.Grant{}, fmt.Errorf("exchange request_token: %w", err)
		}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishTimeout)
	defer cancel()
	grant, err := s.Broker.Exchange(ctx, app, requestToken, apiSecret)
	if err != nil {
		s.askAfter(siblings, true)
		return kite.Grant{}, fmt.Errorf("exchange request_token: %w", err)
	}
	i := slices.IndexFunc(siblings, func(a kite.Account) bool { return strings.EqualFold(a.ClientID, grant.UserID) })
	if i < 0 || grant.APIKey != apiKey {
		s.askAfter(siblings, true)
		return grant, nil
	}
	err = s.keep(ctx, siblings[i], app, grant)
	s.askAfter(siblings[i:i+1], err != nil)
	if err != nil {
		return kite.Grant{}, err
	}
	return grant, nil
}

// ofKey are the accounts with that API key.
func (s *Service) ofKey(ctx context.Context, apiKey string) ([]kite.Account, error) {
	all, err := s.Accounts.Accounts(ctx)
	return slices.DeleteFunc(all, func(a kite.Account) bool { return a.APIKey != apiKey }), err
}

// appOfAll is where accounts of one API key are. A request_token must not go
// to another place than the one that issued it.
func (s *Service) appOfAll(ctx context.Context, accounts []kite.Account) (kite.App, error) {
	for _, a := range accounts[1:] {
		if a.Type != accounts[0].Type || a.Endpoints != accounts[0].Endpoints {
			return kite.App{}, kite.Errorf(kite.ECONFLICT, "%s and %s have the same API key, but not the same Kite.", accounts[0].Name, a.Name).
				WithHint("Give one of them an API key of its own.")
		}
	}
	return s.appOf(ctx, accounts[0])
}

// canSeal answers ELOCKED if a session couldn't be stored.
func (s *Service) canSeal() error {
	_, err := s.Sealer.Seal(kite.Place{Table: "login", Column: "probe", Row: "probe"}, kite.NewSecret("probe"))
	return err
}

// keep verifies and stores what a program's exchange brought.
func (s *Service) keep(ctx context.Context, account kite.Account, app kite.App, grant kite.Grant) error {
	verified, _, err := s.verify(ctx, account, app, grant)
	if err == nil {
		err = s.save(ctx, account, grant, verified)
	}
	if err != nil {
		s.Log.Warn("session of a program not stored", "account", account.ID, "error", err)
		return s.refuse(ctx, app, grant, err)
	}
	s.changed(account.ID)
	s.Events.Publish(kite.Event{Type: kite.HistoryChanged, AccountID: account.ID})
	return nil
}

// askAfter asks after the sessions that the exchange may have ended; nobody
// waits for it.
func (s *Service) askAfter(accounts []kite.Account, own bool) {
	if len(accounts) == 0 {
		return
	}
	s.begin()
	s.wg.Go(func() { s.verifyTouched(s.ctx, accounts[0].ID, own) })
}
