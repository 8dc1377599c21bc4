package login

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// outcome is what a login leaves to say besides its error.
type outcome struct {
	blockedHosts []string
	warnings     []string
	exchanged    bool // a request_token went to Kite, which may have ended other sessions
}

// finishTimeout bounds what follows the exchange. It isn't cancelled with the
// login: the token exists at Kite then, and must be stored or ended.
const finishTimeout = 60 * time.Second

// clockTolerance is how far login_time may be from our clock unmentioned.
const clockTolerance = 2 * time.Minute

// throughWindow shows Kite's login in the embedded window and completes what
// it brings.
func (s *Service) throughWindow(ctx context.Context, account kite.Account, apiSecret kite.Secret) (outcome, error) {
	app, err := s.appOf(ctx, account)
	if err != nil {
		return outcome{}, err
	}
	state := newState()
	loginURL, err := s.Broker.LoginURL(app, state)
	if err != nil {
		return outcome{}, fmt.Errorf("make login URL: %w", err)
	}
	s.enter(account.ID, Waiting)
	landing, err := s.Window.Open(ctx, kite.LoginJob{
		AccountID: account.ID, AccountName: account.Name, ClientID: account.ClientID,
		LoginURL: loginURL, CallbackURL: account.CallbackURL,
		AccountType: account.Type, AllowedHosts: account.AllowedHosts,
	})
	out := outcome{blockedHosts: landing.BlockedHosts}
	if err != nil {
		return out, fmt.Errorf("login window: %w", explainBlocked(err, landing.BlockedHosts))
	}
	redirect, err := kite.ParseRedirect(landing.RedirectURL.Reveal(), account.CallbackURL, state)
	if err != nil {
		return out, fmt.Errorf("read redirect: %w", err)
	}
	out.exchanged = true
	out.warnings, err = s.complete(ctx, account, app, redirect, apiSecret)
	return out, err
}

// explainBlocked adds to a failure which hosts weren't loaded: a login page
// that lacks one may just look stuck.
func explainBlocked(err error, hosts []string) error {
	if len(hosts) == 0 {
		return err
	}
	e := *kite.AsError(err)
	e.Message = strings.TrimSuffix(e.Message, ".") + "; the login page also asked for " +
		strings.Join(hosts, ", ") + ", which was blocked."
	return &e
}

func (s *Service) appOf(ctx context.Context, account kite.Account) (kite.App, error) {
	endpoints, err := s.Endpoints.Endpoints(ctx, account)
	if err != nil {
		return kite.App{}, fmt.Errorf("find Kite: %w", err)
	}
	return kite.App{Endpoints: endpoints, APIKey: account.APIKey}, nil
}

// complete turns a request_token into a stored session of the right person.
func (s *Service) complete(ctx context.Context, account kite.Account, app kite.App, redirect kite.Redirect, apiSecret kite.Secret) ([]string, error) {
	s.enter(account.ID, Exchanging)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishTimeout)
	defer cancel()
	grant, err := s.Broker.Exchange(ctx, app, redirect.RequestToken, apiSecret)
	if err != nil {
		return nil, fmt.Errorf("exchange request_token: %w", err)
	}
	if err := rightPerson(account, grant); err != nil {
		return nil, s.refuse(ctx, app, grant, err)
	}
	s.enter(account.ID, Verifying)
	verified, warnings, err := s.verify(ctx, account, app, grant)
	if err != nil {
		return nil, s.refuse(ctx, app, grant, err)
	}
	s.enter(account.ID, Saving)
	if err := s.save(ctx, account, grant, verified); err != nil {
		return nil, s.refuse(ctx, app, grant, err)
	}
	return append(warnings, s.clockWarning(grant)...), nil
}

// rightPerson compares whom Kite let in with whom the account belongs to.
// Without it, an order could go to the wrong person's account.
func rightPerson(account kite.Account, grant kite.Grant) error {
	if strings.EqualFold(grant.UserID, account.ClientID) && grant.APIKey == account.APIKey {
		return nil
	}
	if grant.APIKey != account.APIKey {
		return kite.Errorf(kite.EWRONGUSER, "Kite answered for another API key than this account's (client %s), so the token wasn't kept.", grant.UserID).
			WithHint("Compare the API key here with the one on Kite's developer console.")
	}
	return kite.Errorf(kite.EWRONGUSER, "%s logged in, but this account belongs to %s, so the token wasn't kept.", grant.UserID, account.ClientID).
		WithHint("Log in as " + account.ClientID + ", or correct the client ID of this account.")
}

