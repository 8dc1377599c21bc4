package login_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/login"
	"github.com/kiteaccounts/kite-accounts/backend/sandbox/sandboxtest"
)

// browser is the system browser: each opened URL is handed out, and nobody
// sits at it unless visit is set.
type browser struct {
	opened chan string
	visit  func(loginURL string)
	err    error
}

func (s *browser) open(loginURL string) error {
	if s.err == nil && s.visit != nil {
		s.visit(loginURL)
	}
	s.opened <- loginURL
	return s.err
}

// browserBench has a callback on a free port and a system browser.
func browserBench(t *testing.T) (*bench, *browser) {
	t.Helper()
	b := newBenchAt(t, fmt.Sprintf("http://127.0.0.1:%d/kite/callback", kitetest.FreePort(t)))
	s := &browser{opened: make(chan string, 10)}
	b.Browse = s.open
	return b, s
}

// inWay stores an account of the n-th user that logs in that way.
func (b *bench) inWay(n int, way kite.LoginWay) kite.Account {
	b.t.Helper()
	a := b.account(n)
	a.LoginWay = way
	if err := b.Accounts.UpdateAccount(b.t.Context(), a, kite.SecretChanges{}); err != nil {
		b.t.Fatal(err)
	}
	return a
}

// begin logs in and hands out how that ended.
func (b *bench) begin(ctx context.Context, a kite.Account, way kite.LoginWay) <-chan error {
	end := make(chan error, 1)
	go func() { end <- b.LogIn(ctx, a.ID, way, true) }()
	return end
}

func (b *bench) ends(end <-chan error) error {
	b.t.Helper()
	select {
	case err := <-end:
		return err
	case <-time.After(time.Minute):
		b.t.Fatal("the login goes on")
		return nil
	}
}

// redirect logs the person in and returns where the browser is led to.
func (b *bench) redirect(who *sandboxtest.Person, loginURL string) string {
	b.t.Helper()
	redirect, err := who.LogIn(loginURL)
	if err != nil {
		b.t.Fatal(err)
	}
	return redirect
}

// follow visits the redirect as a browser does.
func follow(t *testing.T, redirect string) (status int, page string) {
	t.Helper()
	resp, err := http.Get(redirect) //nolint:noctx // the listener has deadlines
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	defer resp.Body.Close() //nolint:errcheck // read to its end
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Error(err)
	}
	return resp.StatusCode, string(body)
}

// mustBeFree checks that nobody listens on the callback's port.
func (b *bench) mustBeFree() {
	b.t.Helper()
	u, _ := url.Parse(b.callback)
	l, err := net.Listen("tcp", u.Host)
	if err != nil {
		b.t.Errorf("the port isn't free again: %v", err)
		return
	}
	_ = l.Close()
}

func (b *bench) waiting(a kite.Account) login.Attempt {
	b.t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for {
		b.events.Forget()
		if at := b.Attempt(a.ID); at.Phase == login.Waiting {
			return at
		} else if time.Now().After(deadline) {
			b.t.Fatalf("attempt = %+v", at)
		}
		b.events.WaitFor(b.t, kite.Event{Type: kite.SessionChanged, AccountID: a.ID})
	}
}

func TestBrowserWay_takes_the_redirect_by_itself(t *testing.T) {
	b, s := browserBench(t)
	a := b.inWay(1, kite.LoginInBrowser)
	end := b.begin(t.Context(), a, "")
	loginURL := <-s.opened
	if at := b.waiting(a); at.Way != kite.LoginInBrowser || !at.BrowserOpen {
		t.Errorf("attempt = %+v", at)
	}
	redirect := b.redirect(b.kite.Person(1), loginURL)
	status, page := follow(t, redirect)
	if status != http.StatusOK || !strings.Contains(page, "Kite Accounts has the login") {
		t.Errorf("%d %s", status, page)
	}
	if err := b.ends(end); err != nil {
		t.Fatal(err)
	}
	b.mustBeFree()
	session := b.mustHaveSession(a)
	if at := b.Attempt(a.ID); session.UserID != a.ClientID || at.BrowserOpen || at.Way != "" {
		t.Errorf("session %+v, attempt %+v", session, at)
	}
	u, _ := url.Parse(redirect)
	kitetest.NoSecretIn(t, "log", b.log.String(), u.Query().Get("request_token"), u.Query().Get("state"))
	if err := b.Submit(t.Context(), a.ID, redirect); kite.ErrorCode(err) != kite.EINVALID {
		t.Errorf("the same URL pasted afterwards: %v", err)
	}
}

