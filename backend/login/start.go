package login

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Verifier asks Kite whether a session still lives and records the answer.
type Verifier interface {
	// Verify returns ETOKEN, and has ended the session, if Kite says it is
	// over.
	Verify(ctx context.Context, accountID string) error
}

// Service logs accounts in, each in its own way, several at once if asked.
type Service struct {
	Accounts  kite.AccountStore
	Sessions  kite.SessionStore
	History   kite.HistoryStore
	Endpoints kite.EndpointResolver
	Broker    kite.Broker
	Window    kite.LoginWindow
	Redirects kite.RedirectListener
	Verifier  Verifier
	Sealer    kite.Sealer            // asked whether a session can be stored
	Browse    func(url string) error // opens the system browser
	Clock     kite.Clock
	Events    kite.Publisher
	Log       *slog.Logger
	Patience  time.Duration // for a login in the system browser; DefaultPatience if zero

	attempts attempts
	round    round
	ctx      context.Context
	stop     context.CancelFunc
	wg       sync.WaitGroup
	once     sync.Once
}

// checkTimeout bounds the question whether a token about to be replaced still
// works; the user waits for it.
const checkTimeout = 5 * time.Second

// Start begins a login in the account's own way and returns at once; Attempt
// and events tell how it goes on. It returns ECONFIRM, unless confirmed, if a
// token that still works would end or if Kite is clearing tokens; ELOCKED if
// the vault isn't open; EINVALID if no API secret is stored; EINTERNAL if
// nothing but a pasted URL could bring the redirect and no browser opens. If a
// login of the account runs already, it raises its window.
func (s *Service) Start(ctx context.Context, accountID string, confirmed bool) error {
	return s.StartWith(ctx, accountID, "", confirmed)
}

// StartWith is Start in another way than the account's own, this once; EINVALID
// if there is no such way.
func (s *Service) StartWith(ctx context.Context, accountID string, way kite.LoginWay, confirmed bool) error {
	_, _, err := s.start(ctx, accountID, way, confirmed)
	return err
}

// start returns how the login will end and whether it was begun here.
func (s *Service) start(ctx context.Context, accountID string, way kite.LoginWay, confirmed bool) (e *ending, own bool, err error) {
	if e := s.attempts.running(accountID); e != nil {
		joined, err := s.join(ctx, accountID, e)
		if joined || err != nil {
			return e, false, err
		}
	}
	account, secrets, err := s.prepare(ctx, accountID, confirmed)
	if err != nil {
		return nil, false, err
	}
	if way == "" {
		way = account.LoginWay
	}
	switch way {
	case kite.LoginInBrowser, kite.LoginByPaste:
		return s.startBrowser(ctx, account, way, secrets.APISecret)
	case kite.LoginInWindow, "":
		e, own = s.launch(account.ID, kite.LoginInWindow, nil, func(ctx context.Context) (outcome, error) {
			return s.throughWindow(ctx, account, secrets.APISecret)
		})
		return e, own, nil
	}
	return nil, false, kite.Errorf(kite.EINVALID, "There is no way to log in called %q.", way).
		WithField("loginWay").WithHint("Choose window, browser or paste.")
}

// join says whether the login that runs is also this caller's. One that was told
// to stop is so only if it succeeds all the same: who asks after that wants one
// of their own, and not to hear that somebody cancelled.
func (s *Service) join(ctx context.Context, accountID string, e *ending) (bool, error) {
	select {
	case <-e.stopped:
	default:
		s.Window.Focus(accountID)
		return true, nil
	}
	select {
	case <-e.done:
		return e.failure == nil, nil
	case <-ctx.Done():
		return false, unfinished(ctx)
	}
}

// followUp bounds LogIn's wait for what a login left to ask.
const followUp = 5 * time.Second

// LogIn logs the account in as StartWith does, its own way if way is empty, and
// returns once the login is over and the sessions that it may have ended were
// asked after. Besides StartWith's errors it returns that of the login itself;
// ECANCELED or ETIMEOUT if ctx ended. A login that ran already is waited for,
// and left alone when ctx ends.
func (s *Service) LogIn(ctx context.Context, accountID string, way kite.LoginWay, confirmed bool) error {
	e, own, err := s.start(ctx, accountID, way, confirmed)
	if err != nil {
		return err
	}
	select {
	case <-e.done:
	case <-ctx.Done():
		if !own {
			return unfinished(ctx)
		}
		e.cancel()
		<-e.done
	}
	if e.failure != nil {
		if ctx.Err() != nil && e.failure.Err.Code == kite.ECANCELED {
			return unfinished(ctx)
		}
		return e.failure.Err
	}
	timeout := time.NewTimer(followUp)
	defer timeout.Stop()
	select {
	case <-e.settled:
	case <-timeout.C:
	case <-ctx.Done():
	}
	return nil
}

