package agent_test

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/agent"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

var quiet = slog.New(slog.DiscardHandler)

// patience is how long a test waits on a busy computer.
const patience = 30 * time.Second

// diary writes down what either side hears.
type diary struct {
	mu      sync.Mutex
	entries []string
	written chan struct{} // closed at the next entry
}

func (d *diary) write(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.entries = append(d.entries, fmt.Sprintf(format, args...))
	if d.written != nil {
		close(d.written)
		d.written = nil
	}
}

// waitFor returns once that was written.
func (d *diary) waitFor(t *testing.T, want string) {
	t.Helper()
	timeout := time.After(patience)
	for {
		d.mu.Lock()
		if slices.Contains(d.entries, want) {
			d.mu.Unlock()
			return
		}
		if d.written == nil {
			d.written = make(chan struct{})
		}
		written, sofar := d.written, slices.Clone(d.entries)
		d.mu.Unlock()
		select {
		case <-written:
		case <-timeout:
			t.Fatalf("no %q in %q", want, sofar)
		}
	}
}

func (d *diary) count(entry string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := 0
	for _, e := range d.entries {
		if e == entry {
			n++
		}
	}
	return n
}

// The agent's side.
func (d *diary) Changed(e kite.Event) { d.write("changed %s %s", e.Type, e.AccountID) }
func (d *diary) Asked(r kite.Request) { d.write("asked %+v", r) }
func (d *diary) Release()             { d.write("release") }
func (d *diary) Reopen()              { d.write("reopen") }
func (d *diary) Stop()                { d.write("stop") }
func (d *diary) Windows(n int)        { d.write("%d windows", n) }

// follower is the window's side.
type follower struct{ *diary }

func (f follower) StatusChanged(s agent.Status) {
	f.write("status tray=%t ending=%t", s.Tray, s.Ending)
}

func listen(t *testing.T, folder string, version string) (*agent.Server, *diary) {
	t.Helper()
	heard := &diary{}
	s, err := agent.Listen(folder, agent.Status{PID: os.Getpid(), Version: version}, heard, quiet)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, heard
}

func dial(t *testing.T, folder, role string) *agent.Client {
	t.Helper()
	c, err := agent.Dial(t.Context(), folder, role)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func TestSocket_takes_events_and_requests_both_ways(t *testing.T) {
	folder := t.TempDir()
	server, heard := listen(t, folder, "v1")
	first, second, command := dial(t, folder, agent.RoleWindow), dial(t, folder, agent.RoleWindow), dial(t, folder, agent.RoleCommand)
	heard.waitFor(t, "2 windows")
	one, two := &diary{}, &diary{}
	go func() { _ = first.Follow(t.Context(), follower{one}) }()
	go func() { _ = second.Follow(t.Context(), follower{two}) }()
	one.waitFor(t, "status tray=false ending=false")
	two.waitFor(t, "status tray=false ending=false")

	event := kite.Event{Type: kite.SessionChanged, AccountID: "a1"}
	if err := first.Publish(event); err != nil {
		t.Fatal(err)
	}
	heard.waitFor(t, "changed session:changed a1")
	two.waitFor(t, "changed session:changed a1")
	server.SetStatus(func(s *agent.Status) { s.Tray = true })
	one.waitFor(t, "status tray=true ending=false")
	if one.count("changed session:changed a1") != 0 {
		t.Error("a window heard its own event")
	}
	if err := command.Ask(kite.Request{Login: "a1"}); err != nil {
		t.Fatal(err)
	}
	heard.waitFor(t, "asked {Show: Login:a1 LoginAll:false Preferences:false Later:false Quit:false}")
	if !server.Ask(kite.Request{LoginAll: true}) {
		t.Error("no window took the request")
	}
	one.waitFor(t, "asked {Show: Login: LoginAll:true Preferences:false Later:false Quit:false}")
}

func TestAsk_without_a_window_says_so(t *testing.T) {
	server, _ := listen(t, t.TempDir(), "v1")
	if server.Ask(kite.Request{}) {
		t.Error("somebody took it")
	}
}

func TestDial_without_an_agent(t *testing.T) {
	folder := t.TempDir()
	if _, err := agent.Dial(t.Context(), folder, agent.RoleWindow); !errors.Is(err, agent.ErrNone) {
		t.Errorf("Dial = %v", err)
	}
}

func TestServer_drops_whoever_talks_nonsense(t *testing.T) {
	folder := t.TempDir()
	_, heard := listen(t, folder, "v1")
	for _, nonsense := range []string{"\n", "{}\n", `{"do":"format"}` + "\n", "GET / HTTP/1.1\n", strings.Repeat("x", 1<<20) + "\n"} {
		conn, err := agent.Connect(t.Context(), folder)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = conn.Write([]byte(nonsense))
		_ = conn.SetReadDeadline(time.Now().Add(patience))
		if n, err := conn.Read(make([]byte, 1)); err == nil {
			t.Errorf("%.20q was answered with %d bytes", nonsense, n)
		} else if timeout := net.Error(nil); errors.As(err, &timeout) && timeout.Timeout() {
			t.Errorf("%.20q keeps its connection", nonsense)
		}
		_ = conn.Close()
	}
	dial(t, folder, agent.RoleWindow) // it still serves others
	heard.waitFor(t, "1 windows")
}

func TestStopRunning_waits_until_the_agent_has_gone(t *testing.T) {
	folder := t.TempDir()
	server, heard := listen(t, folder, "v1")
	go func() {
		heard.waitFor(t, "stop")
		server.Close()
	}()
	if err := agent.StopRunning(t.Context(), folder); err != nil {
		t.Fatal(err)
	}
	if err := agent.StopRunning(t.Context(), folder); !errors.Is(err, agent.ErrNone) {
		t.Errorf("again: %v", err)
	}
}

// A connection may be taken in the very moment of the end; whoever made it would
// keep the agent from ending.
func TestClose_leaves_nobody_connected_who_came_just_then(t *testing.T) {
	server, heard := listen(t, t.TempDir(), "v1")
	server.Close()
	here, there := net.Pipe()
	served := make(chan struct{})
	go func() { server.Serve(there); close(served) }()
	go func() { _, _ = here.Write([]byte(`{"do":"hello","role":"window"}` + "\n")) }()
	_ = here.SetReadDeadline(time.Now().Add(patience))
	if n, err := here.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("%d bytes, %v", n, err)
	}
	<-served
	if heard.count("1 windows") != 0 {
		t.Error("the window counts")
	}
}
