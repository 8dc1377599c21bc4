package localapi_test

import (
	"context"
	"crypto/rand"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/localapi"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox"
)

// expectHistory compares the details of that kind, oldest first.
func (b *bench) expectHistory(kind kite.HistoryKind, want ...string) {
	b.t.Helper()
	if got := b.history(kind, len(want)); !slices.Equal(got, want) {
		b.t.Errorf("history of %s: %q, want %q", kind, got, want)
	}
}

// settle moves the clock by a minute once the recorder waits for that.
func (b *bench) settle(waiting int) {
	b.clock.BlockUntilWaiting(waiting)
	b.clock.Advance(time.Minute)
}

func TestUses_are_told_once_a_minute_with_their_count(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	_, token := b.client("Bot")
	_, other := b.client("Other")
	b.get("/v1/accounts", token)
	b.expectHistory(kite.HistoryProgram, "Bot listed accounts.")
	for range 3 {
		b.get("/v1/accounts", token)
	}
	b.get("/v1/accounts", other)
	b.expectHistory(kite.HistoryProgram, "Bot listed accounts.", "Other listed accounts.")
	b.settle(2)
	b.expectHistory(kite.HistoryProgram, "Bot listed accounts.", "Other listed accounts.", "Bot listed accounts 3 times.")
	b.settle(2)
	b.get("/v1/accounts", token)
	b.expectHistory(kite.HistoryProgram, "Bot listed accounts.", "Other listed accounts.", "Bot listed accounts 3 times.", "Bot listed accounts.")
	b.get("/v1/accounts", token)
	b.get("/v1/accounts", token)
	b.stop() // writes what is left
	all := b.history(kite.HistoryProgram, 5)
	if len(all) != 5 || all[4] != "Bot listed accounts 2 times." {
		t.Errorf("after the end: %q", all)
	}
}

func TestUses_refused_tokens_are_told_once_a_minute(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.get("/v1/accounts", "") // nothing was brought
	b.get("/v1/accounts", "ka_wrong")
	b.expectHistory(kite.HistoryClient, "A program with a wrong or revoked token was refused.")
	for range 100 {
		b.get("/v1/accounts", "ka_wrong")
	}
	b.settle(2)
	b.expectHistory(kite.HistoryClient, "A program with a wrong or revoked token was refused.", "A program with a wrong or revoked token was refused 100 times.")
	entries, err := b.db.History().History(t.Context(), kite.HistoryFilter{Kind: kite.HistoryClient})
	if err != nil || entries[0].OK || entries[1].OK {
		t.Errorf("entries = %+v, %v", entries, err)
	}
}

func TestUses_every_kind_is_told(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *localapi.Config) { c.Gateway = &gateway{} })
	one := b.account(1)
	b.account(2)
	_, token := b.client("Bot", one)
	b.get("/v1/openapi.yaml", token)
	b.get("/v1/accounts", token)
	b.get("/v1/accounts/account-1/session", token)
	b.get("/v1/accounts/account-2/session", token)
	b.get("/kite/account-2/user/profile", token)
	b.follow(token, "")
	b.post("/v1/accounts/account-1/login", token, "")
	b.post(exchangePath, token, exchangeBody("neverissued12345", sandbox.SharedApp, sandboxSecret))
	b.stop()
	got := b.history(kite.HistoryProgram, 7)
	for _, want := range []string{
		"Bot read what the API does.", "Bot listed accounts.", "Bot asked for a session in vain.",
		"Bot followed events.", "Bot asked for a login.", "Bot brought a request token in vain.",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("the history lacks %q: %q", want, got)
		}
	}
	if !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, "Bot asked for an account that it may not use") }) {
		t.Errorf("the history lacks the other account: %q", got)
	}
}

// What the gateway notes: reading in sum, the rest one by one.
func TestUses_of_the_gateway(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	a := b.account(1)
	c, _ := b.client("Bot")
	for range 3 {
		b.uses.Note(c, a, "")
	}
	b.uses.Note(c, a, "POST /orders/regular: 200")
	b.uses.Note(c, a, "POST /orders/regular: 400")
	b.uses.Note(c, a, "DELETE /orders/regular/1: unknown")
	b.stop()
	entries, err := b.db.History().History(t.Context(), kite.HistoryFilter{Kind: kite.HistoryProgram, AccountID: a.ID})
	if err != nil {
		t.Fatal(err)
	}
	count, ok := map[string]int{}, map[string]bool{}
	for _, e := range entries {
		count[e.Detail]++
		ok[e.Detail] = e.OK
	}
	for detail, fine := range map[string]bool{
		"Bot called POST /orders/regular: 200.": true, "Bot called POST /orders/regular: 400.": false, "Bot called DELETE /orders/regular/1: unknown.": false,
	} {
		if count[detail] != 1 || ok[detail] != fine {
			t.Errorf("%s: %d times, ok %t", detail, count[detail], ok[detail])
		}
	}
	if count["Bot read from Kite 3 times."]+count["Bot read from Kite 2 times."] != 1 {
		t.Errorf("entries = %v", count)
	}
}

