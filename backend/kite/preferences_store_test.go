package kite_test

import (
	"errors"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

func settings(t *testing.T) (*sqlite.DB, kite.Settings) {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db, db.Settings()
}

func TestPreferences_are_kept(t *testing.T) {
	_, s := settings(t)
	if p, err := kite.LoadPreferences(t.Context(), s); err != nil || !reflect.DeepEqual(p, kite.DefaultPreferences()) {
		t.Errorf("at first: %+v, %v", p, err)
	}
	want := kite.DefaultPreferences()
	want.Theme, want.LeadMinutes, want.TellExpired, want.HistoryDays = "dark", []int{30, 60, 30}, false, 0
	want.HolidaysAdded = []kite.NamedDay{{Date: "2027-01-26", Name: "Republic Day"}}
	if err := kite.SavePreferences(t.Context(), s, want); err != nil {
		t.Fatal(err)
	}
	want.LeadMinutes = []int{60, 30}
	if p, err := kite.LoadPreferences(t.Context(), s); err != nil || !reflect.DeepEqual(p, want) {
		t.Errorf("got  %+v, %v\nwant %+v", p, err, want)
	}
}

func TestPreferences_no_reminders_stay_none(t *testing.T) {
	_, s := settings(t)
	none := kite.DefaultPreferences()
	none.LeadMinutes = nil
	if err := kite.SavePreferences(t.Context(), s, none); err != nil {
		t.Fatal(err)
	}
	if p, err := kite.LoadPreferences(t.Context(), s); err != nil || p.LeadMinutes == nil || len(p.LeadMinutes) != 0 {
		t.Errorf("leads = %#v, %v", p.LeadMinutes, err)
	}
}

func TestPreferences_of_an_older_program_get_the_defaults_of_new_fields(t *testing.T) {
	_, s := settings(t)
	if err := s.SetSetting(t.Context(), kite.PreferencesKey, `{"theme":"light","leadMinutes":null,"quietTo":300,"gone":1}`); err != nil {
		t.Fatal(err)
	}
	want := kite.DefaultPreferences()
	want.Theme, want.LeadMinutes, want.QuietTo = "light", []int{}, 300
	if p, err := kite.LoadPreferences(t.Context(), s); err != nil || !reflect.DeepEqual(p, want) {
		t.Errorf("got  %+v, %v\nwant %+v", p, err, want)
	}
}

func TestPreferences_that_are_spoiled_are_the_defaults_and_an_error(t *testing.T) {
	_, s := settings(t)
	for name, text := range map[string]string{
		"no JSON": `{"theme":"dark"`, "another type": `{"theme":"dark","morningAt":"08:30"}`, "no such choice": `{"theme":"dark","quietFrom":-1}`,
	} {
		if err := s.SetSetting(t.Context(), kite.PreferencesKey, text); err != nil {
			t.Fatal(err)
		}
		p, err := kite.LoadPreferences(t.Context(), s)
		if kite.ErrorCode(err) != kite.EDATA || !reflect.DeepEqual(p, kite.DefaultPreferences()) {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
}

func TestPreferences_that_cannot_be_read_or_chosen(t *testing.T) {
	db, s := settings(t)
	bad := kite.DefaultPreferences()
	bad.Theme = "pink"
	if err := kite.SavePreferences(t.Context(), s, bad); kite.ErrorCode(err) != kite.EINVALID {
		t.Errorf("SavePreferences = %v", err)
	}
	if text, err := s.Setting(t.Context(), kite.PreferencesKey); text != "" || err != nil {
		t.Errorf("stored: %q, %v", text, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	p, err := kite.LoadPreferences(t.Context(), s)
	if e := (*kite.Error)(nil); err == nil || errors.As(err, &e) || !reflect.DeepEqual(p, kite.DefaultPreferences()) {
		t.Errorf("from a closed database: %+v, %v", p, err)
	}
	if err := kite.SavePreferences(t.Context(), s, kite.DefaultPreferences()); err == nil {
		t.Error("saved to a closed database")
	}
}