// verify fetches the profile with the new token. Without an answer the session
// is kept, unverified, since only Kite can say that it doesn't live.
func (s *Service) verify(ctx context.Context, account kite.Account, app kite.App, grant kite.Grant) (time.Time, []string, error) {
	profile, err := s.Broker.Profile(ctx, app, grant.Tokens.Access)
	switch {
	case kite.ErrorCode(err) == kite.ETOKEN:
		return time.Time{}, nil, kite.Errorf(kite.EBROKER, "Kite issued a token and then refused it.").
			WithHint("Log in again from the card.").Because(err)
	case err != nil:
		s.Log.Warn("new session not verified", "account", account.ID, "error", err)
		return time.Time{}, []string{"The new session couldn't be verified yet: " + kite.AsError(err).Message}, nil
	case !strings.EqualFold(profile.UserID, account.ClientID):
		return time.Time{}, nil, kite.Errorf(kite.EWRONGUSER, "The token belongs to %s, but this account to %s, so it wasn't kept.", profile.UserID, account.ClientID).
			WithHint("Log in as " + account.ClientID + ".")
	}
	return s.Clock.Now(), nil, nil
}

// refuse ends a token that won't be kept at Kite and says so if that failed.
func (s *Service) refuse(ctx context.Context, app kite.App, grant kite.Grant, reason error) error {
	err := s.Broker.Invalidate(ctx, app, grant.Tokens.Access)
	if err == nil || kite.ErrorCode(err) == kite.ETOKEN {
		return reason
	}
	s.Log.Warn("refused token not ended at Kite", "error", err)
	e := *kite.AsError(reason)
	e.Message += " Kite couldn't be told to end it; it may live until 06:00 IST."
	return &e
}

func (s *Service) save(ctx context.Context, before kite.Account, grant kite.Grant, verified time.Time) error {
	account, err := s.Accounts.Account(ctx, before.ID)
	if err != nil {
		return fmt.Errorf("save session: %w", err)
	}
	if account.ClientID != before.ClientID || account.APIKey != before.APIKey || account.Type != before.Type || account.Endpoints != before.Endpoints {
		return kite.Errorf(kite.ECONFLICT, "The account was changed during the login, so the token wasn't kept.").
			WithHint("Log in again from the card.")
	}
	session := kite.Session{
		ID: uuid.NewString(), AccountID: account.ID,
		UserID: grant.UserID, UserName: grant.UserName, UserShortname: grant.UserShortname,
		Email: grant.Email, UserType: grant.UserType, Broker: grant.Broker,
		LoginTime: grant.LoginTime, TTL: account.TTL,
		ExpiresAt: kite.ExpiresAt(grant.LoginTime, account.TTL),
		CreatedAt: s.Clock.Now(), VerifiedAt: verified, Status: kite.Active,
	}
	if err := s.Sessions.SaveSession(ctx, session, grant.Tokens); err != nil {
		return fmt.Errorf("save session: %w", err)
	}
	s.Log.Info("session saved", "account", account.ID, "user", grant.UserID, "expires", session.ExpiresAt)
	return nil
}

func (s *Service) clockWarning(grant kite.Grant) []string {
	ahead := s.Clock.Now().Sub(grant.LoginTime)
	word := "ahead of"
	if ahead < 0 {
		ahead, word = -ahead, "behind"
	}
	if ahead <= clockTolerance {
		return nil
	}
	return []string{fmt.Sprintf("This computer's clock is about %.0f minutes %s Kite's. Set it right: the TOTP and the expiry depend on it.",
		ahead.Minutes(), word)}
}

// verifyTouched asks after the living sessions that a login may have ended: the
// others of the same API key, and the account's own if the login failed on the
// way. Kite promises one token at a time for an app, and says nothing about
// its other users. The card doesn't wait for this.
func (s *Service) verifyTouched(ctx context.Context, accountID string, own bool) {
	touched, err := s.touched(ctx, accountID, own)
	if err != nil {
		s.Log.Warn("sessions of the same API key not verified", "error", err)
	}
	for _, id := range touched {
		if err := s.Verifier.Verify(ctx, id); err != nil {
			s.Log.Info("session of the same API key verified", "account", id, "error", err)
		}
	}
}

func (s *Service) touched(ctx context.Context, accountID string, own bool) ([]string, error) {
	account, err := s.Accounts.Account(ctx, accountID)
	if err != nil {
		return nil, err
	}
	accounts, err := s.Accounts.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	latest, err := s.Sessions.LatestSessions(ctx)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, other := range accounts {
		session, had := latest[other.ID]
		if had && session.LiveAt(s.Clock.Now()) && other.APIKey == account.APIKey && (other.ID != accountID || own) {
			ids = append(ids, other.ID)
		}
	}
	return ids, nil
}
