//go:build linux

package cli_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/kiteaccounts/kite-accounts/backend/agent"
	"github.com/kiteaccounts/kite-accounts/backend/datadir"
	"github.com/kiteaccounts/kite-accounts/backend/doctor"
	"github.com/kiteaccounts/kite-accounts/backend/keyring/keyringtest"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/sqlite"
)

// examined runs doctor and returns its checks by name, the first of each.
func examined(t *testing.T, dir string, args ...string) map[string]doctor.Check {
	t.Helper()
	began := time.Now()
	_, out, errs := run(append([]string{"doctor", "--json", "--data-dir", dir}, args...)...)
	if took := time.Since(began); took > time.Minute {
		t.Errorf("it took %s", took)
	}
	var report doctor.Report
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatalf("%v: %q %q", err, out, errs)
	}
	byName := map[string]doctor.Check{}
	for _, c := range report.Checks {
		if _, seen := byName[c.Name]; !seen {
			byName[c.Name] = c
		}
	}
	return byName
}

func expectCheck(t *testing.T, checks map[string]doctor.Check, name string, level doctor.Level, mentions string) {
	t.Helper()
	if c := checks[name]; c.Level != level || !strings.Contains(c.Message, mentions) {
		t.Errorf("%s = %+v, want %s with %q", name, c, level, mentions)
	}
}

// stop stops a process as a debugger would, and returns once it stands still.
func stop(t *testing.T, pid int) {
	t.Helper()
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(time.Millisecond) { // another process's state
		stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
		if err != nil {
			t.Fatal(err)
		}
		if _, rest, found := strings.Cut(string(stat), ") "); found && strings.HasPrefix(rest, "T") {
			return
		}
	}
	t.Fatal("it doesn't stop")
}

// silent is a D-Bus service that takes calls and answers none.
type silent struct{ over chan struct{} }

func (s silent) LookupObject(dbus.ObjectPath) (dbus.ServerObject, bool) {
	<-s.over
	return nil, false
}

