//go:build e2e

package e2e

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/clients"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
	"github.com/kiteaccounts/kite-accounts/e2e/desktop"
	"github.com/kiteaccounts/kite-accounts/e2e/kiteapp"
)

// answer is one of the local API.
type answer struct {
	status int
	body   string
}

// ask asks the local API as a program with that token does; a body is JSON.
func (s *scene) ask(method, url, token, body string) answer {
	s.t.Helper()
	got, err := s.tryAsking(method, url, token, body)
	s.ok(err)
	return got
}

// tryAsking is ask for what may get no answer.
func (s *scene) tryAsking(method, url, token, body string) (answer, error) {
	r, err := http.NewRequestWithContext(s.t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer got.Body.Close() //nolint:errcheck // only read
	text, err := io.ReadAll(got.Body)
	return answer{got.StatusCode, string(text)}, err
}

// events is a followed stream of them.
type events struct {
	mu   sync.Mutex
	text strings.Builder
}

// Text is what came so far.
func (e *events) Text() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.text.String()
}

// listen follows the events until the test ends.
func (s *scene) listen(address, token string) *events {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, address+"/v1/events", nil)
	s.ok(err)
	r.Header.Set("Authorization", "Bearer "+token)
	got, err := http.DefaultClient.Do(r)
	s.ok(err)
	if got.StatusCode != http.StatusOK {
		s.t.Fatalf("events: %s", got.Status)
	}
	e := &events{}
	go func() {
		defer got.Body.Close() //nolint:errcheck // only read
		lines := bufio.NewScanner(got.Body)
		for lines.Scan() {
			e.mu.Lock()
			e.text.WriteString(lines.Text() + "\n")
			e.mu.Unlock()
		}
	}()
	return e
}

// hears waits for an event that isn't of the snapshot, after the text.
func (s *scene) hears(e *events, event string) {
	s.t.Helper()
	said := ""
	err := desktop.Await("the event "+event, 30*time.Second, func() bool {
		said = e.Text()
		for part := range strings.SplitSeq(said, "\n\n") {
			if strings.Contains(part, "event: "+event+"\n") && strings.Contains(part, `"snapshot":false`) {
				return true
			}
		}
		return false
	})
	if err != nil {
		s.t.Fatalf("%v; it heard:\n%s", err, said)
	}
}

// addClient lets a program in, beside what runs, and returns its token.
func (s *scene) addClient(c kite.APIClient) string {
	s.t.Helper()
	db, err := sqlite.Open(s.t.Context(), s.Database())
	s.ok(err)
	defer db.Close() //nolint:errcheck // the token is there, or not
	service := clients.Service{Store: db.Clients(), Clock: kite.SystemClock{}, Events: deaf{}, History: db.History()}
	_, token, err := service.Add(s.t.Context(), c)
	s.ok(err)
	return token.Reveal()
}

type deaf struct{}

func (deaf) Publish(kite.Event) {}

// servedByAgent lets the agent serve at a free port once it starts.
func (s *scene) servedByAgent() (address string) {
	s.t.Helper()
	port, release := s.occupied()
	release()
	number, err := strconv.Atoi(port)
	s.ok(err)
	s.prefer(func(p *kite.Preferences) { p.LocalAPI, p.LocalAPIPort = true, number })
	return "http://127.0.0.1:" + port
}

// awaitServed waits until it does.
func (s *scene) awaitServed(address string) {
	s.t.Helper()
	s.ok(desktop.Await("the local API", 30*time.Second, func() bool {
		status, _ := s.asProgram(address[strings.LastIndex(address, ":")+1:], "/v1/accounts", "")
		return status != 0
	}))
}

// sandboxSession is the path of the session of Try the sandbox's account.
const sandboxSession = "/v1/accounts/" + sandboxSlug + "/session"

// askLogin asks for a login, whose answer comes once that is over; it has
// status 0 where the server ended first.
func (s *scene) askLogin(address, token string) <-chan answer {
	answers := make(chan answer, 1)
	go func() {
		got, err := s.tryAsking(http.MethodPost, address+"/v1/accounts/"+sandboxSlug+"/login", token, "")
		if err != nil {
			got = answer{body: err.Error()}
		}
		answers <- got
	}()
	return answers
}

