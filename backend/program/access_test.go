package program_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/agent"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/program"
)

// serving is an agent that serves programs over a bench with one account that
// is logged in, and a window beside it.
type serving struct {
	*bench
	*allDay
	services *program.Services // the window's
	account  kite.Account
	token    kite.Secret // Kite's
	client   kite.APIClient
	bearer   string
	port     int
	window   *window
	link     *agent.Client // of the window
}

// newServing starts the agent with the API switched on or off.
func newServing(t *testing.T, on bool, change ...func(*program.Agent)) *serving {
	t.Helper()
	b := newBench(t)
	s := &serving{bench: b, port: kitetest.FreePort(t)}
	_, s.services = b.start()
	s.account = b.loggedIn(s.services)
	var err error
	if s.token, err = s.services.Secret(t.Context(), s.account.ID, "accessToken"); err != nil {
		t.Fatal(err)
	}
	client, bearer, err := s.services.Clients().Add(t.Context(), kite.APIClient{Name: "strategy.py", AllAccounts: true})
	if err != nil {
		t.Fatal(err)
	}
	s.client, s.bearer = client, bearer.Reveal()
	s.prefer(on, s.port)
	s.allDay = b.agent(&kitetest.Notifier{}, change...)
	s.window, s.link = s.connect()
	return s
}

func occupy(t *testing.T, port int) net.Listener {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

// prefer is what the window does when the user changes the switch or the port.
func (s *serving) prefer(on bool, port int) {
	s.bench.t.Helper()
	p := loudPreferences()
	p.LocalAPI, p.LocalAPIPort = on, port
	if _, err := s.services.SetPreferences(s.bench.t.Context(), p); err != nil {
		s.bench.t.Fatal(err)
	}
	s.tell(kite.PreferencesChanged)
}

func (s *serving) tell(what kite.EventType) {
	s.bench.t.Helper()
	if s.link == nil {
		return
	}
	if err := s.link.Publish(kite.Event{Type: what}); err != nil {
		s.bench.t.Fatal(err)
	}
}

func address(port int) string { return "http://127.0.0.1:" + strconv.Itoa(port) }

// says waits until the agent says that of the API.
func (s *serving) says(what string, wanted func(agent.LocalAPI) bool) {
	s.bench.t.Helper()
	timeout := time.After(30 * time.Second)
	var last agent.LocalAPI
	for {
		select {
		case status := <-s.window.status:
			if last = status.LocalAPI; wanted(last) {
				return
			}
		case <-timeout:
			s.bench.t.Fatalf("never %s, last %+v", what, last)
		}
	}
}

func (s *serving) listening(port int) {
	s.bench.t.Helper()
	s.says("listening", func(l agent.LocalAPI) bool { return l.On && l.Address == address(port) && l.Failure == nil })
}

// ask calls the API as the program does.
func (s *serving) ask(method, path string) (status int, body string) {
	s.bench.t.Helper()
	status, body, err := s.try(method, address(s.port)+path)
	if err != nil {
		s.bench.t.Fatal(err)
	}
	return status, body
}

func (s *serving) try(method, url string) (status int, body string, err error) {
	ctx, cancel := context.WithTimeout(s.bench.t.Context(), time.Minute)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, url, nil)
	if err != nil {
		return 0, "", err
	}
	r.Header.Set("Authorization", "Bearer "+s.bearer)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer answer.Body.Close() //nolint:errcheck // read to its end
	text, err := io.ReadAll(answer.Body)
	return answer.StatusCode, string(text), err
}

func (s *serving) refused(port int) {
	s.bench.t.Helper()
	var call *net.OpError
	if _, _, err := s.try(http.MethodGet, address(port)+"/v1/accounts"); !errors.As(err, &call) || call.Op != "dial" {
		s.bench.t.Errorf("port %d: %v", port, err)
	}
}

