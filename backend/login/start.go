package login

import (
	"context"
	"crypto/rand"
	"encoding/hex"
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

// Service logs accounts in, each in its own window, several at once if asked.
type Service struct {
	Accounts  kite.AccountStore
	Sessions  kite.SessionStore
	History   kite.HistoryStore
	Endpoints kite.EndpointResolver
	Broker    kite.Broker
	Window    kite.LoginWindow
	Verifier  Verifier
	Browse    func(url string) error // opens the system browser
	Clock     kite.Clock
	Events    kite.Publisher
	Log       *slog.Logger

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

// Start begins a login in the embedded window and returns at once; Attempt
// and events tell how it goes on. It returns ECONFIRM, unless confirmed, if a
// token that still works would end or if Kite is clearing tokens; ELOCKED if
// the vault isn't open; EINVALID if no API secret is stored; and raises the
// window if one is open already.
func (s *Service) Start(ctx context.Context, accountID string, confirmed bool) error {
	if s.Attempt(accountID).Phase != Idle {
		s.Window.Focus(accountID)
		return nil
	}
	account, secrets, err := s.prepare(ctx, accountID, confirmed)
	if err != nil {
		return err
	}
	s.launch(account.ID, func(ctx context.Context) (outcome, error) {
		return s.throughWindow(ctx, account, secrets.APISecret)
	})
	return nil // where two presses came at once, the other one's login runs
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

// launch runs a login in the background; false if the account has one
// running already.
func (s *Service) launch(accountID string, login func(context.Context) (outcome, error)) bool {
	s.begin()
	ctx, cancel := context.WithCancel(s.ctx)
	if !s.attempts.begin(accountID, cancel) {
		cancel()
		return false
	}
	s.changed(accountID)
	s.wg.Go(func() {
		out, err := login(ctx)
		failure := s.failureOf(accountID, out, err)
		s.record(ctx, accountID, failure)
		s.attempts.end(accountID, failure, out.warnings)
		s.changed(accountID)
		if out.exchanged {
			s.verifyTouched(s.ctx, accountID, err != nil)
		}
	})
	return true
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
