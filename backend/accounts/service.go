// Package accounts is the use case of the account form: add, edit, duplicate
// and delete, with what that means for a living session.
package accounts

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// SessionEnder ends an account's living session at Kite and here.
type SessionEnder interface {
	// LogOut returns EOFFLINE if Kite can't be told, unless anyway is set; it
	// does nothing for an account without a living session.
	LogOut(ctx context.Context, accountID string, anyway bool) error
}

// LoginCanceler stops an account's running login.
type LoginCanceler interface{ Cancel(accountID string) }

// SandboxAccounts makes accounts of the embedded sandbox.
type SandboxAccounts interface {
	// NewAccount returns a ready account of a simulated user that none of the
	// taken accounts has.
	NewAccount(ctx context.Context, taken []kite.Account) (kite.Account, kite.Secrets, error)
}

// Service is the use case.
type Service struct {
	Store    kite.AccountStore
	Sessions kite.SessionStore
	Ender    SessionEnder
	Logins   LoginCanceler
	Sandbox  SandboxAccounts
	Clock    kite.Clock
	Events   kite.Publisher
	Log      *slog.Logger
}

// Create stores a new account and returns it; EINVALID or ECONFLICT with the
// Field.
func (s *Service) Create(ctx context.Context, a kite.Account, secrets kite.SecretChanges) (kite.Account, error) {
	a = normal(a)
	a.ID = uuid.NewString()
	a.CreatedAt = s.Clock.Now()
	a.UpdatedAt = a.CreatedAt
	if err := s.nameShortly(ctx, &a); err != nil {
		return kite.Account{}, fmt.Errorf("create account: %w", err)
	}
	if err := s.check(ctx, a, secrets); err != nil {
		return kite.Account{}, err
	}
	if err := s.Store.CreateAccount(ctx, a, secrets); err != nil {
		return kite.Account{}, fmt.Errorf("create account: %w", err)
	}
	s.changed(a.ID)
	return s.Store.Account(ctx, a.ID)
}

// nameShortly gives an account that has no short name one that nobody has.
func (s *Service) nameShortly(ctx context.Context, a *kite.Account) error {
	if a.Slug != "" {
		return nil
	}
	all, err := s.Store.Accounts(ctx)
	if err != nil {
		return err
	}
	others := slices.DeleteFunc(all, func(other kite.Account) bool { return other.ID == a.ID })
	a.Slug = kite.FreeSlug(kite.SlugOf(a.Name, a.ClientID), others)
	return nil
}

// CreateSandbox stores a ready account of the embedded sandbox.
func (s *Service) CreateSandbox(ctx context.Context) (kite.Account, error) {
	taken, err := s.Store.Accounts(ctx)
	if err != nil {
		return kite.Account{}, fmt.Errorf("create sandbox account: %w", err)
	}
	a, secrets, err := s.Sandbox.NewAccount(ctx, taken)
	if err != nil {
		return kite.Account{}, fmt.Errorf("create sandbox account: %w", err)
	}
	a.Name = freeName(a.Name, taken)
	return s.Create(ctx, a, kite.SecretChanges{
		Password:  kite.SecretChange{Set: secrets.Password},
		APISecret: kite.SecretChange{Set: secrets.APISecret},
	})
}

func freeName(name string, taken []kite.Account) string {
	used := func(n string) bool {
		return slices.ContainsFunc(taken, func(a kite.Account) bool { return strings.EqualFold(a.Name, n) })
	}
	free := name
	for i := 2; used(free); i++ {
		free = fmt.Sprintf("%s (%d)", name, i)
	}
	return free
}

// Update replaces the account's fields. If that changes whom or what its
// living session belongs to, it returns ECONFIRM unless confirmed, then ends
// the session at Kite and here.
func (s *Service) Update(ctx context.Context, a kite.Account, secrets kite.SecretChanges, confirmed bool) (kite.Account, error) {
	before, err := s.Store.Account(ctx, a.ID)
	if err != nil {
		return kite.Account{}, fmt.Errorf("edit account: %w", err)
	}
	a = normal(a)
	a.CreatedAt, a.LastLoginAt, a.UpdatedAt = before.CreatedAt, before.LastLoginAt, s.Clock.Now()
	if err := s.nameShortly(ctx, &a); err != nil {
		return kite.Account{}, fmt.Errorf("edit account: %w", err)
	}
	if err := s.check(ctx, a, secrets); err != nil {
		return kite.Account{}, err
	}
	if identityChanges(before, a) {
		if err := s.endSession(ctx, before, confirmed); err != nil {
			return kite.Account{}, err
		}
	}
	if err := s.Store.UpdateAccount(ctx, a, secrets); err != nil {
		return kite.Account{}, fmt.Errorf("edit account: %w", err)
	}
	s.changed(a.ID)
	return s.Store.Account(ctx, a.ID)
}