// own lets the test be a service on the bus.
func own(t *testing.T, address, name string, options ...dbus.ConnOption) *dbus.Conn {
	t.Helper()
	conn, err := dbus.Connect(address, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if reply, err := conn.RequestName(name, dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatalf("own %s: %v, %v", name, reply, err)
	}
	return conn
}

func TestDoctor_is_not_hung_by_keyring_or_notifications(t *testing.T) {
	bus := keyringtest.StartBus(t)
	pid := bus.StartKeyring(true)
	over := make(chan struct{})
	own(t, bus.Address, "org.freedesktop.Notifications", dbus.WithHandler(silent{over}))
	t.Cleanup(func() { close(over) })
	stop(t, pid)
	t.Cleanup(func() { _ = syscall.Kill(pid, syscall.SIGCONT) })
	checks := examined(t, filepath.Join(t.TempDir(), "data"))
	expectCheck(t, checks, doctor.NameKeyring, doctor.Problem, "doesn't answer")
	expectCheck(t, checks, doctor.NameNotifications, doctor.Problem, "service doesn't answer")
	expectCheck(t, checks, doctor.NameDisk, doctor.OK, "")
}

// notices is a notification service that says who it is.
type notices struct{}

func (notices) GetServerInformation() (name, vendor, version, spec string, err *dbus.Error) {
	return "quiet notices", "nobody", "1", "1.2", nil
}

func TestDoctor_sees_the_desktop(t *testing.T) {
	bus := keyringtest.StartBus(t)
	conn := own(t, bus.Address, "org.freedesktop.Notifications")
	if err := conn.Export(notices{}, "/org/freedesktop/Notifications", "org.freedesktop.Notifications"); err != nil {
		t.Fatal(err)
	}
	own(t, bus.Address, "org.kde.StatusNotifierWatcher")
	checks := examined(t, filepath.Join(t.TempDir(), "data"))
	expectCheck(t, checks, doctor.NameNotifications, doctor.OK, "quiet notices")
	expectCheck(t, checks, doctor.NameTray, doctor.OK, "There is one")
}

// heard is an agent that writes down what it is told.
type heard struct {
	mu     sync.Mutex
	events []kite.Event
	more   chan struct{}
}

func (h *heard) Changed(e kite.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.events = append(h.events, e)
	select {
	case h.more <- struct{}{}:
	default:
	}
}
func (*heard) Asked(kite.Request) {}
func (*heard) Release()           {}
func (*heard) Reopen()            {}
func (*heard) Stop()              {}
func (*heard) Windows(int)        {}

// waitFor returns the events heard so far once one of that type is among them,
// and forgets them.
func (h *heard) waitFor(t *testing.T, want kite.EventType) kite.Event {
	t.Helper()
	timeout := time.After(30 * time.Second)
	for {
		h.mu.Lock()
		for i, e := range h.events {
			if e.Type == want {
				h.events = h.events[i+1:]
				h.mu.Unlock()
				return e
			}
		}
		sofar := append([]kite.Event{}, h.events...)
		h.mu.Unlock()
		select {
		case <-h.more:
		case <-timeout:
			t.Fatalf("no %s in %v", want, sofar)
		}
	}
}

// listening runs an agent's socket for a data folder.
func listening(t *testing.T, dir string, status agent.Status) *heard {
	t.Helper()
	if _, err := datadir.Open(dir); err != nil {
		t.Fatal(err)
	}
	h := &heard{more: make(chan struct{}, 1)}
	server, err := agent.Listen(dir, status, h, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return h
}

func TestDoctor_sees_the_agent(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	dir := filepath.Join(t.TempDir(), "data")
	listening(t, dir, agent.Status{PID: 7, Version: "0.9", Notifications: &agent.Reason{Message: "No notices.", Hint: "Install."}})
	checks := examined(t, dir)
	expectCheck(t, checks, doctor.NameAgent, doctor.Problem, "version 0.9, and this is 1.2.3")
}

func TestDoctor_is_not_hung_by_the_agent(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	dir := filepath.Join(t.TempDir(), "data")
	cmd := exec.Command(os.Args[0], "agent", "--data-dir", dir)
	cmd.Env = append(os.Environ(), "CLI_TEST_RUN=1")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	for deadline := time.Now().Add(time.Minute); ; {
		client, err := agent.Dial(context.Background(), dir, agent.RoleCommand)
		if err == nil {
			client.Close()
			break
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond) // another process's state
	}
	stop(t, cmd.Process.Pid)
	checks := examined(t, dir)
	expectCheck(t, checks, doctor.NameAgent, doctor.Problem, "doesn't answer")
	expectCheck(t, checks, doctor.NameDisk, doctor.OK, "")
}

func TestDoctor_compares_the_clock_with_Kites(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	var date time.Time
	var asked *http.Request
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r
		w.Header().Set("Date", date.UTC().Format(http.TimeFormat))
		w.Header().Set("Location", "http://127.0.0.1:1/")
		w.WriteHeader(http.StatusFound)
	}))
	defer server.Close()
	dir := filepath.Join(t.TempDir(), "data")
	date = now()
	expectCheck(t, examined(t, dir, "--online", "--online-url", server.URL), doctor.NameClock, doctor.OK, "goes as Kite's")
	if asked.Method != http.MethodHead || asked.Header.Get("Authorization") != "" || asked.ContentLength > 0 {
		t.Errorf("asked %s with %v", asked.Method, asked.Header)
	}
	date = now().Add(10 * time.Minute)
	expectCheck(t, examined(t, dir, "--online", "--online-url", server.URL), doctor.NameClock, doctor.Problem, "slow")
	expectCheck(t, examined(t, dir, "--online", "--online-url", "http://127.0.0.1:1"), doctor.NameClock, doctor.Note, "couldn't be asked")
}

func TestDoctor_sees_who_has_the_local_APIs_port(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	dir, err := datadir.Open(filepath.Join(t.TempDir(), "data"))
	if err != nil {
		t.Fatal(err)
	}
	port := strconv.Itoa(kitetest.FreePort(t))
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close() //nolint:errcheck // closed below
	db, err := sqlite.Open(t.Context(), dir.Database())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // the test ends
	p := kite.DefaultPreferences()
	p.LocalAPIPort, err = strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Settings().SetSetting(t.Context(), kite.PreferencesKey, string(text)); err != nil {
		t.Fatal(err)
	}
	expectCheck(t, examined(t, dir.Path()), doctor.NameLocalAPI, doctor.Note, "something else listens on its port 127.0.0.1:"+port)
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	expectCheck(t, examined(t, dir.Path()), doctor.NameLocalAPI, doctor.OK, "is free")
}

func TestChanges_are_heard_by_the_agent(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	dir := filepath.Join(t.TempDir(), "data")
	h := listening(t, dir, agent.Status{PID: os.Getpid(), Version: "1.2.3"})
	file := filepath.Join(t.TempDir(), "accounts.csv")
	rows := "accountName,clientId,apiKey,callbackUrl\nImported,AB2,key12345,http://127.0.0.1:51730/kite/callback\n"
	if err := os.WriteFile(file, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"account", "add", "One", "--client-id=AB1", "--api-key=key12345", "--no-ask"},
		{"account", "edit", "One", "--phone=12345"},
		{"account", "import", file, "--yes"},
		{"account", "remove", "One", "--yes"},
	} {
		if code, out, errs := run(append(args, "--data-dir", dir)...); code != 0 {
			t.Fatalf("%v: %d %q %q", args, code, out, errs)
		}
		h.waitFor(t, kite.AccountChanged)
	}
}
