package localapi_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/localapi"
)

// counted counts how often the stored accounts were read, and how often it was
// asked whether somebody wrote.
type counted struct {
	kite.AccountStore
	localapi.Versions
	readings, questions atomic.Int64
}

func (c *counted) Accounts(ctx context.Context) ([]kite.Account, error) {
	c.readings.Add(1)
	return c.AccountStore.Accounts(ctx)
}

func (c *counted) Version(ctx context.Context) (int64, error) {
	c.questions.Add(1)
	return c.Versions.Version(ctx)
}

// countedBench counts what a hub reads that rechecks all the time.
func countedBench(t *testing.T) (*bench, *counted) {
	t.Helper()
	c := &counted{}
	return newBench(t, func(config *localapi.Config) {
		c.AccountStore, c.Versions = config.Accounts, config.Auth.Versions
		config.Accounts, config.Auth.Versions = c, c
		config.Limits.Recheck = time.Millisecond
	}), c
}

// crowd stores many accounts with a session each; nobody is told.
func (b *bench) crowd(size int) (s kite.Session) {
	b.t.Helper()
	for n := range size {
		a := kitetest.SandboxAccount(fmt.Sprintf("crowd%03d", n))
		a.Name, a.Slug = fmt.Sprintf("Crowd %03d", n), fmt.Sprintf("crowd-%03d", n)
		s = kitetest.Session(a.ID+"s", a, b.clock.Now())
		err := b.db.Accounts(b.sealer).CreateAccount(b.t.Context(), a, kite.SecretChanges{})
		if err := joined(err, b.db.Sessions(b.sealer).SaveSession(b.t.Context(), s, kitetest.Tokens(a.ID))); err != nil {
			b.t.Fatal(err)
		}
	}
	return s
}

// expectAll reads one such event of each account of the crowd.
func (f *reader) expectAll(size int, event, reason string) {
	f.t.Helper()
	for n := range size {
		want := strings.TrimSpace(fmt.Sprintf("%s crowd-%03d %s", event, n, reason))
		if got := f.next(); got != want {
			f.t.Fatalf("event %q, want %q", got, want)
		}
	}
}

// All sessions end at 06:00 IST, at once.
func TestEvents_of_every_account_at_the_cutoff_reach_everybody(t *testing.T) {
	t.Parallel()
	const size = 300
	b := newBench(t)
	s := b.crowd(size)
	_, token := b.client("Program")
	followers := []*reader{b.follow(token, ""), b.follow(token, ""), b.follow(token, "")}
	for _, f := range followers {
		f.expectAll(size, "session.active", "")
	}
	away := followers[0].id
	b.clock.Set(s.ExpiresAt.Add(-time.Hour))
	for _, f := range followers {
		f.expectAll(size, "session.ending", "")
	}
	b.clock.Set(s.ExpiresAt) // 06:00 IST
	for _, f := range followers {
		f.expectAll(size, "session.expired", "expired")
	}
	back := b.follow(token, away)
	back.expectAll(size, "session.ending", "")
	back.expectAll(size, "session.expired", "expired")
}

func TestHub_reads_only_what_somebody_wrote(t *testing.T) {
	b, c := countedBench(t)
	one := b.account(1)
	_, token := b.client("Program")
	f := b.follow(token, "")
	f.expect("session.none account-1")
	// The use of the stream is still being written.
	b.expectHistory(kite.HistoryProgram, "Program followed events.")
	c.settled(t)
	before, asked := c.readings.Load(), c.questions.Load()
	for c.questions.Load() < asked+100 { // of rechecks
		time.Sleep(time.Millisecond)
	}
	for range 5 {
		b.Publish(kite.Event{Type: kite.SessionChanged})
	}
	b.follow(token, "").expect("session.none account-1")
	if read := c.readings.Load() - before; read > 2 { // for the second stream's use in the history
		t.Errorf("read %d times though nobody wrote an account", read)
	}
	b.session(one, "a")
	f.expect("session.active account-1")
}

// settled waits until rechecks find nothing to read.
func (c *counted) settled(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		before, asked := c.readings.Load(), c.questions.Load()
		for c.questions.Load() < asked+20 && time.Now().Before(deadline) {
			time.Sleep(time.Millisecond)
		}
		if c.readings.Load() == before {
			return
		}
	}
	t.Fatal("it reads all the time")
}

func TestHub_is_quiet_while_nobody_follows(t *testing.T) {
	b, c := countedBench(t)
	b.account(1)
	_, token := b.client("Program")
	f := b.follow(token, "")
	f.expect("session.none account-1")
	_ = f.resp.Body.Close()
	b.waitStreams(0)
	b.expectHistory(kite.HistoryProgram, "Program followed events.")
	b.settle(2)                  // the recorder closes its minute
	b.clock.BlockUntilWaiting(2) // and both wait for another day
	b.clock.Advance(20 * time.Hour)
	b.clock.BlockUntilWaiting(2)
	read, asked := c.readings.Load(), c.questions.Load()
	time.Sleep(50 * time.Millisecond)                              // fifty rechecks, if there were any
	if c.readings.Load() != read || c.questions.Load() > asked+2 { // the wait ended with the day
		t.Errorf("read %d times, asked %d times", c.readings.Load()-read, c.questions.Load()-asked)
	}
}

// BenchmarkHub is one look at 200 accounts after somebody wrote.
func BenchmarkHub(b *testing.B) {
	bench := newBench(b)
	bench.crowd(200)
	bench.stop()
	for b.Loop() {
		if err := bench.server.Look(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
