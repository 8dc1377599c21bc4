package login_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/login"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox/sandboxtest"
)

// household is a login window at which each account's own user sits. What an
// account has in wait stays open until it is closed.
type household struct {
	mu     sync.Mutex
	users  map[string]*sandboxtest.Person // by account ID
	wait   map[string]bool
	opened []string
	open   int
	most   int // windows open at once

	waiting chan string // account whose window is open and stays so
	closing chan string // if there is one, account whose window was told to close and takes its time
	closed  chan struct{}
}

func (h *household) Open(ctx context.Context, job kite.LoginJob) (kite.Landing, error) {
	h.mu.Lock()
	h.opened = append(h.opened, job.AccountID)
	h.open++
	h.most = max(h.most, h.open)
	who, waits := h.users[job.AccountID], h.wait[job.AccountID]
	h.mu.Unlock()
	defer func() { h.mu.Lock(); h.open--; h.mu.Unlock() }()
	if waits {
		h.waiting <- job.AccountID
		<-ctx.Done()
		if h.closing != nil {
			h.closing <- job.AccountID
			<-h.closed
		}
		return kite.Landing{}, kite.Errorf(kite.ECANCELED, "The login was cancelled.")
	}
	if who == nil {
		return kite.Landing{}, kite.Errorf(kite.EOFFLINE, "Kite can't be reached.").WithHint("Check the internet connection.")
	}
	redirect, err := who.LogIn(job.LoginURL)
	return kite.Landing{RedirectURL: kite.NewSecret(redirect)}, err
}

func (h *household) Focus(string) bool { return false }

// family is a bench with three accounts.
func family(t *testing.T) (*bench, *household, []kite.Account) {
	t.Helper()
	b := newBench(t)
	h := &household{users: map[string]*sandboxtest.Person{}, wait: map[string]bool{}, waiting: make(chan string, 1)}
	b.Window = h
	var accounts []kite.Account
	for n := 1; n <= 3; n++ {
		a := b.account(n)
		accounts = append(accounts, a)
		h.users[a.ID] = b.kite.Person(n)
	}
	return b, h, accounts
}

// until waits for the round to be so.
func (b *bench) until(what string, so func(login.Round) bool) login.Round {
	b.t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for {
		b.events.Forget()
		r := b.Round()
		if so(r) {
			return r
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("%s: %+v", what, r)
		}
		b.events.WaitFor(b.t, kite.Event{Type: kite.RoundChanged})
	}
}

func ended(r login.Round) bool { return !r.Running }

func outcomes(r login.Round) string {
	var words []string
	for _, s := range r.Steps {
		words = append(words, string(s.Outcome))
	}
	return strings.Join(words, " ")
}

func TestLogInAll_one_window_after_another_in_order(t *testing.T) {
	b, h, accounts := family(t)
	if err := b.LogInAll(t.Context(), accounts, false); err != nil {
		t.Fatal(err)
	}
	r := b.until("the end", ended)
	if outcomes(r) != "active active active" || r.Current != -1 {
		t.Errorf("round = %+v", r)
	}
	if strings.Join(h.opened, " ") != "account1 account2 account3" || h.most != 1 {
		t.Errorf("opened %v, at most %d at once", h.opened, h.most)
	}
	for _, a := range accounts {
		if s := b.mustHaveSession(a); s.UserID != a.ClientID {
			t.Errorf("%s has the session of %s", a.ClientID, s.UserID)
		}
	}
	b.DismissRound()
	if r := b.Round(); len(r.Steps) != 0 {
		t.Errorf("after dismissing: %+v", r)
	}
}

