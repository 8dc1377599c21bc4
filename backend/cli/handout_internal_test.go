package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/sessions"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

// refreshed is a store in which a login comes right after each of the first
// reads of the newest session.
type refreshed struct {
	kite.SessionStore
	login func(n int) error
	left  int
}

func (r *refreshed) LatestSession(ctx context.Context, accountID string) (*kite.Session, error) {
	latest, err := r.SessionStore.LatestSession(ctx, accountID)
	if r.left > 0 {
		r.left--
		err = errors.Join(err, r.login(r.left))
	}
	return latest, err
}

type liveEndpoints struct{}

func (liveEndpoints) Endpoints(context.Context, kite.Account) (kite.Endpoints, error) {
	return kite.LiveEndpoints, nil
}

func TestCounter_hands_out_a_whole_session_when_the_session_is_replaced_while_it_is_read(t *testing.T) {
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "kite-accounts.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // the test is over
	sealer, a := &kitetest.Sealer{}, kitetest.Account("one")
	store := &refreshed{SessionStore: db.Sessions(sealer)}
	store.login = func(n int) error {
		return store.SaveSession(t.Context(), kitetest.Session(fmt.Sprintf("session %d", n), a, kitetest.Morning), kitetest.Tokens(fmt.Sprint(n)))
	}
	if err := errors.Join(db.Accounts(sealer).CreateAccount(t.Context(), a, kite.SecretChanges{}), store.login(99)); err != nil {
		t.Fatal(err)
	}
	clock := kitetest.ISTClock(2026, time.November, 23, 11, 0)
	c := counter{sessions: &sessions.Service{
		Accounts: db.Accounts(sealer), Sessions: store, History: db.History(), Endpoints: liveEndpoints{}, Clock: clock,
		Events: &kitetest.Events{}, Log: slog.New(slog.DiscardHandler),
	}}
	store.left = 3
	h, err := c.sessions.Handout(t.Context(), a.ID)
	if err != nil || h.Session.ID != "session 0" || h.Access.Reveal() != "access0" {
		t.Errorf("handout of %s: %v", h.Session.ID, err)
	}
	store.left = 1000
	if _, err := c.sessions.Handout(t.Context(), a.ID); kite.ErrorCode(err) != kite.ENOTFOUND {
		t.Errorf("replaced for ever: %v", err)
	}
}
