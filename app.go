package main

import (
	"context"
	"runtime/debug"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/program"
	"github.com/kiteaccounts/kite-accounts/backend/view"
)

// What the page can call. Every exported method of AccountService,
// SessionService, SettingsService, DesktopService, HistoryService,
// ProgramService and UpdateService is reachable by page script, so they hold nothing else: a method calls one
// service and shapes the answer. Life cycle
// and window are in window.go.

// shell is what the bound structs share.
type shell struct{ app *app }

// services are the use cases, or the error that keeps the database closed.
func (s shell) services() (*program.Services, context.Context, error) {
	ctx := s.app.context()
	services, err := s.app.program.Services(ctx)
	return services, ctx, err
}

// sealing are the use cases once it is known whether the vault is open, for
// what a press in the window's first moments would find locked otherwise.
func (s shell) sealing() (*program.Services, context.Context, error) {
	services, ctx, err := s.services()
	if err == nil {
		services.Vault.Settle(ctx)
	}
	return services, ctx, err
}

// guard answers a panic with an error, since Wails would log the arguments and
// leave the page waiting for ever, and logs the cause of every error.
func (s shell) guard(method string, err *error) {
	if r := recover(); r != nil {
		s.app.log.Error("bound method panicked", "method", method, "stack", string(debug.Stack()))
		*err = kite.Errorf(kite.EINTERNAL, "Something went wrong inside Kite Accounts.").
			WithHint("Try again. The log has the details.")
		return
	}
	if *err != nil {
		s.app.log.Warn("request not fulfilled", "method", method, "error", *err)
	}
}

// AccountService keeps accounts for the page.
type AccountService struct{ shell }

// Accounts returns all accounts as their cards show them.
func (s *AccountService) Accounts() (list []view.LiveAccount, err error) {
	defer s.guard("Accounts", &err)
	services, ctx, err := s.services()
	if err != nil {
		return nil, err
	}
	return services.LiveAccounts(ctx)
}

// Account returns one account as its card shows it.
func (s *AccountService) Account(accountID string) (a view.LiveAccount, err error) {
	defer s.guard("Account", &err)
	services, ctx, err := s.services()
	if err != nil {
		return a, err
	}
	return services.LiveAccount(ctx, accountID)
}

// ValidateAccount returns a sentence for each form field that can't be saved.
func (s *AccountService) ValidateAccount(accountID string, input view.AccountInput) (problems map[string]string, err error) {
	defer s.guard("ValidateAccount", &err)
	services, ctx, err := s.services()
	if err != nil {
		return nil, err
	}
	found, err := services.Accounts.Check(ctx, input.Account(accountID), input.Secrets())
	problems = map[string]string{}
	for _, p := range found {
		if _, has := problems[p.Field]; !has {
			problems[p.Field] = p.Message
		}
	}
	return problems, err
}

// CreateAccount stores a new account.
func (s *AccountService) CreateAccount(input view.AccountInput) (a view.LiveAccount, err error) {
	defer s.guard("CreateAccount", &err)
	services, ctx, err := s.sealing()
	if err != nil {
		return a, err
	}
	created, err := services.Accounts.Create(ctx, input.Account(""), input.Secrets())
	if err != nil {
		return a, err
	}
	return services.LiveAccount(ctx, created.ID)
}

// CreateSandboxAccount stores a ready account of the embedded sandbox.
func (s *AccountService) CreateSandboxAccount() (a view.LiveAccount, err error) {
	defer s.guard("CreateSandboxAccount", &err)
	services, ctx, err := s.sealing()
	if err != nil {
		return a, err
	}
	created, err := services.Accounts.CreateSandbox(ctx)
	if err != nil {
		return a, err
	}
	return services.LiveAccount(ctx, created.ID)
}

// UpdateAccount replaces an account's fields; ECONFIRM if that ends a session.
func (s *AccountService) UpdateAccount(accountID string, input view.AccountInput, confirmed bool) (a view.LiveAccount, err error) {
	defer s.guard("UpdateAccount", &err)
	services, ctx, err := s.sealing()
	if err != nil {
		return a, err
	}
	if _, err := services.Accounts.Update(ctx, input.Account(accountID), input.Secrets(), confirmed); err != nil {
		return a, err
	}
	return services.LiveAccount(ctx, accountID)
}

// DeleteAccount removes an account; EOFFLINE if its session can't be ended at
// Kite, unless anyway is set.
func (s *AccountService) DeleteAccount(accountID string, anyway bool) (err error) {
	defer s.guard("DeleteAccount", &err)
	services, ctx, err := s.sealing()
	if err != nil {
		return err
	}
	return services.Accounts.Delete(ctx, accountID, anyway)
}

// AllowHost lets the account's login window load a further host.
func (s *AccountService) AllowHost(accountID, host string) (a view.LiveAccount, err error) {
	defer s.guard("AllowHost", &err)
	services, ctx, err := s.services()
	if err != nil {
		return a, err
	}
	if _, err := services.Accounts.AllowHost(ctx, accountID, host); err != nil {
		return a, err
	}
	return services.LiveAccount(ctx, accountID)
}

// SessionService logs in and out and gives out what a session is for.
type SessionService struct{ shell }

// GetSessionToken starts a login in the account's way and returns at once;
// ECONFIRM if a token that still works would end.
func (s *SessionService) GetSessionToken(accountID string, confirmed bool) (err error) {
	defer s.guard("GetSessionToken", &err)
	services, ctx, err := s.sealing()
	if err != nil {
		return err
	}
	return services.Login.Start(ctx, accountID, confirmed)
}