// TestLocalAPILogsInOnTheDesktop: a program asks, a person logs in, and the
// program has its session until 06:00, also if the computer slept over that.
func TestLocalAPILogsInOnTheDesktop(t *testing.T) {
	o := withTray
	o.SystemBus = true
	s, d := newDay(t, o)
	address := s.servedByAgent()
	s.ok(s.Start())
	s.trySandbox()
	s.ok(anyPID(s.AwaitAgent(0)))
	s.awaitServed(address)
	token := s.addClient(kite.APIClient{Name: "strategy.py", AllAccounts: true})
	heard := s.listen(address, token)
	if got := s.ask(http.MethodGet, address+sandboxSession, token, ""); got.status != http.StatusConflict {
		t.Errorf("without a session: %+v", got)
	}
	answers := s.askLogin(address, token)
	w, err := s.LoginWindow()
	s.ok(err)
	s.ok(w.See("User ID"))
	closeWindow(s, w)
	if got := <-answers; got.status == http.StatusOK || !strings.Contains(got.body, kite.ECANCELED) {
		t.Errorf("the person closed the window: %+v", got)
	}
	s.ok(s.NoHelper())
	s.logsInFor(s.askLogin(address, token))
	s.hears(heard, "session.active")
	s.see("Active", sandboxCard)
	s.handsOut(address, token)
	s.ok(s.CloseMain(kiteapp.KeepRunning), s.Sleep(), s.SignalAgent(desktop.Freeze))
	s.ok(s.SetClock(at(d.Next(), 6, 30)))
	s.ok(s.SignalAgent(desktop.Thaw), s.Resume())
	s.hears(heard, "session.expired")
	if got := s.ask(http.MethodGet, address+sandboxSession, token, ""); got.status != http.StatusGone || !strings.Contains(got.body, `"expired"`) {
		t.Errorf("after 06:00: %+v", got)
	}
	// The next day, with no window of ours but that of the login.
	s.ok(s.SetClock(at(d.Next(), 8, 30)))
	s.Process = s.Adopt("agent", s.AgentPID())
	s.logsInFor(s.askLogin(address, token))
	s.handsOut(address, token)
	s.ok(s.StopAgent())
}

func anyPID(_ int, err error) error { return err }

// TestLocalAPITakesItsQuestionBack: the login window that a program asked for
// goes with the program, and with the agent.
func TestLocalAPITakesItsQuestionBack(t *testing.T) {
	s, _ := newDay(t, withTray)
	address := s.servedByAgent()
	s.kitectl(0, "account", "add", "--sandbox")
	s.agent()
	s.awaitServed(address)
	s.Process = s.Adopt("agent", s.AgentPID())
	token := s.addClient(kite.APIClient{Name: "strategy.py", AllAccounts: true})
	ctx, goAway := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address+"/v1/accounts/"+sandboxSlug+"/login", nil)
	s.ok(err)
	r.Header.Set("Authorization", "Bearer "+token)
	gone := make(chan error, 1)
	go func() {
		got, err := http.DefaultClient.Do(r)
		if err == nil {
			err = got.Body.Close()
		}
		gone <- err
	}()
	w, err := s.LoginWindow()
	s.ok(err)
	s.ok(w.See("User ID"))
	goAway()
	if err := <-gone; err == nil {
		t.Error("the program got an answer before it went away")
	}
	s.ok(s.NoHelper())
	answers := s.askLogin(address, token)
	w, err = s.LoginWindow()
	s.ok(err)
	s.ok(w.See("User ID"), s.StopAgent(), s.NoHelper())
	if got := <-answers; got.status == http.StatusOK {
		t.Errorf("the agent was stopped: %+v", got)
	}
}

// logsInFor logs in in the window that a program asked for, and looks at what
// that gets for it: no token.
func (s *scene) logsInFor(answers <-chan answer) {
	s.t.Helper()
	w, err := s.LoginWindow()
	s.ok(err)
	s.ok(w.LogIn(first))
	if got := <-answers; got.status != http.StatusOK || !strings.Contains(got.body, first.UserID) || strings.Contains(got.body, "accessToken") {
		s.t.Errorf("the person logged in: %+v", got)
	}
	s.ok(s.NoHelper())
}

// handsOut sees that API and command line hand out the same token.
func (s *scene) handsOut(address, token string) {
	s.t.Helper()
	got := s.ask(http.MethodGet, address+sandboxSession, token, "")
	var shown struct{ UserID, AccessToken, AuthorizationHeader string }
	s.ok(json.Unmarshal([]byte(got.body), &shown))
	if got.status != http.StatusOK || shown.UserID != first.UserID || !strings.HasSuffix(shown.AuthorizationHeader, ":"+shown.AccessToken) {
		s.t.Errorf("the session: %+v", got)
	}
	if printed := s.kitectl(0, "token", sandboxSlug).Out(); strings.TrimSpace(printed) != shown.AccessToken {
		s.t.Error("kitectl and the local API hand out different tokens")
	}
}

// TestReleaseServesHardened: what an agent that holds the key has in memory and
// environment is nobody's.
func TestReleaseServesHardened(t *testing.T) {
	s := release(t, asOrdinaryUser())
	s.kitectl(0, "account", "add", "--sandbox")
	address := s.servedByAgent()
	s.agent()
	s.awaitServed(address)
	token := s.addClient(kite.APIClient{Name: "strategy.py", AllAccounts: true})
	s.pasteLogin(kiteapp.Shell{}, sandboxSlug, first)
	if got := s.ask(http.MethodGet, address+"/v1/accounts/"+sandboxSlug+"/session", token, ""); got.status != http.StatusOK {
		t.Fatalf("the session: %d", got.status)
	}
	agent := s.AgentPID()
	s.checkHardened(agent)
	for _, part := range []string{"environ", "mem", "maps", "auxv"} {
		if _, err := s.Command("", "head", "-c", "1", filepath.Join("/proc", strconv.Itoa(agent), part)); err == nil {
			t.Errorf("its own user reads the agent's %s", part)
		}
	}
	s.ok(s.StopAgent())
}
