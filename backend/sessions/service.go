package sessions

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Service is the use case around living sessions.
type Service struct {
	Accounts  kite.AccountStore
	Sessions  kite.SessionStore
	History   kite.HistoryStore
	Endpoints kite.EndpointResolver
	Broker    kite.Broker
	Clock     kite.Clock
	Events    kite.Publisher
	Log       *slog.Logger

	mu     sync.Mutex
	checks map[string]Check
}

// Check is the outcome of the last question to Kite about an account's
// session. It is kept in memory only.
type Check struct {
	SessionID string
	At        time.Time
	Err       *kite.Error // nil: Kite answered for the session
}

// LastCheck is the last Check of the account's session of that ID; false if
// there was none. What was found out about an earlier session says nothing
// about this one.
func (s *Service) LastCheck(accountID, sessionID string) (Check, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.checks[accountID]
	return c, ok && c.SessionID == sessionID
}

func (s *Service) remember(accountID, sessionID string, err error) {
	c := Check{SessionID: sessionID, At: s.Clock.Now()}
	if err != nil {
		c.Err = kite.AsError(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.checks == nil {
		s.checks = map[string]Check{}
	}
	s.checks[accountID] = c
}

// living is an account with its living session and what a call needs.
type living struct {
	account kite.Account
	session kite.Session
	app     kite.App
	access  kite.Secret
}

// living finds the account's session; ENOSESSION if it never had one, EENDED if
// the last one is over.
func (s *Service) living(ctx context.Context, accountID string) (living, error) {
	account, err := s.Accounts.Account(ctx, accountID)
	if err != nil {
		return living{}, err
	}
	session, tokens, err := s.current(ctx, account)
	if err != nil {
		return living{}, err
	}
	endpoints, err := s.Endpoints.Endpoints(ctx, account)
	if err != nil {
		return living{}, err
	}
	app := kite.App{Endpoints: endpoints, APIKey: account.APIKey}
	return living{account: account, session: session, app: app, access: tokens.Access}, nil
}

// replacements bounds how often in a row a session may be replaced while it is
// read.
const replacements = 10

// current reads the session and then its tokens. A login in between replaces
// the one and erases the other; then the new one is read, so that nobody gets
// an error for a login that succeeded.
func (s *Service) current(ctx context.Context, account kite.Account) (kite.Session, kite.Tokens, error) {
	for replaced := 0; ; replaced++ {
		latest, err := s.Sessions.LatestSession(ctx, account.ID)
		if err != nil {
			return kite.Session{}, kite.Tokens{}, err
		}
		if err := mustLive(account, latest, s.Clock.Now()); err != nil {
			return kite.Session{}, kite.Tokens{}, err
		}
		tokens, err := s.Sessions.Tokens(ctx, latest.ID)
		if err == nil {
			return *latest, tokens, nil
		}
		if kite.ErrorCode(err) != kite.ENOTFOUND || replaced == replacements {
			return kite.Session{}, kite.Tokens{}, err
		}
	}
}

func mustLive(account kite.Account, latest *kite.Session, now time.Time) error {
	switch {
	case latest == nil:
		return kite.Errorf(kite.ENOSESSION, "%s has no active session yet.", account.Name).WithHint("Log in from the card.")
	case !latest.LiveAt(now):
		return kite.Errorf(kite.EENDED, "The session of %s has ended (%s).", account.Name, latest.ReasonAt(now)).WithHint("Log in from the card.")
	}
	return nil
}

// Test is what Test Connection shows.
type Test struct {
	At      time.Time
	Took    time.Duration
	Profile kite.Profile
	Err     *kite.Error // nil if Kite answered
}

// Test fetches the profile with the account's token. What Kite answers, good
// or bad, is in the Test; the error is for what kept us from asking.
func (s *Service) Test(ctx context.Context, accountID string) (Test, error) {
	l, err := s.living(ctx, accountID)
	if err != nil {
		return Test{}, fmt.Errorf("test connection: %w", err)
	}
	start := time.Now()
	profile, err := s.ask(ctx, l)
	test := Test{At: s.Clock.Now(), Took: time.Since(start), Profile: profile}
	if err != nil {
		test.Err = kite.AsError(err)
	}
	s.recordTest(ctx, accountID, test)
	return test, nil
}

func (s *Service) recordTest(ctx context.Context, accountID string, test Test) {
	e := kite.HistoryEntry{AccountID: accountID, Kind: kite.HistoryTest, At: test.At, OK: test.Err == nil, Detail: "Kite answered for the session."}
	if test.Err != nil {
		e.Detail = test.Err.Message
	}
	s.record(ctx, e)
}

// RecordExport notes that something secret left the program at the user's
// wish: what says which, such as "access_token copied".
func (s *Service) RecordExport(ctx context.Context, accountID, what string) {
	s.record(ctx, kite.HistoryEntry{AccountID: accountID, Kind: kite.HistoryExport, At: s.Clock.Now(), OK: true, Detail: what})
}

// record keeps nobody from anything: what is noted has happened already.
func (s *Service) record(ctx context.Context, e kite.HistoryEntry) {
	if err := s.History.Record(ctx, e); err != nil {
		s.Log.Error("history not recorded", "account", e.AccountID, "kind", string(e.Kind), "error", err)
		return
	}
	s.Events.Publish(kite.Event{Type: kite.HistoryChanged, AccountID: e.AccountID})
}

// Verify asks Kite whether the account's session lives. It returns ETOKEN, and
// has ended the session, if Kite says that it doesn't.
func (s *Service) Verify(ctx context.Context, accountID string) error {
	l, err := s.living(ctx, accountID)
	if err != nil {
		return fmt.Errorf("verify session: %w", err)
	}
	_, err = s.ask(ctx, l)
	return err
}

// VerifyAll is Verify for several accounts, side by side. It calls answered
// with each outcome, one at a time.
func (s *Service) VerifyAll(ctx context.Context, accountIDs []string, answered func(accountID string, err error)) {
	var mu sync.Mutex
	var group errgroup.Group
	group.SetLimit(sideBySide)
	for _, id := range accountIDs {
		group.Go(func() error {
			err := s.Verify(ctx, id)
			mu.Lock()
			defer mu.Unlock()
			answered(id, err)
			return nil
		})
	}
	_ = group.Wait() // each outcome was told
}

func (s *Service) ask(ctx context.Context, l living) (kite.Profile, error) {
	profile, err := s.Broker.Profile(ctx, l.app, l.access)
	s.remember(l.account.ID, l.session.ID, err)
	switch {
	case err == nil:
		err = s.Sessions.MarkVerified(ctx, l.session.ID, s.Clock.Now())
	case kite.ErrorCode(err) == kite.ETOKEN:
		if endErr := s.Sessions.EndSession(ctx, l.session.ID, kite.EndedElsewhere, s.Clock.Now()); endErr != nil {
			s.Log.Error("session that Kite ended is still stored as active", "account", l.account.ID, "error", endErr)
		}
		s.Events.Publish(kite.Event{Type: kite.HistoryChanged, AccountID: l.account.ID})
	}
	s.changed(l.account.ID)
	return profile, err
}

// LogOut ends the account's session at Kite and here. If Kite can't be asked
// it returns EOFFLINE, unless anyway is set: then the session ends here and
// its token may live at Kite until the cut-off. An account without a living
// session is left as it is.
func (s *Service) LogOut(ctx context.Context, accountID string, anyway bool) error {
	latest, err := s.Sessions.LatestSession(ctx, accountID)
	if err != nil {
		return fmt.Errorf("log out: %w", err)
	}
	if latest == nil || !latest.LiveAt(s.Clock.Now()) {
		return nil
	}
	if err := s.invalidate(ctx, accountID); err != nil {
		s.Log.Warn("token not ended at Kite", "account", accountID, "error", err)
		if !anyway && kite.ErrorCode(err) == kite.ELOCKED {
			return fmt.Errorf("log out: %w", err) // the way on is to open the vault
		}
		if !anyway {
			return kite.Errorf(kite.EOFFLINE, "Kite couldn't be told to end this session: its token may live until 06:00 IST.").
				WithHint("Try again when Kite can be reached, or go on anyway.").Because(err)
		}
	}
	if err := s.Sessions.EndSession(ctx, latest.ID, kite.EndedLoggedOut, s.Clock.Now()); err != nil {
		return fmt.Errorf("log out: %w", err)
	}
	s.changed(accountID)
	s.Events.Publish(kite.Event{Type: kite.HistoryChanged, AccountID: accountID})
	return nil
}

func (s *Service) invalidate(ctx context.Context, accountID string) error {
	l, err := s.living(ctx, accountID)
	if err != nil {
		return err
	}
	err = s.Broker.Invalidate(ctx, l.app, l.access)
	if kite.ErrorCode(err) == kite.ETOKEN {
		return nil
	}
	return err
}

func (s *Service) changed(accountID string) {
	s.Events.Publish(kite.Event{Type: kite.SessionChanged, AccountID: accountID})
}