func TestLogInAll_failure_stops_nobody_else(t *testing.T) {
	b, h, accounts := family(t)
	h.users[accounts[0].ID] = nil              // offline
	h.users[accounts[1].ID] = b.kite.Person(3) // somebody else logs in
	if err := b.LogInAll(t.Context(), accounts, false); err != nil {
		t.Fatal(err)
	}
	r := b.until("the end", ended)
	if outcomes(r) != "failed failed active" {
		t.Fatalf("round = %+v", r)
	}
	if r.Steps[0].Failure.Code != kite.EOFFLINE || r.Steps[1].Failure.Code != kite.EWRONGUSER {
		t.Errorf("failures = %v, %v", r.Steps[0].Failure, r.Steps[1].Failure)
	}
	entries, err := b.History.History(t.Context(), kite.HistoryFilter{Kind: kite.HistoryFailed})
	if err != nil || len(entries) != 2 || entries[1].Detail != "Kite can't be reached." {
		t.Errorf("history = %+v, %v", entries, err)
	}
}

func TestSkip_closes_the_window_and_goes_on(t *testing.T) {
	b, h, accounts := family(t)
	h.wait[accounts[1].ID] = true
	if err := b.LogInAll(t.Context(), accounts, false); err != nil {
		t.Fatal(err)
	}
	<-h.waiting
	if r := b.Round(); r.Current != 1 || outcomes(r) != "active running waiting" {
		t.Errorf("round = %+v", r)
	}
	b.SkipStep()
	if r := b.until("the end", ended); outcomes(r) != "active skipped active" {
		t.Errorf("round = %+v", r)
	}
	if f := b.Attempt(accounts[1].ID).Failure; f != nil {
		t.Errorf("the card of the skipped account says %v", f.Err)
	}
}

func TestStop_leaves_the_rest(t *testing.T) {
	b, h, accounts := family(t)
	h.wait[accounts[0].ID] = true
	if err := b.LogInAll(t.Context(), accounts, false); err != nil {
		t.Fatal(err)
	}
	<-h.waiting
	if err := b.LogInAll(t.Context(), accounts, false); kite.ErrorCode(err) != kite.ECONFLICT {
		t.Errorf("a second round: %v", err)
	}
	b.StopRound()
	if r := b.until("the end", ended); outcomes(r) != "skipped stopped stopped" {
		t.Errorf("round = %+v", r)
	}
}

func TestLogInAll_leaves_a_session_alone_that_was_made_meanwhile(t *testing.T) {
	b, h, accounts := family(t)
	h.wait[accounts[0].ID] = true
	if err := b.LogInAll(t.Context(), accounts, false); err != nil {
		t.Fatal(err)
	}
	<-h.waiting
	b.logIn(accounts[2]) // from its card
	byHand := b.mustHaveSession(accounts[2])
	h.closing, h.closed = make(chan string), make(chan struct{})
	go b.SkipStep()
	<-h.closing
	b.SkipStep() // a double click skips one
	close(h.closed)
	if r := b.until("the end", ended); outcomes(r) != "skipped active active" {
		t.Errorf("round = %+v", r)
	}
	if s := b.mustHaveSession(accounts[2]); s.ID != byHand.ID {
		t.Error("the session made by hand was replaced")
	}
}

func TestLogInAll_asks_once_before_it_ends_tokens(t *testing.T) {
	b, _, accounts := family(t)
	b.logIn(accounts[0])
	if err := b.LogInAll(t.Context(), accounts, false); kite.ErrorCode(err) != kite.ECONFIRM || len(b.Round().Steps) != 0 {
		t.Fatalf("LogInAll = %v", err)
	}
	if err := b.LogInAll(t.Context(), accounts, true); err != nil {
		t.Fatal(err)
	}
	if r := b.until("the end", ended); outcomes(r) != "active active active" {
		t.Errorf("round = %+v", r)
	}
	entries, err := b.History.History(t.Context(), kite.HistoryFilter{Kind: kite.HistoryRefresh})
	if err != nil || len(entries) != 1 || entries[0].AccountID != accounts[0].ID {
		t.Errorf("refreshes = %+v, %v", entries, err)
	}
}

func TestLogInAll_of_nobody_says_so(t *testing.T) {
	b := newBench(t)
	if err := b.LogInAll(t.Context(), nil, false); kite.ErrorCode(err) != kite.EINVALID {
		t.Errorf("LogInAll = %v", err)
	}
}