func TestBrowserWay_listens_before_the_browser_is_there(t *testing.T) {
	b, s := browserBench(t)
	a := b.inWay(1, kite.LoginInBrowser)
	s.visit = func(loginURL string) { follow(t, b.redirect(b.kite.Person(1), loginURL)) }
	if err := b.LogIn(t.Context(), a.ID, "", false); err != nil {
		t.Fatal(err)
	}
	b.mustHaveSession(a)
}

func TestBrowserWay_refuses_what_isn_t_its_own(t *testing.T) {
	b, s := browserBench(t)
	a := b.inWay(1, kite.LoginInBrowser)
	end := b.begin(t.Context(), a, "")
	loginURL := <-s.opened
	for _, foreign := range []string{
		b.callback + "?status=success&request_token=abcdefgh12345678&state=0",
		b.callback + "?status=success&request_token=abcdefgh12345678",
		b.callback + "?status=cancelled", b.callback, b.callback + "/more",
	} {
		if status, _ := follow(t, foreign); status < 400 {
			t.Errorf("%s: %d", foreign, status)
		}
	}
	if at := b.Attempt(a.ID); at.Phase != login.Waiting {
		t.Errorf("attempt = %+v", at)
	}
	follow(t, b.redirect(b.kite.Person(1), loginURL))
	if err := b.ends(end); err != nil {
		t.Fatal(err)
	}
}

func TestBrowserWay_ends_when_kite_says_so(t *testing.T) {
	b, s := browserBench(t)
	a := b.inWay(1, kite.LoginInBrowser)
	end := b.begin(t.Context(), a, "")
	u, err := url.Parse(<-s.opened)
	if err != nil {
		t.Fatal(err)
	}
	params, err := url.ParseQuery(u.Query().Get("redirect_params"))
	if err != nil {
		t.Fatal(err)
	}
	follow(t, b.callback+"?status=cancelled&state="+params.Get(kite.StateParam))
	if err := b.ends(end); kite.ErrorCode(err) != kite.ECANCELED || !strings.Contains(err.Error(), "on Kite's page") {
		t.Errorf("LogIn = %v", err)
	}
	b.mustBeFree()
}

func TestBrowserWay_names_who_is_logged_in_there(t *testing.T) {
	b, s := browserBench(t)
	a := b.inWay(1, kite.LoginInBrowser)
	end := b.begin(t.Context(), a, "")
	follow(t, b.redirect(b.kite.Person(2), <-s.opened))
	e := kite.AsError(b.ends(end))
	if e.Code != kite.EWRONGUSER || !strings.Contains(e.Hint, "Log out of Kite in your browser") {
		t.Errorf("LogIn = %v, hint %q", e, e.Hint)
	}
	if n := b.kite.LivingTokens(); n != 0 || b.latest(a) != nil {
		t.Errorf("%d tokens live, session %+v", n, b.latest(a))
	}
}

