package clients_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/clients"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

type bench struct {
	*clients.Service
	t      *testing.T
	folder string
	db     *sqlite.DB
	clock  *kitetest.Clock
	events *kitetest.Events
	log    strings.Builder
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, folder: t.TempDir(), clock: kitetest.NewClock(kitetest.Morning), events: &kitetest.Events{}}
	var err error
	if b.db, err = sqlite.Open(t.Context(), filepath.Join(b.folder, "test.db")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.db.Close() })
	b.Service = &clients.Service{
		Store: b.db.Clients(), Clock: b.clock, Events: b.events, History: b.db.History(), Log: slog.New(slog.NewTextHandler(&b.log, nil)),
	}
	return b
}

func (b *bench) add(name string) (kite.APIClient, string) {
	b.t.Helper()
	c, token, err := b.Add(b.t.Context(), kite.APIClient{Name: name, AllAccounts: true})
	if err != nil {
		b.t.Fatal(err)
	}
	return c, token.Reveal()
}

func (b *bench) history() []string {
	b.t.Helper()
	entries, err := b.db.History().History(b.t.Context(), kite.HistoryFilter{Kind: kite.HistoryClient})
	if err != nil {
		b.t.Fatal(err)
	}
	var all []string
	for i := len(entries) - 1; i >= 0; i-- {
		all = append(all, entries[i].Detail)
	}
	return all
}

func TestAdd_gives_a_token_that_finds_the_client(t *testing.T) {
	b := newBench(t)
	c, token, err := b.Add(t.Context(), kite.APIClient{ID: "chosen", Name: "  Bot ", AccountIDs: []string{"b", "a", "b"}, MayTrade: true})
	if err != nil || c.Name != "Bot" || c.ID == "chosen" || !reflect.DeepEqual(c.AccountIDs, []string{"a", "b"}) || !c.CreatedAt.Equal(b.clock.Now()) {
		t.Fatalf("Add = %+v, %v", c, err)
	}
	if !regexp.MustCompile(`^ka_[A-Za-z0-9_-]{43}$`).MatchString(token.Reveal()) {
		t.Errorf("the token has %d characters", len(token.Reveal()))
	}
	if got, err := b.Store.ClientByToken(t.Context(), sha256.Sum256(token.Bytes())); err != nil || !reflect.DeepEqual(got, c) {
		t.Errorf("its client = %+v, %v", got, err)
	}
	b.events.WaitFor(t, kite.Event{Type: kite.ClientsChanged})
	b.events.WaitFor(t, kite.Event{Type: kite.HistoryChanged})
	if got := b.history(); !reflect.DeepEqual(got, []string{"Bot may use the local API: 2 accounts, also to trade."}) {
		t.Errorf("history = %q", got)
	}
}

// P4: no token is ever in a file, nor in the log.
func TestAdd_keeps_the_token_nowhere(t *testing.T) {
	b := newBench(t)
	_, one := b.add("One")
	_, two := b.add("Two")
	if one == two {
		t.Error("two clients have the same token")
	}
	err := filepath.WalkDir(b.folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		kitetest.NoSecretIn(t, d.Name(), string(text), one, two)
		return err
	})
	if err != nil {
		t.Error(err)
	}
	kitetest.NoSecretIn(t, "log", b.log.String(), one, two)
}

func TestAdd_refuses(t *testing.T) {
	b := newBench(t)
	b.add("Café Bot")
	for name, c := range map[string]struct {
		client      kite.APIClient
		code, field string
	}{
		"no name":                          {kite.APIClient{Name: "  ", AllAccounts: true}, kite.EINVALID, "name"},
		"an invisible character":           {kite.APIClient{Name: "a\u202eb", AllAccounts: true}, kite.EINVALID, "name"},
		"no accounts":                      {kite.APIClient{Name: "Bot"}, kite.EINVALID, "accountIds"},
		"a name that is taken, decomposed": {kite.APIClient{Name: "CAFE\u0301 bot", AllAccounts: true}, kite.ECONFLICT, "name"},
	} {
		_, token, err := b.Add(t.Context(), c.client)
		if e := kite.AsError(err); e.Code != c.code || e.Field != c.field || !token.Empty() {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := b.history(); len(got) != 1 {
		t.Errorf("history = %q", got)
	}
}

func TestChange_and_Revoke(t *testing.T) {
	b := newBench(t)
	c, token := b.add("Bot")
	c.Name, c.AllAccounts, c.AccountIDs = " Renamed", false, []string{"a"}
	if err := b.Change(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if got, err := b.Find(t.Context(), "rENAMED "); err != nil || got.ID != c.ID || got.AllAccounts {
		t.Errorf("Find = %+v, %v", got, err)
	}
	c.AccountIDs = nil
	if err := b.Change(t.Context(), c); kite.AsError(err).Field != "accountIds" {
		t.Errorf("without accounts: %v", err)
	}
	b.events.Forget()
	if err := b.Revoke(t.Context(), c.ID); err != nil {
		t.Fatal(err)
	}
	b.events.WaitFor(t, kite.Event{Type: kite.ClientsChanged})
	if _, err := b.Store.ClientByToken(t.Context(), sha256.Sum256([]byte(token))); kite.ErrorCode(err) != kite.ENOTFOUND {
		t.Errorf("its token: %v", err)
	}
	for doing, err := range map[string]error{"revoke again": b.Revoke(t.Context(), c.ID), "find": second(b.Find(t.Context(), "Renamed")), "change": b.Change(t.Context(), kite.APIClient{ID: c.ID, Name: "X", AllAccounts: true})} {
		if kite.ErrorCode(err) != kite.ENOTFOUND {
			t.Errorf("%s: %v", doing, err)
		}
	}
	want := []string{"Bot may use the local API: all accounts, to read.", "What Renamed may do was changed: one account, to read.", "Renamed may no longer use the local API: its token was revoked."}
	if got := b.history(); !reflect.DeepEqual(got, want) {
		t.Errorf("history = %q", got)
	}
	if all, err := b.List(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("List = %+v, %v", all, err)
	}
}

func second(_ kite.APIClient, err error) error { return err }

type fullDisk struct{ kite.HistoryStore }

func (fullDisk) Record(context.Context, kite.HistoryEntry) error { return errors.New("disk full") }

// A history that can't be written keeps nobody from revoking a token.
func TestRevoke_without_a_history(t *testing.T) {
	b := newBench(t)
	c, _ := b.add("Bot")
	b.History = fullDisk{b.History}
	b.clock.Advance(time.Minute)
	if err := b.Revoke(t.Context(), c.ID); err != nil {
		t.Errorf("Revoke = %v", err)
	}
	if !strings.Contains(b.log.String(), "history not recorded") {
		t.Error("the log says nothing")
	}
}
