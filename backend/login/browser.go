package login

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// DefaultPatience is how long a login in the system browser may take, unless the
// service has another; the login window's is the same.
const DefaultPatience = 10 * time.Minute

var errLoginTime = errors.New("login took too long")

// browserWait is a login that waits for its redirect, from the listener or
// from the user's hand. Whichever comes first is taken, and nothing else.
type browserWait struct {
	account  kite.Account
	app      kite.App
	loginURL string
	state    string
	came     chan arrival // holds the one that was taken
	taken    bool
}

// arrival is a redirect that belongs to the login, or how it failed.
type arrival struct {
	redirect kite.Redirect
	err      error
}

// offer gives a login what came for it; false if it has something already or
// is over.
func (a *attempts) offer(w *browserWait, what arrival) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.of(w.account.ID).wait != w || w.taken {
		return false
	}
	w.taken = true
	w.came <- what
	return true
}

// waiting is the account's login that waits for its browser; nil if none does.
func (a *attempts) waiting(accountID string) *browserWait {
	a.mu.Lock()
	defer a.mu.Unlock()
	if w := a.of(accountID).wait; w != nil && !w.taken {
		return w
	}
	return nil
}

func (s *Service) newWait(ctx context.Context, account kite.Account) (*browserWait, error) {
	app, err := s.appOf(ctx, account)
	if err != nil {
		return nil, err
	}
	w := &browserWait{account: account, app: app, state: newState(), came: make(chan arrival, 1)}
	if w.loginURL, err = s.Broker.LoginURL(app, w.state); err != nil {
		return nil, fmt.Errorf("make login URL: %w", err)
	}
	return w, nil
}

// startBrowser begins a login in the system browser. The browser is opened once
// something can take what it brings: the attempt for a pasted URL, the listener
// for a redirect.
func (s *Service) startBrowser(ctx context.Context, account kite.Account, way kite.LoginWay, apiSecret kite.Secret) (*ending, bool, error) {
	w, err := s.newWait(ctx, account)
	if err != nil {
		return nil, false, err
	}
	listens := way == kite.LoginInBrowser
	e, own := s.launch(account.ID, way, w, func(ctx context.Context) (outcome, error) {
		return s.throughBrowser(ctx, w, listens, apiSecret)
	})
	if own && !listens {
		if err := s.browse(w.loginURL); err != nil {
			s.attempts.offer(w, arrival{err: err})
		}
	}
	return e, own, nil
}

// openerPatience is how long the browser's opener is waited for: some stay as
// long as the browser does.
const openerPatience = 2 * time.Second

func (s *Service) browse(loginURL string) error {
	opened := make(chan error, 1)
	go func() { opened <- s.Browse(loginURL) }()
	patience := time.NewTimer(openerPatience)
	defer patience.Stop()
	select {
	case err := <-opened:
		if err != nil {
			return kite.Errorf(kite.EINTERNAL, "The system browser couldn't be opened.").
				WithHint("Set a default browser in your desktop's settings and try again.").Because(err)
		}
	case <-patience.C:
	}
	return nil
}

// throughBrowser waits for the redirect and completes it.
func (s *Service) throughBrowser(ctx context.Context, w *browserWait, listens bool, apiSecret kite.Secret) (outcome, error) {
	redirect, err := s.fromBrowser(ctx, w, listens)
	s.attempts.change(w.account.ID, func(r *running) { r.BrowserOpen = false })
	if err != nil {
		return outcome{}, err
	}
	warnings, err := s.complete(ctx, w.account, w.app, redirect, apiSecret)
	return outcome{warnings: warnings, exchanged: true}, explainBrowser(err, w.account)
}

// fromBrowser returns the redirect that was taken. The port is free again then.
func (s *Service) fromBrowser(ctx context.Context, w *browserWait, listens bool) (kite.Redirect, error) {
	limit := s.Patience
	if limit == 0 {
		limit = DefaultPatience
	}
	ctx, cancel := context.WithTimeoutCause(ctx, limit, errLoginTime)
	defer cancel()
	var failed <-chan error
	if listens {
		waiter, err := s.Redirects.Listen(ctx, w.account.CallbackURL, s.judge(w))
		if err != nil {
			return kite.Redirect{}, fmt.Errorf("await redirect: %w", err)
		}
		defer s.stopListening(waiter)
		failed = waiter.Failed()
		if err := s.browse(w.loginURL); err != nil {
			return kite.Redirect{}, err
		}
	}
	s.attempts.change(w.account.ID, func(r *running) { r.Phase, r.BrowserOpen = Waiting, true })
	s.changed(w.account.ID)
	select {
	case what := <-w.came:
		return what.redirect, what.err
	case err := <-failed:
		return kite.Redirect{}, kite.Errorf(kite.EINTERNAL, "The browser can't be answered any more.").
			WithHint("Log in again from the card.").Because(err)
	case <-ctx.Done():
		return kite.Redirect{}, overdue(ctx)
	}
}

