package login_test

import (
	"context"
	"errors"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/login"
)

func TestPasteWay_waits_for_the_user_s_hand(t *testing.T) {
	b, s := browserBench(t)
	a := b.inWay(1, kite.LoginByPaste)
	if err := b.Start(t.Context(), a.ID, false); err != nil {
		t.Fatal(err)
	}
	loginURL := <-s.opened
	if at := b.waiting(a); at.Way != kite.LoginByPaste || !at.BrowserOpen {
		t.Errorf("attempt = %+v", at)
	}
	if err := b.OpenBrowser(t.Context(), a.ID, false); err != nil || <-s.opened != loginURL {
		t.Errorf("opened again: %v", err)
	}
	b.mustBeFree() // nothing listens
	redirect := b.redirect(b.kite.Person(1), loginURL)
	if err := b.Submit(t.Context(), a.ID, strings.Replace(redirect, "state=", "state=0", 1)); kite.ErrorCode(err) != kite.EINVALID {
		t.Errorf("another state: %v", err)
	}
	if err := b.Submit(t.Context(), a.ID, redirect); err != nil {
		t.Fatal(err)
	}
	b.wait(a)
	b.mustHaveSession(a)
}

// A person needs a moment to log in; a program that reads the page's address
// doesn't.
func TestPasteWay_takes_what_comes_while_the_browser_is_being_opened(t *testing.T) {
	b := newBench(t)
	a := b.inWay(1, kite.LoginByPaste)
	b.Browse = func(loginURL string) error {
		return b.Submit(t.Context(), a.ID, b.redirect(b.kite.Person(1), loginURL))
	}
	if err := b.LogIn(t.Context(), a.ID, kite.LoginByPaste, false); err != nil {
		t.Fatal(err)
	}
	b.mustHaveSession(a)
}

func TestPasteWay_without_a_browser_ends_at_once(t *testing.T) {
	b := newBench(t)
	a := b.inWay(1, kite.LoginByPaste)
	b.Browse = func(string) error { return errors.New("no browser") }
	if err := b.LogIn(t.Context(), a.ID, kite.LoginByPaste, false); kite.ErrorCode(err) != kite.EINTERNAL {
		t.Errorf("LogIn = %v", err)
	}
	if at := b.Attempt(a.ID); at.Failure == nil || at.BrowserOpen {
		t.Errorf("attempt = %+v", at)
	}
}

func TestPasteWay_takes_a_bare_token_of_the_right_person_only(t *testing.T) {
	b, s := browserBench(t)
	a := b.account(1)
	for n, code := range map[int]string{2: kite.EWRONGUSER, 1: ""} {
		end := b.begin(t.Context(), a, kite.LoginByPaste)
		u, err := url.Parse(b.redirect(b.kite.Person(n), <-s.opened))
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Submit(t.Context(), a.ID, u.Query().Get("request_token")); err != nil {
			t.Fatal(err)
		}
		if err := b.ends(end); kite.ErrorCode(err) != code {
			t.Errorf("token of user %d: %v", n, err)
		}
	}
}

func TestStartWith_another_way_this_once(t *testing.T) {
	b, s := browserBench(t)
	a := b.inWay(1, kite.LoginInBrowser)
	if err := b.LogIn(t.Context(), a.ID, kite.LoginInWindow, false); err != nil || len(s.opened) != 0 {
		t.Errorf("in the window: %v, %d URLs opened", err, len(s.opened))
	}
	if stored, err := b.Accounts.Account(t.Context(), a.ID); err != nil || stored.LoginWay != kite.LoginInBrowser {
		t.Errorf("the account's way is %q, %v", stored.LoginWay, err)
	}
	if err := b.LogIn(t.Context(), a.ID, "", false); kite.ErrorCode(err) != kite.ECONFIRM {
		t.Errorf("over a session that works: %v", err)
	}
	if err := b.StartWith(t.Context(), a.ID, "pigeon", true); kite.ErrorCode(err) != kite.EINVALID {
		t.Errorf("an unknown way: %v", err)
	}
}

