package program

import (
	"context"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Preferences are what the user chose. What can't be read counts as never
// chosen: no reminder may be lost to a damaged setting.
func (s *Services) Preferences(ctx context.Context) (kite.Preferences, error) {
	p, err := kite.LoadPreferences(ctx, s.Settings)
	if kite.ErrorCode(err) == kite.EDATA {
		s.log.Warn("preferences not read, the defaults hold", "error", err)
		err = nil
	}
	return p, err
}

// SetPreferences stores them and tells everybody; EINVALID with Field.
func (s *Services) SetPreferences(ctx context.Context, p kite.Preferences) (kite.Preferences, error) {
	if err := kite.SavePreferences(ctx, s.Settings, p); err != nil {
		return p, err
	}
	s.events.Publish(kite.Event{Type: kite.PreferencesChanged})
	return p.Normal(), nil
}

func (s *Services) changePreferences(ctx context.Context, change func(*kite.Preferences)) error {
	p, err := s.Preferences(ctx)
	if err != nil {
		return err
	}
	change(&p)
	_, err = s.SetPreferences(ctx, p)
	return err
}

// OnClose is what closing the window does. Without accounts there is nothing
// to watch and nothing to ask.
func (s *Services) OnClose(ctx context.Context) kite.CloseChoice {
	p, err := s.Preferences(ctx)
	if err != nil {
		return kite.CloseStays
	}
	if p.OnClose != kite.CloseAsks {
		return p.OnClose
	}
	accounts, err := s.Accounts.Store.Accounts(ctx)
	if err == nil && len(accounts) == 0 {
		return kite.CloseQuits
	}
	return kite.CloseAsks
}

// RememberClose keeps the answer to the question at the first close.
func (s *Services) RememberClose(ctx context.Context, choice kite.CloseChoice) error {
	return s.changePreferences(ctx, func(p *kite.Preferences) { p.OnClose = choice })
}

// MayOfferAutostart says whether to offer the start with the computer: once,
// after the first session.
func (s *Services) MayOfferAutostart(ctx context.Context) bool {
	p, err := s.Preferences(ctx)
	if err != nil || p.AutostartOffered {
		return false
	}
	latest, err := s.Sessions.Sessions.LatestSessions(ctx)
	return err == nil && len(latest) > 0
}

// AutostartAnswered remembers that the offer was made.
func (s *Services) AutostartAnswered(ctx context.Context) error {
	err := s.changePreferences(ctx, func(p *kite.Preferences) { p.AutostartOffered = true })
	s.events.Publish(kite.Event{Type: kite.DesktopChanged})
	return err
}