// LogInWith starts a login in another way than the account's own, this once:
// window, browser or paste. It returns at once; errors as GetSessionToken.
func (s *SessionService) LogInWith(accountID, way string, confirmed bool) (err error) {
	defer s.guard("LogInWith", &err)
	services, ctx, err := s.sealing()
	if err != nil {
		return err
	}
	return services.Login.StartWith(ctx, accountID, kite.LoginWay(way), confirmed)
}

// CancelLogin stops the account's login.
func (s *SessionService) CancelLogin(accountID string) (err error) {
	defer s.guard("CancelLogin", &err)
	services, _, err := s.services()
	if err == nil {
		services.Login.Cancel(accountID)
	}
	return err
}

// FocusLogin raises the account's login window.
func (s *SessionService) FocusLogin(accountID string) (err error) {
	defer s.guard("FocusLogin", &err)
	services, _, err := s.services()
	if err == nil {
		services.Login.Focus(accountID)
	}
	return err
}

// DismissFailure forgets how the account's last login failed.
func (s *SessionService) DismissFailure(accountID string) (err error) {
	defer s.guard("DismissFailure", &err)
	services, _, err := s.services()
	if err == nil {
		services.Login.DismissFailure(accountID)
	}
	return err
}

// OpenBrowserLogin opens the login in the system browser.
func (s *SessionService) OpenBrowserLogin(accountID string, confirmed bool) (err error) {
	defer s.guard("OpenBrowserLogin", &err)
	services, ctx, err := s.sealing()
	if err != nil {
		return err
	}
	return services.Login.OpenBrowser(ctx, accountID, confirmed)
}

// SubmitRedirect takes what the user pasted of a browser login: the redirect
// URL, or its request_token alone.
func (s *SessionService) SubmitRedirect(accountID, redirectURL string) (err error) {
	defer s.guard("SubmitRedirect", &err)
	services, ctx, err := s.sealing()
	if err != nil {
		return err
	}
	return services.Login.Submit(ctx, accountID, redirectURL)
}

// LogOut ends the account's session; EOFFLINE if Kite can't be told, unless
// anyway is set.
func (s *SessionService) LogOut(accountID string, anyway bool) (err error) {
	defer s.guard("LogOut", &err)
	services, ctx, err := s.sealing()
	if err != nil {
		return err
	}
	return services.Sessions.LogOut(ctx, accountID, anyway)
}

// TestConnection fetches the profile with the account's token.
func (s *SessionService) TestConnection(accountID string) (result view.TestResult, err error) {
	defer s.guard("TestConnection", &err)
	services, ctx, err := s.sealing()
	if err != nil {
		return result, err
	}
	test, err := services.Sessions.Test(ctx, accountID)
	return view.TestResultOf(test), err
}

// Credentials shows how to use the session, with the token masked.
func (s *SessionService) Credentials(accountID string) (c view.Credentials, err error) {
	defer s.guard("Credentials", &err)
	services, ctx, err := s.sealing()
	if err != nil {
		return c, err
	}
	credentials, err := services.Sessions.Credentials(ctx, accountID)
	return view.CredentialsOf(credentials), err
}

// LogInAll logs in one account after another: those that need it, or the given
// ones; ECONFIRM if a living token would end or Kite is clearing tokens.
func (s *SessionService) LogInAll(accountIDs []string, confirmed bool) (r view.Round, err error) {
	defer s.guard("LogInAll", &err)
	services, ctx, err := s.sealing()
	if err != nil {
		return r, err
	}
	if err := services.LogInAll(ctx, accountIDs, confirmed); err != nil {
		return r, err
	}
	return view.RoundOf(services.Login.Round()), nil
}

// Round is Log in all as it stands.
func (s *SessionService) Round() (r view.Round, err error) {
	defer s.guard("Round", &err)
	services, _, err := s.services()
	if err != nil {
		return r, err
	}
	return view.RoundOf(services.Login.Round()), nil
}

// SkipLogin closes the running window of the round and goes on.
func (s *SessionService) SkipLogin() (err error) {
	defer s.guard("SkipLogin", &err)
	services, _, err := s.services()
	if err == nil {
		services.Login.SkipStep()
	}
	return err
}

// StopRound closes the running window and leaves the rest.
func (s *SessionService) StopRound() (err error) {
	defer s.guard("StopRound", &err)
	services, _, err := s.services()
	if err == nil {
		services.Login.StopRound()
	}
	return err
}

// DismissRound forgets the summary.
func (s *SessionService) DismissRound() (err error) {
	defer s.guard("DismissRound", &err)
	services, _, err := s.services()
	if err == nil {
		services.Login.DismissRound()
	}
	return err
}

// CheckAll asks Kite after every living session.
func (s *SessionService) CheckAll() (sum view.CheckSummary, err error) {
	defer s.guard("CheckAll", &err)
	services, ctx, err := s.sealing()
	if err != nil {
		return sum, err
	}
	summary, err := services.Sessions.CheckAll(ctx)
	return view.CheckSummaryOf(summary), err
}

// Reveal returns one secret in clear: password, apiSecret or accessToken.
func (s *SessionService) Reveal(accountID, field string) (value string, err error) {
	defer s.guard("Reveal", &err)
	services, ctx, err := s.sealing()
	if err != nil {
		return "", err
	}
	secret, err := services.Reveal(ctx, accountID, field)
	return secret.Reveal(), err
}

// Copy puts one item on the clipboard without the page seeing it.
func (s *SessionService) Copy(accountID, item string) (copied view.Copied, err error) {
	defer s.guard("Copy", &err)
	services, ctx, err := s.sealing()
	if err != nil {
		return copied, err
	}
	value, secret, err := services.Copy(ctx, accountID, item)
	if err != nil {
		return copied, err
	}
	return s.app.copy(value, secret)
}
