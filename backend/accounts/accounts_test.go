package accounts_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/accounts"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

// ender ends sessions in the store, as if Kite had been told, or not.
type ender struct {
	store   kite.SessionStore
	clock   kite.Clock
	offline bool
	ended   []string
}

func (e *ender) LogOut(ctx context.Context, accountID string, anyway bool) error {
	latest, err := e.store.LatestSession(ctx, accountID)
	if err != nil || latest == nil {
		return err
	}
	if e.offline && !anyway {
		return kite.Errorf(kite.EOFFLINE, "Kite couldn't be told.")
	}
	e.ended = append(e.ended, accountID)
	return e.store.EndSession(ctx, latest.ID, kite.EndedLoggedOut, e.clock.Now())
}

type canceler struct{ cancelled []string }

func (c *canceler) Cancel(id string) { c.cancelled = append(c.cancelled, id) }

type bench struct {
	*accounts.Service
	t      *testing.T
	ender  *ender
	cancel *canceler
	events *kitetest.Events
	sealer *kitetest.Sealer
}

func newBench(t *testing.T) bench {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	clock, sealer, events, cancel := kitetest.NewClock(kitetest.Morning), &kitetest.Sealer{}, &kitetest.Events{}, &canceler{}
	e := &ender{store: db.Sessions(sealer), clock: clock}
	return bench{t: t, ender: e, cancel: cancel, events: events, sealer: sealer, Service: &accounts.Service{
		Store: db.Accounts(sealer), Sessions: e.store, Ender: e, Logins: cancel, Clock: clock, Events: events, Log: slog.New(slog.DiscardHandler),
	}}
}

func (b bench) create(id string) kite.Account {
	b.t.Helper()
	secrets := kite.SecretChanges{APISecret: kite.SecretChange{Set: kite.NewSecret("secret")}}
	a, err := b.Create(b.t.Context(), kitetest.Account(id), secrets)
	if err != nil {
		b.t.Fatal(err)
	}
	return a
}

func (b bench) logIn(a kite.Account) {
	b.t.Helper()
	if err := b.Sessions.SaveSession(b.t.Context(), kitetest.Session("s-"+a.ID, a, kitetest.Morning), kitetest.Tokens("1")); err != nil {
		b.t.Fatal(err)
	}
}

func TestCreate_brings_input_into_its_form(t *testing.T) {
	b := newBench(t)
	in := kitetest.Account("one")
	in.Name, in.ClientID, in.APIKey, in.CallbackURL = "  Cafe\u0301 ", " ab1234 ", " key12345 ", " http://127.0.0.1:51730/kite/callback "
	a, err := b.Create(t.Context(), in, kite.SecretChanges{})
	if err != nil || a.Name != "Caf\u00e9" || a.ClientID != "AB1234" || a.APIKey != "key12345" || a.CallbackURL != "http://127.0.0.1:51730/kite/callback" {
		t.Errorf("account = %+v, %v", a, err)
	}
	if a.ID == "one" || a.ID == "" {
		t.Errorf("id = %q, want a random one", a.ID)
	}
	b.events.WaitFor(t, kite.Event{Type: kite.AccountChanged, AccountID: a.ID})
}

func TestCreate_saves_nothing_bad(t *testing.T) {
	b := newBench(t)
	in := kitetest.Account("one")
	in.ClientID = "no spaces allowed"
	if _, err := b.Create(t.Context(), in, kite.SecretChanges{}); kite.AsError(err).Field != "clientId" {
		t.Errorf("Create = %v", err)
	}
	if list, err := b.Store.Accounts(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("list = %+v, %v", list, err)
	}
}