func (s *Service) stopListening(waiter kite.RedirectWaiter) {
	if err := waiter.Close(); err != nil {
		s.Log.Warn("listener for the redirect not closed well", "error", err)
	}
}

func overdue(ctx context.Context) error {
	if cause := context.Cause(ctx); errors.Is(cause, errLoginTime) {
		return kite.Errorf(kite.ETIMEOUT, "The login in the browser took too long, so Kite Accounts stopped waiting for it.").
			WithHint("Log in again from the card.").Because(cause)
	}
	return kite.Errorf(kite.ECANCELED, "The login was cancelled.").WithHint("Try again from the card.").Because(ctx.Err())
}

// judge takes only a redirect with the login's own state, so that no page can
// end or answer a login by leading the browser to its port.
func (s *Service) judge(w *browserWait) func(kite.Secret) kite.RedirectAnswer {
	return func(redirectURL kite.Secret) kite.RedirectAnswer {
		redirect, err := kite.ParseRedirect(redirectURL.Reveal(), w.account.CallbackURL, w.state)
		switch {
		case err != nil && !kite.CarriesState(redirectURL.Reveal(), w.state):
			return kite.RedirectAnswer{Err: kite.AsError(err)}
		case !s.attempts.offer(w, arrival{redirect, err}):
			return kite.RedirectAnswer{Final: true, Err: kite.Errorf(kite.EINVALID, "This login is over already.")}
		case err != nil:
			return kite.RedirectAnswer{Final: true, Err: kite.AsError(err)}
		}
		return kite.RedirectAnswer{Final: true}
	}
}

// explainBrowser tells why the wrong person may be logged in: the system
// browser remembers who was, unlike the login window.
func explainBrowser(err error, account kite.Account) error {
	if kite.ErrorCode(err) != kite.EWRONGUSER {
		return err
	}
	return kite.AsError(err).WithHint("Log out of Kite in your browser or use a private window, then log in as " + account.ClientID + ".")
}

// OpenBrowser opens the account's login in the system browser, from where the
// user brings the redirect URL back by hand to Submit; the one that waits for
// it already is opened again. Errors are those of Start.
func (s *Service) OpenBrowser(ctx context.Context, accountID string, confirmed bool) error {
	if w := s.attempts.waiting(accountID); w != nil {
		return s.browse(w.loginURL)
	}
	if s.attempts.running(accountID) == nil {
		return s.StartWith(ctx, accountID, kite.LoginByPaste, confirmed)
	}
	return s.openBeside(ctx, accountID, confirmed)
}

// openBeside opens the browser while the account's login window is open, to be
// used once that is gone.
func (s *Service) openBeside(ctx context.Context, accountID string, confirmed bool) error {
	account, _, err := s.prepare(ctx, accountID, confirmed)
	if err != nil {
		return err
	}
	w, err := s.newWait(ctx, account)
	if err != nil {
		return err
	}
	if err := s.browse(w.loginURL); err != nil {
		return err
	}
	s.attempts.change(accountID, func(r *running) { r.BrowserOpen, r.state = true, w.state })
	s.changed(accountID)
	return nil
}

// Submit takes what the user pasted, the redirect URL of a login in the system
// browser or just its request_token, through the same exchange as the window's.
// What doesn't match may be pasted again; once a token was sent to Kite, a new
// login is needed. It is for the user's own hand alone: see kite.ParsePasted.
func (s *Service) Submit(ctx context.Context, accountID, pasted string) error {
	if w := s.attempts.waiting(accountID); w != nil {
		redirect, err := kite.ParsePasted(pasted, w.account.CallbackURL, w.state)
		if err != nil {
			return err
		}
		if s.attempts.offer(w, arrival{redirect: redirect}) {
			return nil
		}
	}
	return s.submitBeside(ctx, accountID, pasted)
}

// submitBeside takes what was pasted for a browser that was opened beside a
// login window.
func (s *Service) submitBeside(ctx context.Context, accountID, pasted string) error {
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
	redirect, err := kite.ParsePasted(pasted, account.CallbackURL, state)
	if err != nil {
		return err
	}
	app, err := s.appOf(ctx, account)
	if err != nil {
		return err
	}
	_, launched := s.launch(accountID, kite.LoginByPaste, nil, func(ctx context.Context) (outcome, error) {
		s.attempts.change(accountID, func(r *running) { r.BrowserOpen, r.state = false, "" })
		warnings, err := s.complete(ctx, account, app, redirect, secrets.APISecret)
		return outcome{warnings: warnings, exchanged: true}, explainBrowser(err, account)
	})
	if !launched {
		return kite.Errorf(kite.ECONFLICT, "This account's login window is still open, so the redirect URL wasn't used.").
			WithHint("Cancel the login on the card, then paste the URL again.")
	}
	return nil
}