func TestBrowserWay_exchanges_once_whoever_comes_first(t *testing.T) {
	for range 10 {
		b, s := browserBench(t)
		a := b.inWay(1, kite.LoginInBrowser)
		end := b.begin(t.Context(), a, "")
		redirect := b.redirect(b.kite.Person(1), <-s.opened)
		var wg sync.WaitGroup
		var took [2]bool
		wg.Go(func() { // refused, or the port is closed by then
			if resp, err := http.Get(redirect); err == nil { //nolint:noctx // the listener has deadlines
				took[0] = resp.StatusCode == http.StatusOK
				_ = resp.Body.Close()
			}
		})
		wg.Go(func() { took[1] = b.Submit(t.Context(), a.ID, redirect) == nil })
		wg.Wait()
		if err := b.ends(end); err != nil || took[0] == took[1] {
			t.Fatalf("LogIn = %v; browser %t, paste %t", err, took[0], took[1])
		}
		b.mustHaveSession(a)
	}
}

func TestBrowserWay_fails_with_a_sentence(t *testing.T) {
	for name, c := range map[string]struct {
		prepare func(*testing.T, *bench, *browser)
		code    string
		says    string
	}{
		"port taken": {func(t *testing.T, b *bench, _ *browser) {
			t.Helper()
			u, _ := url.Parse(b.callback)
			l, err := net.Listen("tcp", u.Host)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = l.Close() })
		}, kite.ECONFLICT, "is taken by"},
		"no browser":   {func(_ *testing.T, _ *bench, s *browser) { s.err = errors.New("none") }, kite.EINTERNAL, "browser couldn't be opened"},
		"nobody comes": {func(_ *testing.T, b *bench, _ *browser) { b.Patience = 50 * time.Millisecond }, kite.ETIMEOUT, "took too long"},
	} {
		t.Run(name, func(t *testing.T) {
			b, s := browserBench(t)
			a := b.inWay(1, kite.LoginInBrowser)
			c.prepare(t, b, s)
			e := kite.AsError(b.LogIn(t.Context(), a.ID, "", false))
			if e.Code != c.code || !strings.Contains(e.Message, c.says) || e.Hint == "" {
				t.Errorf("LogIn = %v, hint %q", e, e.Hint)
			}
			if at := b.Attempt(a.ID); at.Failure == nil || at.BrowserOpen || at.Phase != login.Idle {
				t.Errorf("attempt = %+v", at)
			}
			if name != "port taken" {
				b.mustBeFree()
			}
		})
	}
}

func TestBrowserWay_is_cancelled(t *testing.T) {
	b, s := browserBench(t)
	a := b.inWay(1, kite.LoginInBrowser)
	end := b.begin(t.Context(), a, "")
	<-s.opened
	b.Cancel(a.ID)
	if err := b.ends(end); kite.ErrorCode(err) != kite.ECANCELED {
		t.Errorf("LogIn = %v", err)
	}
	b.mustBeFree()
	ctx, cancel := context.WithCancel(t.Context())
	end = b.begin(ctx, a, "")
	<-s.opened
	cancel()
	if err := b.ends(end); kite.ErrorCode(err) != kite.ECANCELED {
		t.Errorf("LogIn with an ended context = %v", err)
	}
	b.mustBeFree()
	late := overdue{t.Context(), make(chan struct{})}
	end = b.begin(late, a, "")
	<-s.opened
	close(late.over)
	if err := b.ends(end); kite.ErrorCode(err) != kite.ETIMEOUT {
		t.Errorf("LogIn past its deadline = %v", err)
	}
}

// overdue is a context whose deadline passes when it is told so.
type overdue struct {
	context.Context
	over chan struct{}
}

func (o overdue) Done() <-chan struct{} { return o.over }

func (o overdue) Err() error {
	select {
	case <-o.over:
		return context.DeadlineExceeded
	default:
		return nil
	}
}

func TestBrowserWay_does_not_wait_for_a_browser_that_stays(t *testing.T) {
	b, s := browserBench(t)
	a := b.inWay(1, kite.LoginInBrowser)
	closed := make(chan struct{})
	defer close(closed)
	var visits sync.WaitGroup
	s.visit = func(loginURL string) {
		visits.Go(func() { follow(t, b.redirect(b.kite.Person(1), loginURL)) })
		<-closed
	}
	if err := b.ends(b.begin(t.Context(), a, "")); err != nil {
		t.Error(err)
	}
	visits.Wait()
}