func unfinished(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return kite.Errorf(kite.ETIMEOUT, "The login took too long.").WithHint("Log in again.").Because(ctx.Err())
	}
	return kite.Errorf(kite.ECANCELED, "The login was cancelled.").WithHint("Log in again.").Because(ctx.Err())
}

// Focus raises the account's login window, if it has one.
func (s *Service) Focus(accountID string) { s.Window.Focus(accountID) }

func (s *Service) prepare(ctx context.Context, accountID string, confirmed bool) (kite.Account, kite.Secrets, error) {
	account, err := s.Accounts.Account(ctx, accountID)
	if err != nil {
		return account, kite.Secrets{}, fmt.Errorf("log in: %w", err)
	}
	secrets, err := s.Accounts.Secrets(ctx, accountID)
	if err != nil {
		return account, secrets, fmt.Errorf("log in: %w", err)
	}
	if secrets.APISecret.Empty() {
		return account, secrets, kite.Errorf(kite.EINVALID, "%s has no API secret yet.", account.Name).
			WithField("apiSecret").WithHint("Edit the account and enter the API secret from Kite's developer console.")
	}
	if !confirmed {
		if err := s.mayReplace(ctx, account); err != nil {
			return account, secrets, err
		}
	}
	return account, secrets, nil
}

// mayReplace asks for confirmation where a login would cost something. "An app
// can only have one access token at any point in time" (Zerodha's staff,
// https://kite.trade/forum/discussion/comment/20783/).
func (s *Service) mayReplace(ctx context.Context, account kite.Account) error {
	now := s.Clock.Now()
	latest, err := s.Sessions.LatestSession(ctx, account.ID)
	if err != nil {
		return fmt.Errorf("log in: %w", err)
	}
	if latest != nil && latest.LiveAt(now) && s.stillWorks(ctx, account.ID) {
		return kite.Errorf(kite.ECONFIRM, "%s has a session that still works. A new login ends its token at once, also in programs that use it.", account.Name).
			WithHint("Log in only if you want a new token now.")
	}
	if account.Type == kite.Live && kite.InClearing(now) {
		return kite.Errorf(kite.ECONFIRM, "Kite clears tokens between 05:00 and 08:00 IST. A session made now may end any minute.").
			WithHint("Better log in after 08:00 IST.")
	}
	return nil
}

func (s *Service) stillWorks(ctx context.Context, accountID string) bool {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	return kite.ErrorCode(s.Verifier.Verify(ctx, accountID)) != kite.ETOKEN
}

// begin makes the context that Close ends.
func (s *Service) begin() {
	s.once.Do(func() { s.ctx, s.stop = context.WithCancel(context.Background()) })
}

// launch runs a login in the background. It returns how that will end, or how
// the one will that runs already.
func (s *Service) launch(accountID string, way kite.LoginWay, wait *browserWait, login func(context.Context) (outcome, error)) (e *ending, own bool) {
	s.begin()
	ctx, cancel := context.WithCancel(s.ctx)
	for e = newEnding(ctx, cancel); !s.attempts.begin(accountID, way, e, wait); {
		if other := s.attempts.running(accountID); other != nil {
			cancel()
			return other, false
		}
	}
	s.changed(accountID)
	s.wg.Go(func() {
		defer close(e.settled)
		out, err := login(ctx)
		failure := s.failureOf(accountID, out, err)
		s.record(ctx, accountID, failure)
		s.attempts.end(accountID, failure, out.warnings)
		s.changed(accountID)
		if out.exchanged {
			s.verifyTouched(s.ctx, accountID, err != nil)
		}
	})
	return e, true
}

func (s *Service) failureOf(accountID string, out outcome, err error) *Failure {
	if err == nil {
		return nil
	}
	s.Log.Warn("login ended without a session", "account", accountID, "blocked", out.blockedHosts, "error", err)
	return &Failure{Err: kite.AsError(err), At: s.Clock.Now(), BlockedHosts: out.blockedHosts}
}

// record tells of a new history entry; that of a saved session was made with
// it, that of a failure is made here.
func (s *Service) record(ctx context.Context, accountID string, failure *Failure) {
	if failure != nil {
		err := s.History.Record(context.WithoutCancel(ctx), kite.HistoryEntry{
			At: failure.At, AccountID: accountID, Kind: kite.HistoryFailed, Detail: failure.Err.Message,
		})
		if err != nil {
			s.Log.Error("failed login not recorded", "account", accountID, "error", err)
		}
	}
	s.Events.Publish(kite.Event{Type: kite.HistoryChanged, AccountID: accountID})
}

func (s *Service) enter(accountID string, p Phase) {
	s.attempts.change(accountID, func(r *running) { r.Phase = p })
	s.changed(accountID)
}

func (s *Service) changed(accountID string) {
	s.Events.Publish(kite.Event{Type: kite.SessionChanged, AccountID: accountID})
}

// newState is an unguessable value that comes back on our own redirect only:
// 128 bits, in hex so that no encoding can change it.
func newState() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails since Go 1.24
	return hex.EncodeToString(b)
}
