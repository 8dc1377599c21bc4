package kite

import (
	"context"
	"encoding/json"
	"fmt"
)

// LoadPreferences reads what the user chose; what was never chosen, or didn't
// exist when it was, has its default. With an error, which is for the log, the
// preferences are the defaults, so that a reader can always go on: EDATA if
// what is stored makes no sense, else the store's own.
func LoadPreferences(ctx context.Context, settings Settings) (Preferences, error) {
	text, err := settings.Setting(ctx, PreferencesKey)
	if err != nil {
		return DefaultPreferences(), fmt.Errorf("load preferences: %w", err)
	}
	p := DefaultPreferences()
	if text == "" {
		return p, nil
	}
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return DefaultPreferences(), spoiledPreferences(err)
	}
	if err := p.Check(); err != nil {
		return DefaultPreferences(), spoiledPreferences(err)
	}
	return p.Normal(), nil
}

func spoiledPreferences(err error) error {
	return fmt.Errorf("load preferences: %w", Errorf(EDATA, "The stored preferences can't be read, so the defaults hold.").
		WithHint("Set them again on the preferences page.").Because(err))
}

// SavePreferences checks and keeps them; EINVALID as of Check.
func SavePreferences(ctx context.Context, settings Settings, p Preferences) error {
	if err := p.Check(); err != nil {
		return fmt.Errorf("save preferences: %w", err)
	}
	text, err := json.Marshal(p.Normal())
	if err != nil {
		return fmt.Errorf("save preferences: %w", err)
	}
	if err := settings.SetSetting(ctx, PreferencesKey, string(text)); err != nil {
		return fmt.Errorf("save preferences: %w", err)
	}
	return nil
}