func (s *serving) givesTheToken() {
	s.bench.t.Helper()
	status, body := s.ask(http.MethodGet, "/v1/accounts/"+s.account.Slug+"/session")
	var got struct{ AccessToken string }
	if err := json.Unmarshal([]byte(body), &got); err != nil || status != http.StatusOK || got.AccessToken != s.token.Reveal() {
		s.bench.t.Errorf("session: %d, %v", status, err)
	}
}

func TestAgent_serves_programs_while_the_preferences_say_so(t *testing.T) {
	var told [2]atomic.Int32
	s := newServing(t, false, func(a *program.Agent) {
		a.Serving = func(on bool) { told[map[bool]int{true: 1}[on]].Add(1) }
	})
	s.icon.waitFor(t, "Ready, until 06:00 tomorrow")
	s.refused(s.port)
	s.prefer(true, s.port)
	s.listening(s.port)
	s.givesTheToken()
	s.prefer(false, s.port)
	s.says("off", func(l agent.LocalAPI) bool { return l == agent.LocalAPI{} })
	s.refused(s.port)
	if off, on := told[0].Load(), told[1].Load(); off != 1 || on != 1 {
		t.Errorf("told %d times on and %d times off", on, off)
	}
	entries, err := s.services.History.History(t.Context(), kite.HistoryFilter{Kind: kite.HistoryExport})
	if err != nil || len(entries) != 1 || entries[0].AccountID != s.account.ID {
		t.Errorf("history: %+v, %v", entries, err)
	}
}

func TestAgent_serves_what_was_switched_on_before_it_came(t *testing.T) {
	s := newServing(t, true)
	s.listening(s.port)
	s.givesTheToken()
	if err := s.end(); err != nil {
		t.Fatal(err)
	}
	s.refused(s.port)
}

func TestAgent_hears_of_a_switch_that_nobody_told(t *testing.T) {
	s := newServing(t, false)
	s.icon.waitFor(t, "Ready, until 06:00 tomorrow")
	s.link.Close()
	s.link = nil
	s.prefer(true, s.port) // by a window that isn't connected
	s.window, s.link = s.connect()
	s.listening(s.port)
}

func TestAgent_takes_no_other_port_and_tries_again(t *testing.T) {
	s := newServing(t, false)
	s.icon.waitFor(t, "Ready, until 06:00 tomorrow")
	other := occupy(t, s.port)
	s.prefer(true, s.port)
	s.says("taken", func(l agent.LocalAPI) bool {
		return l.On && l.Address == "" && l.Failure != nil && l.Failure.Code == kite.ECONFLICT && strings.Contains(l.Failure.Message, strconv.Itoa(s.port))
	})
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	s.bench.clock.BlockUntilWaiting(4) // two watches, the menu, and this
	s.bench.clock.Advance(time.Minute)
	s.listening(s.port)
	s.givesTheToken()
}

func TestAgent_moves_to_the_port_that_the_user_chooses(t *testing.T) {
	s := newServing(t, true)
	s.listening(s.port)
	before := s.port
	s.port = kitetest.FreePort(t)
	s.prefer(true, s.port)
	s.listening(s.port)
	s.givesTheToken()
	s.refused(before)
	occupied := kitetest.FreePort(t)
	occupy(t, occupied)
	before, s.port = s.port, kitetest.FreePort(t)
	s.prefer(true, occupied)
	s.says("taken", func(l agent.LocalAPI) bool { return l.Failure != nil })
	s.refused(before) // the user chose another one
	s.prefer(true, s.port)
	s.listening(s.port)
}

func TestAgent_leaves_the_database_and_serves_again(t *testing.T) {
	s := newServing(t, true)
	s.listening(s.port)
	command := s.dial(agent.RoleCommand)
	if err := command.Release(); err != nil {
		t.Fatal(err)
	}
	s.refused(s.port)
	s.says("not serving", func(l agent.LocalAPI) bool { return l.On && l.Address == "" && l.Failure == nil })
	if err := command.Reopen(); err != nil {
		t.Fatal(err)
	}
	s.listening(s.port)
	s.givesTheToken()
}