func TestLogIn_waits_for_a_login_that_runs_already(t *testing.T) {
	b, s := browserBench(t)
	a := b.inWay(1, kite.LoginInBrowser)
	if err := b.Start(t.Context(), a.ID, false); err != nil {
		t.Fatal(err)
	}
	loginURL := <-s.opened
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := b.LogIn(ctx, a.ID, "", false); kite.ErrorCode(err) != kite.ECANCELED {
		t.Errorf("whoever stops waiting: %v", err)
	}
	if at := b.Attempt(a.ID); at.Phase == login.Idle {
		t.Fatalf("it was ended: %+v", at)
	}
	b.window.raised = make(chan struct{}, 1)
	end := b.begin(t.Context(), a, "")
	<-b.window.raised // it is the login that runs which it waits for
	follow(t, b.redirect(b.kite.Person(1), loginURL))
	if err := b.ends(end); err != nil {
		t.Error(err)
	}
}

func TestLogIn_asks_after_the_sessions_of_the_same_key(t *testing.T) {
	b, s := browserBench(t)
	one, two := b.inWay(1, kite.LoginInBrowser), b.inWay(2, kite.LoginInBrowser)
	s.visit = func(loginURL string) { follow(t, b.redirect(b.kite.Person(1), loginURL)) }
	if err := b.LogIn(t.Context(), one.ID, "", false); err != nil {
		t.Fatal(err)
	}
	b.kite.EndTokensOf(one.ClientID)
	s.visit = func(loginURL string) { follow(t, b.redirect(b.kite.Person(2), loginURL)) }
	if err := b.LogIn(t.Context(), two.ID, "", false); err != nil {
		t.Fatal(err)
	}
	if session := b.latest(one); session.EndedReason != kite.EndedElsewhere {
		t.Errorf("session = %+v, want ended elsewhere", session)
	}
}

func TestLogInAll_each_in_its_own_way(t *testing.T) {
	b, s := browserBench(t)
	accounts := []kite.Account{
		b.inWay(1, kite.LoginInWindow), b.inWay(2, kite.LoginInBrowser), b.inWay(3, kite.LoginByPaste),
		b.inWay(4, kite.LoginInBrowser), b.inWay(5, kite.LoginByPaste),
	}
	if err := b.LogInAll(t.Context(), accounts, false); err != nil {
		t.Fatal(err)
	}
	follow(t, b.redirect(b.kite.Person(2), <-s.opened))
	if err := b.Submit(t.Context(), accounts[2].ID, b.redirect(b.kite.Person(3), <-s.opened)); err != nil {
		t.Fatal(err)
	}
	<-s.opened
	if r := b.until("the fourth", func(r login.Round) bool { return r.Current == 3 }); outcomes(r) != "active active active running waiting" {
		t.Errorf("round = %+v", r)
	}
	b.SkipStep()
	<-s.opened
	b.mustBeFree()
	b.StopRound()
	if r := b.until("the end", ended); outcomes(r) != "active active active skipped skipped" {
		t.Errorf("round = %+v", r)
	}
	if n := b.kite.LivingTokens(); n != 3 {
		t.Errorf("%d tokens live", n)
	}
}

func TestLogInAll_goes_on_where_the_port_is_taken(t *testing.T) {
	b, s := browserBench(t)
	u, _ := url.Parse(b.callback)
	l, err := net.Listen("tcp", u.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // at the test's end
	accounts := []kite.Account{b.inWay(1, kite.LoginInBrowser), b.inWay(2, kite.LoginByPaste)}
	if err := b.LogInAll(t.Context(), accounts, false); err != nil {
		t.Fatal(err)
	}
	if err := b.Submit(t.Context(), accounts[1].ID, b.redirect(b.kite.Person(2), <-s.opened)); err != nil {
		t.Fatal(err)
	}
	r := b.until("the end", ended)
	if outcomes(r) != "failed active" || r.Steps[0].Failure.Code != kite.ECONFLICT {
		t.Errorf("round = %+v", r)
	}
}

func TestPatience_is_ten_minutes(t *testing.T) {
	if d := login.DefaultPatience; d != 10*time.Minute {
		t.Errorf("patience = %s", d)
	}
}