// identityChanges says whether a session of the account before would be
// somebody else's afterwards.
func identityChanges(before, after kite.Account) bool {
	return before.ClientID != after.ClientID || before.APIKey != after.APIKey ||
		before.Type != after.Type || before.Endpoints != after.Endpoints
}

func (s *Service) endSession(ctx context.Context, before kite.Account, confirmed bool) error {
	latest, err := s.Sessions.LatestSession(ctx, before.ID)
	if err != nil {
		return fmt.Errorf("edit account: %w", err)
	}
	if latest == nil || !latest.LiveAt(s.Clock.Now()) {
		return nil
	}
	if !confirmed {
		return kite.Errorf(kite.ECONFIRM, "%s has an active session. This change ends it, here and at Kite.", before.Name).
			WithHint("If Kite can't be reached, its token may live until 06:00 IST.")
	}
	// Secrets answers ELOCKED before anything is ended: the token of a session
	// that ends while the vault is locked would live on at Kite.
	if _, err := s.Store.Secrets(ctx, before.ID); err != nil {
		return fmt.Errorf("edit account: %w", err)
	}
	return s.Ender.LogOut(ctx, before.ID, true)
}

// AllowHost lets the account's login window load a further host.
func (s *Service) AllowHost(ctx context.Context, accountID, host string) (kite.Account, error) {
	a, err := s.Store.Account(ctx, accountID)
	if err != nil {
		return kite.Account{}, fmt.Errorf("allow host: %w", err)
	}
	if !slices.Contains(a.AllowedHosts, host) {
		a.AllowedHosts = append(a.AllowedHosts, host)
	}
	return s.Update(ctx, a, kite.SecretChanges{}, false)
}

// Delete removes the account with its sessions and stored secrets and ends
// a living session at Kite. If Kite can't be told it returns EOFFLINE, unless
// anyway is set.
func (s *Service) Delete(ctx context.Context, accountID string, anyway bool) error {
	s.Logins.Cancel(accountID)
	if err := s.Ender.LogOut(ctx, accountID, anyway); err != nil {
		return fmt.Errorf("delete account: %w", err)
	}
	if err := s.Store.DeleteAccount(ctx, accountID); err != nil {
		return fmt.Errorf("delete account: %w", err)
	}
	s.Log.Info("account deleted", "account", accountID)
	s.changed(accountID)
	return nil
}

// normal brings what was typed into the form that is stored and compared.
func normal(a kite.Account) kite.Account {
	a.Name = norm.NFC.String(strings.TrimSpace(a.Name))
	a.ClientID = strings.ToUpper(strings.TrimSpace(a.ClientID))
	a.PhoneNumber = strings.TrimSpace(a.PhoneNumber)
	a.Slug = strings.ToLower(strings.TrimSpace(a.Slug))
	if a.LoginWay == "" {
		a.LoginWay = kite.LoginInWindow
	}
	a.APIKey = strings.TrimSpace(a.APIKey)
	a.CallbackURL = strings.TrimSpace(a.CallbackURL)
	a.PostbackURL = strings.TrimSpace(a.PostbackURL)
	a.Endpoints.LoginURL = strings.TrimSpace(a.Endpoints.LoginURL)
	a.Endpoints.APIRoot = strings.TrimRight(strings.TrimSpace(a.Endpoints.APIRoot), "/")
	for i, host := range a.AllowedHosts {
		a.AllowedHosts[i] = strings.ToLower(strings.TrimSpace(host))
	}
	a.AllowedHosts = slices.DeleteFunc(a.AllowedHosts, func(h string) bool { return h == "" })
	return a
}

func (s *Service) changed(accountID string) {
	s.Events.Publish(kite.Event{Type: kite.AccountChanged, AccountID: accountID})
}