func TestCheck_names_every_field_that_is_wrong(t *testing.T) {
	b := newBench(t)
	one := b.create("one")
	in := kitetest.Account("two")
	in.Name, in.ClientID, in.APIKey, in.CallbackURL = one.Name, one.ClientID, one.APIKey, "http://example.com/"
	problems, err := b.Check(t.Context(), in, kite.SecretChanges{APISecret: kite.SecretChange{Set: kite.NewSecret("line\nbreak")}})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, p := range problems {
		found[p.Field] = true
	}
	for _, field := range []string{"accountName", "clientId", "callbackUrl", "apiSecret"} {
		if !found[field] {
			t.Errorf("nothing about %s in %v", field, problems)
		}
	}
	if again, err := b.Check(t.Context(), one, kite.SecretChanges{}); err != nil || len(again) != 0 {
		t.Errorf("an account clashes with itself: %v, %v", again, err)
	}
}

func TestUpdate_asks_before_a_session_becomes_somebody_elses(t *testing.T) {
	for name, change := range map[string]func(*kite.Account){
		"client ID": func(a *kite.Account) { a.ClientID = "ZZ9999" },
		"API key":   func(a *kite.Account) { a.APIKey = "anotherkey1" },
		"type":      func(a *kite.Account) { a.Type = kite.Sandbox },
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			a := b.create("one")
			b.logIn(a)
			change(&a)
			if _, err := b.Update(t.Context(), a, kite.SecretChanges{}, false); kite.ErrorCode(err) != kite.ECONFIRM {
				t.Fatalf("Update = %v", err)
			}
			if len(b.ender.ended) != 0 {
				t.Error("the session was ended unasked")
			}
			if _, err := b.Update(t.Context(), a, kite.SecretChanges{}, true); err != nil || len(b.ender.ended) != 1 {
				t.Errorf("Update confirmed = %v, ended %q", err, b.ender.ended)
			}
		})
	}
	t.Run("and not while the vault is locked", func(t *testing.T) {
		b := newBench(t)
		a := b.create("one")
		b.logIn(a)
		b.sealer.Locked = true
		a.ClientID = "ZZ9999"
		if _, err := b.Update(t.Context(), a, kite.SecretChanges{APISecret: kite.SecretChange{Set: kite.NewSecret("new")}}, true); kite.ErrorCode(err) != kite.ELOCKED || len(b.ender.ended) != 0 {
			t.Errorf("Update = %v, ended %q", err, b.ender.ended)
		}
	})
	t.Run("but not for another name", func(t *testing.T) {
		b := newBench(t)
		a := b.create("one")
		b.logIn(a)
		a.Name = "Renamed"
		if got, err := b.Update(t.Context(), a, kite.SecretChanges{}, false); err != nil || got.Name != "Renamed" || len(b.ender.ended) != 0 {
			t.Errorf("Update = %+v, %v", got, err)
		}
	})
}

func TestDelete(t *testing.T) {
	b := newBench(t)
	a := b.create("one")
	b.logIn(a)
	b.ender.offline = true
	if err := b.Delete(t.Context(), a.ID, false); kite.ErrorCode(err) != kite.EOFFLINE {
		t.Errorf("Delete offline = %v", err)
	}
	if _, err := b.Store.Account(t.Context(), a.ID); err != nil {
		t.Errorf("it was deleted: %v", err)
	}
	if err := b.Delete(t.Context(), a.ID, true); err != nil || len(b.cancel.cancelled) == 0 {
		t.Errorf("Delete anyway = %v, cancelled %q", err, b.cancel.cancelled)
	}
	if _, err := b.Store.Account(t.Context(), a.ID); kite.ErrorCode(err) != kite.ENOTFOUND {
		t.Errorf("Account = %v", err)
	}
}

func TestAllowHost(t *testing.T) {
	b := newBench(t)
	a := b.create("one")
	for range 2 {
		got, err := b.AllowHost(t.Context(), a.ID, "cdn.example.com")
		if err != nil || len(got.AllowedHosts) != 1 {
			t.Errorf("AllowHost = %q, %v", got.AllowedHosts, err)
		}
	}
	if _, err := b.AllowHost(t.Context(), a.ID, "not a host"); kite.AsError(err).Field != "allowedHosts" {
		t.Errorf("AllowHost = %v", err)
	}
}
