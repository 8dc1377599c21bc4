package login

import (
	"context"
	"fmt"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// OpenBrowser opens the account's login in the system browser with our state.
// The user brings the redirect URL back by hand to Submit. Errors are those
// of Start, and EINTERNAL if no browser could be opened.
func (s *Service) OpenBrowser(ctx context.Context, accountID string, confirmed bool) error {
	account, _, err := s.prepare(ctx, accountID, confirmed)
	if err != nil {
		return err
	}
	app, err := s.appOf(ctx, account)
	if err != nil {
		return err
	}
	state := newState()
	loginURL, err := s.Broker.LoginURL(app, state)
	if err != nil {
		return fmt.Errorf("make login URL: %w", err)
	}
	if err := s.Browse(loginURL); err != nil {
		return kite.Errorf(kite.EINTERNAL, "The system browser couldn't be opened.").
			WithHint("Set a default browser in your desktop's settings and try again.").Because(err)
	}
	s.attempts.change(accountID, func(r *running) { r.BrowserOpen, r.state = true, state })
	s.changed(accountID)
	return nil
}

// Submit takes the redirect URL of the login that OpenBrowser opened through
// the same matching and exchange as the window's. What doesn't match may be
// pasted again; once a token was sent to Kite, a new login is needed.
func (s *Service) Submit(ctx context.Context, accountID, redirectURL string) error {
	var state string
	s.attempts.change(accountID, func(r *running) { state = r.state })
	if state == "" {
		return kite.Errorf(kite.EINVALID, "No login is waiting for a redirect URL.").
			WithHint("Press Paste the redirect URL to open the login in your browser first.")
	}
	account, secrets, err := s.prepare(ctx, accountID, true)
	if err != nil {
		return err
	}
	redirect, err := kite.ParseRedirect(redirectURL, account.CallbackURL, state)
	if err != nil {
		return err
	}
	app, err := s.appOf(ctx, account)
	if err != nil {
		return err
	}
	launched := s.launch(accountID, func(ctx context.Context) (outcome, error) {
		s.attempts.change(accountID, func(r *running) { r.BrowserOpen, r.state = false, "" })
		warnings, err := s.complete(ctx, account, app, redirect, secrets.APISecret)
		return outcome{warnings: warnings, exchanged: true}, err
	})
	if !launched {
		return kite.Errorf(kite.ECONFLICT, "This account's login window is still open, so the redirect URL wasn't used.").
			WithHint("Cancel the login on the card, then paste the URL again.")
	}
	return nil
}
