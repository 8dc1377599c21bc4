package kitetest

import "testing"

// SettingsSuite is the contract of kite.Settings. open returns empty stores.
func SettingsSuite(t *testing.T, open func(*testing.T) Stores) {
	s := open(t)
	s.expectSetting(t, "view", "")
	for _, value := range []string{"list", "'cards'\n👍", ""} {
		if err := s.Settings.SetSetting(t.Context(), "view", value); err != nil {
			t.Fatal(err)
		}
		s.expectSetting(t, "view", value)
		s.expectSetting(t, "VIEW", "")
	}
}

func (s Stores) expectSetting(t *testing.T, key, want string) {
	t.Helper()
	if got, err := s.Settings.Setting(t.Context(), key); err != nil || got != want {
		t.Errorf("%s = %q, %v, want %q", key, got, err, want)
	}
}
