package backup_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/backup"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
)

// everyField is an account with a value in each field, and a session with one
// in each that a living one has.
func everyField() backup.Entry {
	e := withSession(entry("every"), "every")
	a := &e.Account
	a.Type, a.TTL, a.PostbackURL, a.LoginWay = kite.Sandbox, 90*time.Minute, "https://example.com/postback", kite.LoginByPaste
	a.Endpoints = kite.Endpoints{LoginURL: "http://127.0.0.1:9/login", APIRoot: "http://127.0.0.1:9/api"}
	a.UpdatedAt = a.CreatedAt.Add(time.Millisecond)
	session := kitetest.Session(id("session"), *a, kitetest.Morning.Add(time.Minute))
	session.CreatedAt, session.VerifiedAt = session.LoginTime.Add(time.Second), session.LoginTime.Add(time.Hour)
	e.Session, e.Tokens.Refresh = &session, kite.NewSecret("refresh")
	return e
}

func zeroFields(v any) []string {
	var zero []string
	value := reflect.ValueOf(v)
	for i := range value.NumField() {
		if value.Field(i).IsZero() {
			zero = append(zero, value.Type().Field(i).Name)
		}
	}
	return zero
}

func TestRead_gives_every_field(t *testing.T) {
	want := everyField()
	if zero := zeroFields(want.Account); len(zero) > 0 {
		t.Fatalf("fields of an account that this test doesn't fill: %q", zero)
	}
	if zero := zeroFields(*want.Session); !reflect.DeepEqual(zero, []string{"EndedReason", "EndedAt"}) {
		t.Fatalf("fields of a session that this test doesn't fill: %q", zero)
	}
	archive, err := read(written(t, archiveOf(want)))
	if err != nil {
		t.Fatal(err)
	}
	got := archive.Accounts[0]
	if !reflect.DeepEqual(got.Account, want.Account) {
		t.Errorf("got  %+v\nwant %+v", got.Account, want.Account)
	}
	if !reflect.DeepEqual(got.Session, want.Session) {
		t.Errorf("got  %+v\nwant %+v", got.Session, want.Session)
	}
	if !reflect.DeepEqual(got.Tokens, want.Tokens) || !reflect.DeepEqual(got.Secrets, want.Secrets) {
		t.Error("a secret differs")
	}
	to := newComputer(t)
	to.restore(t, archive, backup.Merge)
	if err := same(archiveOf(to.collect(t, false).Accounts...), archiveOf(backup.Entry{Account: afterLogin(want), Secrets: want.Secrets})); err != nil {
		t.Error(err)
	}
}

// afterLogin is the account after its session was restored.
func afterLogin(e backup.Entry) kite.Account {
	e.Account.LastLoginAt = e.Session.LoginTime
	return e.Account
}

func TestPlan_sees_a_change_of_any_field(t *testing.T) {
	kept := map[string]bool{"ID": true, "HasPassword": true, "HasAPISecret": true, "LastLoginAt": true, "CreatedAt": true, "UpdatedAt": true}
	change := map[string]any{
		"Name": "Other", "Slug": "other", "ClientID": "OTHER1", "PhoneNumber": "", "APIKey": "otherkey", "CallbackURL": "https://example.com/other",
		"PostbackURL": "", "Endpoints": kite.Endpoints{}, "TTL": time.Hour, "AllowedHosts": []string{}, "LoginWay": kite.LoginInWindow,
		"Type": kite.Live,
	}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[kite.Account]()) {
		if kept[field.Name] {
			continue
		}
		to, is := change[field.Name]
		if !is {
			t.Errorf("a change of %s isn't tried", field.Name)
			continue
		}
		here, there := everyField(), everyField()
		if field.Name == "Type" { // a live one has no endpoints and a day's lifetime
			here.Account.Endpoints, here.Account.TTL = kite.Endpoints{}, kite.DefaultTTL
			there.Account.Endpoints, there.Account.TTL = kite.Endpoints{}, kite.DefaultTTL
		}
		there.Session = nil
		reflect.ValueOf(&there.Account).Elem().FieldByName(field.Name).Set(reflect.ValueOf(to))
		p := mustPlan(t, existing(here), archiveOf(there), backup.Merge)
		if p.Counts != (backup.Counts{Update: 1}) {
			t.Errorf("%s: %s", field.Name, lines(p))
		}
	}
}

func TestPlan_of_ten_thousand_that_want_one_slug_is_quick(t *testing.T) {
	var many []backup.Entry
	for i := range backup.MaxAccounts {
		e := numbered(i)
		e.Account.Name, e.Account.Slug, e.Account.ClientID = string([]rune{'अ' + rune(i%50), 'अ' + rune(i/50%50), 'अ' + rune(i/2500)}), "", "AB1234"
		e.Account.APIKey = e.Account.ID[:8] + e.Account.ID[9:13]
		many = append(many, e)
	}
	begun := time.Now()
	if p := mustPlan(t, nil, archiveOf(many...), backup.Merge); p.Counts.Add != len(many) {
		t.Errorf("%+v", p.Counts)
	}
	if took := time.Since(begun); took > 30*time.Second {
		t.Errorf("it took %v", took)
	}
}
