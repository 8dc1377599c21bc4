package expiry_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/expiry"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

// bench is a watch over a real database, a clock set by hand and a notifier
// that writes down what it shows.
type bench struct {
	*expiry.Watch
	t        *testing.T
	path     string
	clock    *kitetest.Clock
	events   *kitetest.Events
	screen   *kitetest.Notifier
	verifier *verifier
	db       *sqlite.DB
	made     int // sessions
	accounts int
}

// verifier answers for every session unless told otherwise.
type verifier struct {
	asked []string
	err   error
	hold  chan struct{} // answers come once it is closed
}

func (v *verifier) VerifyAll(_ context.Context, accountIDs []string, answered func(string, error)) {
	v.asked = append(v.asked, accountIDs...)
	if v.hold != nil {
		<-v.hold
	}
	for _, id := range accountIDs {
		answered(id, v.err)
	}
}

func at(month time.Month, day, hour, minute int) time.Time {
	return time.Date(2026, month, day, hour, minute, 0, 0, kite.IST)
}

func newBench(t *testing.T, now time.Time) *bench {
	t.Helper()
	b := &bench{
		t: t, path: filepath.Join(t.TempDir(), "test.db"), clock: kitetest.NewClock(now),
		events: &kitetest.Events{}, screen: &kitetest.Notifier{}, verifier: &verifier{},
	}
	b.restart()
	return b
}

// restart is another process over the same database and desktop.
func (b *bench) restart() {
	b.t.Helper()
	if b.db != nil {
		_ = b.db.Close()
	}
	db, err := sqlite.Open(b.t.Context(), b.path)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = db.Close() })
	sealer := &kitetest.Sealer{}
	b.db = db
	b.Watch = &expiry.Watch{
		Accounts: db.Accounts(sealer), Sessions: db.Sessions(sealer), History: db.History(), Settings: db.Settings(),
		Notices: db.Notices(), Notifier: b.screen, Verifier: b.verifier,
		Clock: b.clock, Events: b.events, Log: slog.New(slog.DiscardHandler),
	}
}

func (b *bench) ok(errs ...error) {
	b.t.Helper()
	for _, err := range errs {
		if err != nil {
			b.t.Fatal(err)
		}
	}
}

// account adds one of that name.
func (b *bench) account(name string) kite.Account {
	b.t.Helper()
	a := kitetest.Account(strings.ToLower(name))
	b.accounts++
	a.Name, a.ClientID = name, fmt.Sprintf("AB%04d", b.accounts)
	b.ok(b.Accounts.CreateAccount(b.t.Context(), a, kite.SecretChanges{}))
	return a
}

// logIn gives the accounts a session each, begun now.
func (b *bench) logIn(accounts ...kite.Account) {
	b.t.Helper()
	for _, a := range accounts {
		b.made++
		s := kitetest.Session(fmt.Sprintf("session%d", b.made), a, b.clock.Now())
		b.ok(b.Sessions.SaveSession(b.t.Context(), s, kitetest.Tokens(s.ID)))
	}
}

func (b *bench) latest(a kite.Account) kite.Session {
	b.t.Helper()
	s, err := b.Sessions.LatestSession(b.t.Context(), a.ID)
	b.ok(err)
	return *s
}

func (b *bench) prefer(change func(*kite.Preferences)) {
	b.t.Helper()
	p, err := kite.LoadPreferences(b.t.Context(), b.Settings)
	b.ok(err)
	change(&p)
	b.ok(kite.SavePreferences(b.t.Context(), b.Settings, p))
}

// until lives until that time: it looks whenever the watch wants to.
func (b *bench) until(end time.Time) {
	b.t.Helper()
	for range 1000 {
		next := b.Look(b.t.Context())
		now := b.clock.Now()
		if !next.After(now) {
			b.t.Fatalf("at %v it wants to look again at %v", now.In(kite.IST), next.In(kite.IST))
		}
		if !next.Before(end) {
			b.clock.Set(end)
			b.Look(b.t.Context())
			return
		}
		b.clock.Set(next)
	}
	b.t.Fatal("it looks without end")
}

// said is what was shown so far, as "time: title".
func (b *bench) said() []string {
	var list []string
	for _, n := range b.screen.Shown() {
		list = append(list, n.Title)
	}
	return list
}

func (b *bench) mustHaveSaid(want ...string) {
	b.t.Helper()
	got := b.said()
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		b.t.Errorf("said:\n  %s\nwant:\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// titles are those on the screen now.
func (b *bench) titles() string {
	var list []string
	for _, n := range b.screen.OnScreen() {
		list = append(list, n.Title)
	}
	return strings.Join(list, "\n")
}
