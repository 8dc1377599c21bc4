package main

import (
	"encoding/json"
	"errors"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
	"github.com/kiteaccounts/kite-accounts/backend/view"
)

// SettingsService opens the vault and keeps what the window remembers.
type SettingsService struct{ shell }

// Vault tells what the vault needs.
func (s *SettingsService) Vault() (v view.Vault, err error) {
	defer s.guard("Vault", &err)
	services, _, err := s.services()
	if err != nil {
		return v, err
	}
	state, provider := services.Vault.State()
	return view.Vault{State: string(state), Provider: provider, CanCreatePassphrase: services.Vault.MayCreate()}, nil
}

// UnlockVault lets the desktop ask the user to unlock the keyring.
func (s *SettingsService) UnlockVault() (err error) {
	defer s.guard("UnlockVault", &err)
	services, ctx, err := s.services()
	if err != nil {
		return err
	}
	return services.Vault.Unlock(ctx)
}

// RetryVault asks the keyring again, without a prompt.
func (s *SettingsService) RetryVault() (err error) {
	defer s.guard("RetryVault", &err)
	services, ctx, err := s.services()
	if err != nil {
		return err
	}
	return services.Vault.Retry(ctx)
}

// OpenVaultWithPassphrase opens a passphrase-protected vault.
func (s *SettingsService) OpenVaultWithPassphrase(passphrase string) (err error) {
	defer s.guard("OpenVaultWithPassphrase", &err)
	services, ctx, err := s.services()
	if err != nil {
		return err
	}
	return services.Vault.OpenWithPassphrase(ctx, kite.NewSecret(passphrase))
}

// CreatePassphraseVault protects a new vault with a passphrase.
func (s *SettingsService) CreatePassphraseVault(passphrase string) (err error) {
	defer s.guard("CreatePassphraseVault", &err)
	services, ctx, err := s.services()
	if err != nil {
		return err
	}
	return services.Vault.CreateWithPassphrase(ctx, kite.NewSecret(passphrase))
}

// StartOver renames the database and begins an empty one.
func (s *SettingsService) StartOver(phrase string) (err error) {
	defer s.guard("StartOver", &err)
	return s.app.program.StartOver(s.app.context(), phrase)
}

// DataProblem tells why the database can't be used, after trying once more;
// null if it can.
func (s *SettingsService) DataProblem() (problem *view.DataProblem, err error) {
	defer s.guard("DataProblem", &err)
	s.app.program.Retry(s.app.context())
	_, _, openErr := s.services()
	if openErr == nil {
		return nil, nil
	}
	problem = &view.DataProblem{Failure: view.FailureOf(openErr), Kind: "other", Path: s.app.dir.Database()}
	var cause *sqlite.Problem
	if errors.As(openErr, &cause) {
		problem.Kind, problem.Path = string(cause.Kind), cause.Path
	}
	return problem, nil
}

// Clock tells the program's time and the user's zone.
func (s *SettingsService) Clock() (c view.Clock, err error) {
	defer s.guard("Clock", &err)
	now := s.app.clock.Now()
	zone, offset := now.In(s.app.clock.Zone()).Zone()
	_, india := now.In(kite.IST).Zone()
	return view.Clock{Now: now.UnixMilli(), Zone: zone, OffsetMinutes: offset / 60, InIndia: offset == india}, nil
}

// links are the pages the window may open, by topic: the page can't name an
// address of its own.
var links = map[string]string{
	"kite":             "https://kite.zerodha.com/",
	"console":          "https://console.zerodha.com/",
	"developerConsole": "https://developers.kite.trade/apps",
	"apiDocs":          "https://kite.trade/docs/connect/v3/",
	"forum":            "https://kite.trade/forum/",
}

// OpenLink opens one of the known pages in the system browser.
func (s *SettingsService) OpenLink(topic string) (err error) {
	defer s.guard("OpenLink", &err)
	url, known := links[topic]
	if !known {
		return kite.Errorf(kite.EINVALID, "There is no such page.")
	}
	return s.app.browse(url)
}

// CopyText puts a text that is no secret on the clipboard.
func (s *SettingsService) CopyText(text string) (err error) {
	defer s.guard("CopyText", &err)
	_, err = s.app.copy(kite.NewSecret(text), false)
	return err
}

// listPreferencesKey is where they are kept, as JSON.
const listPreferencesKey = "list"

// ListPreferences tells how the list was last shown.
func (s *SettingsService) ListPreferences() (p view.ListPreferences, err error) {
	defer s.guard("ListPreferences", &err)
	p = view.ListPreferences{View: "cards", Sort: "name"}
	services, ctx, err := s.services()
	if err != nil {
		return p, err
	}
	text, err := services.Settings.Setting(ctx, listPreferencesKey)
	if err != nil || text == "" {
		return p, err
	}
	return p, json.Unmarshal([]byte(text), &p)
}

// SetListPreferences remembers how the list is shown.
func (s *SettingsService) SetListPreferences(p view.ListPreferences) (err error) {
	defer s.guard("SetListPreferences", &err)
	services, ctx, err := s.services()
	if err != nil {
		return err
	}
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return services.Settings.SetSetting(ctx, listPreferencesKey, string(text))
}