// A program that loops may have as many entries of its own a minute, and no more.
func TestUses_one_by_one_are_bounded(t *testing.T) {
	t.Parallel()
	const single = 60
	b := newBench(t, func(c *localapi.Config) { c.Limits.Rate, c.Limits.Burst = 10000, 10000 })
	one, two := b.account(1), b.account(2)
	b.session(one, "s")
	b.session(two, "s")
	c, token := b.client("Bot")
	for range single + 10 {
		b.get("/v1/accounts/account-1/session", token)
		b.uses.Note(c, one, "DELETE /orders/regular/"+rand.Text()+": 200")
	}
	b.get("/v1/accounts/account-2/session", token) // another budget
	b.uses.Note(c, one, "POST /orders: not allowed")
	b.settle(2)
	b.expectSum(kite.HistoryExport, "Session handed to the client Bot", single+11, single+3)
	b.expectSum(kite.HistoryProgram, "Bot called DELETE /orders/", single+10, single+2)
	b.expectSum(kite.HistoryProgram, "Bot called POST /orders: not allowed.", 1, 1)
	b.uses.Note(c, one, "POST /orders/regular: 200")
	b.get("/v1/accounts/account-1/session", token)
	b.stop()
	b.expectSum(kite.HistoryExport, "Session handed to the client Bot", single+12, single+4)
	if got := b.history(kite.HistoryProgram, 0); !slices.Contains(got, "Bot called POST /orders/regular: 200.") {
		t.Errorf("history = %q", got)
	}
}

// expectSum waits until entries that begin so tell of so many uses, and counts
// the entries.
func (b *bench) expectSum(kind kite.HistoryKind, begin string, uses, entries int) {
	b.t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(time.Millisecond) { // they are written in their own time
		told, lines := 0, 0
		for _, detail := range b.history(kind, 0) {
			if rest, is := strings.CutPrefix(detail, begin); is {
				count := 1
				if words := strings.Fields(rest); len(words) > 1 && words[len(words)-1] == "times." {
					count, _ = strconv.Atoi(words[len(words)-2])
				}
				told, lines = told+count, lines+1
			}
		}
		if told == uses && lines <= entries {
			return
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("%d uses in %d entries, want %d in at most %d", told, lines, uses, entries)
		}
	}
}

func TestUses_what_was_refused_is_told_as_failed(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *localapi.Config) { c.Gateway = &gateway{} })
	one := b.account(1)
	b.account(2)
	c, token := b.client("Bot", one)
	b.get("/v1/accounts/account-1/session", token)
	b.get("/v1/accounts/account-2/session", token)
	b.post(exchangePath, token, "{}")
	b.post("/v1/accounts/account-1/login", token, "[]")
	b.get("/v1/nothing", token)
	b.uses.InVain(c, one, "no session")
	b.uses.Note(c, one, "POST /orders/regular: not allowed")
	b.stop()
	entries, err := b.db.History().History(t.Context(), kite.HistoryFilter{Kind: kite.HistoryProgram})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"Bot asked for a session in vain.", "Bot asked for an account that it may not use.", "Bot brought a request token in vain.",
		"Bot asked for a login in vain.", "Bot asked for what there isn't.", "Bot was refused reading from Kite: no session.",
		"Bot called POST /orders/regular: not allowed.",
	}
	var got []string
	for _, e := range entries {
		if got = append(got, e.Detail); e.OK {
			t.Errorf("it is told as done: %s", e.Detail)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("history = %q, want %q", got, want)
	}
}

func TestUses_note_when_a_client_was_there(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	c, token := b.client("Bot")
	used := func(want time.Time) {
		t.Helper()
		deadline := time.Now().Add(patience)
		for {
			got, err := b.clients.Find(t.Context(), c.Name)
			if err == nil && got.LastUsedAt.Equal(want) {
				return
			}
			if time.Now().After(deadline) {
				t.Fatalf("last used %v, %v, want %v", got.LastUsedAt, err, want)
			}
			time.Sleep(time.Millisecond) // it is stored in its own time
		}
	}
	first := b.clock.Now()
	b.get("/v1/accounts", token)
	used(first)
	b.clock.Advance(59 * time.Second)
	b.get("/v1/accounts", token)
	used(first)
	b.clock.Advance(time.Second)
	b.get("/v1/accounts", token)
	used(b.clock.Now())
	b.clock.Advance(-time.Hour) // set back
	b.get("/v1/accounts", token)
	used(b.clock.Now())
}

func TestUses_are_bounded(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	c, _ := b.client("Bot")
	b.stop()
	uses := &localapi.Uses{Clients: b.db.Clients(), History: b.db.History(), Clock: b.clock, Events: b.events}
	for i := range 2000 {
		uses.Note(c, kite.Account{ID: string(rune('a' + i))}, "")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	uses.Run(ctx)
	if got := b.history(kite.HistoryProgram, 1); len(got) > 501 {
		t.Errorf("%d entries", len(got))
	}
}

// Many programs at once, while one is revoked and accounts change.
func TestServer_side_by_side(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(c *localapi.Config) { c.Limits.Rate, c.Limits.Burst = 10000, 10000 })
	one := b.account(1)
	b.session(one, "a")
	var work sync.WaitGroup
	for range 4 {
		_, token := b.client("Bot " + string(rune('a'+len(b.history(kite.HistoryClient, 0)))))
		f := b.follow(token, "")
		work.Go(func() {
			for range 50 {
				if got := b.get("/v1/accounts/account-1/session", token); got.status != http.StatusOK {
					t.Errorf("%d %s", got.status, got.body)
				}
				if got := b.get("/v1/accounts", token); got.status != http.StatusOK {
					t.Errorf("%d %s", got.status, got.body)
				}
			}
			_ = f.resp.Body.Close()
		})
	}
	for i := range 10 {
		b.session(one, string(rune('b'+i)))
		c, token := b.client("Short-lived")
		if err := b.clients.Revoke(t.Context(), c.ID); err != nil {
			t.Error(err)
		}
		if got := b.get("/v1/accounts", token); got.status != http.StatusUnauthorized {
			t.Errorf("revoked: %d", got.status)
		}
	}
	work.Wait()
	if got := b.history(kite.HistoryExport, 200); len(got) != 200 {
		t.Errorf("%d handouts in the history, want 200", len(got))
	}
}