// asked counts how often the keyring was.
type asked struct {
	kite.Keyring
	times atomic.Int32
}

func (k *asked) Get(ctx context.Context, name string) (kite.Secret, error) {
	k.times.Add(1)
	return k.Keyring.Get(ctx, name)
}

func (k *asked) Unlock(context.Context) error { return errors.New("the user was asked") }

func TestAgent_asks_the_keyring_only_for_a_token_and_never_the_user(t *testing.T) {
	var ring *asked
	s := newServing(t, true, func(a *program.Agent) {
		ring = &asked{Keyring: a.Keyring}
		a.Keyring = ring
	})
	s.listening(s.port)
	if status, body := s.ask(http.MethodGet, "/v1/accounts"); status != http.StatusOK || !strings.Contains(body, s.account.Slug) {
		t.Errorf("accounts: %d %s", status, body)
	}
	if n := ring.times.Load(); n != 0 {
		t.Errorf("the keyring was asked %d times for a list", n)
	}
	s.bench.ring.Fail = kite.ErrKeyringLocked
	session := "/v1/accounts/" + s.account.Slug + "/session"
	for range 3 {
		if status, body := s.ask(http.MethodGet, session); status != http.StatusServiceUnavailable || !strings.Contains(body, kite.ELOCKED) {
			t.Fatalf("locked: %d %s", status, body)
		}
	}
	if n := ring.times.Load(); n != 1 {
		t.Errorf("the keyring was asked %d times within a second", n)
	}
	if err := s.bench.ring.Unlock(t.Context()); err != nil { // the user did
		t.Fatal(err)
	}
	s.bench.clock.Advance(time.Second)
	s.givesTheToken()
	s.givesTheToken()
	if n := ring.times.Load(); n != 2 {
		t.Errorf("the keyring was asked %d times", n)
	}
}

func TestAgent_refuses_a_program_that_the_window_revoked(t *testing.T) {
	s := newServing(t, true)
	s.listening(s.port)
	s.givesTheToken()
	if err := s.services.Clients().Revoke(t.Context(), s.client.ID); err != nil {
		t.Fatal(err)
	}
	if status, body := s.ask(http.MethodGet, "/v1/accounts"); status != http.StatusUnauthorized || strings.Contains(body, s.bearer) {
		t.Errorf("revoked: %d %s", status, body)
	}
}

func TestAgent_logs_in_for_a_program_and_tells_the_window(t *testing.T) {
	s := newServing(t, true)
	s.listening(s.port)
	if err := s.services.Sessions.LogOut(t.Context(), s.account.ID, false); err != nil {
		t.Fatal(err)
	}
	s.window.events.Forget()
	if status, body := s.ask(http.MethodPost, "/v1/accounts/"+s.account.Slug+"/login"); status != http.StatusOK {
		t.Fatalf("login: %d %s", status, body)
	}
	s.window.events.WaitFor(t, kite.Event{Type: kite.SessionChanged, AccountID: s.account.ID})
	var err error
	if s.token, err = s.services.Secret(t.Context(), s.account.ID, "accessToken"); err != nil {
		t.Fatal(err)
	}
	s.givesTheToken()
}

func TestPrograms_hear_what_the_window_did(t *testing.T) {
	s := newServing(t, true)
	s.listening(s.port)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address(s.port)+"/v1/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+s.bearer)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close() //nolint:errcheck // ends with the agent
	lines := bufio.NewScanner(answer.Body)
	until := func(part string) {
		t.Helper()
		for lines.Scan() {
			if strings.Contains(lines.Text(), part) {
				return
			}
		}
		t.Fatalf("no %q: %v", part, lines.Err())
	}
	until("session.active")
	if err := s.services.Sessions.LogOut(t.Context(), s.account.ID, false); err != nil {
		t.Fatal(err)
	}
	s.tell(kite.SessionChanged)
	until("session.ended")
	until("logged out")
}
