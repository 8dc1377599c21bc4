//go:build linux

// Package dbustest gives a test a session bus of its own that can die and come
// back, and real desktop programs on it. A missing program fails the test.
package dbustest

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// Patience is how long a test waits for another program on a busy computer.
const Patience = time.Minute

// config is a bus at one address, on which only what is Startable can be
// started by name.
const config = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=%s</listen>
  <servicedir>%s</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`

// Bus is a session bus; the test's environment points to it.
type Bus struct {
	Address string
	Home    string
	t       testing.TB
	daemon  *Program
	conn    *dbus.Conn
}

// Start starts a bus and points the environment at it and at an empty home
// until the test ends. The test must not be parallel.
func Start(t testing.TB) *Bus {
	t.Helper()
	b := NoBus(t)
	if err := os.WriteFile(b.config(), fmt.Appendf(nil, config, b.socket(), b.services()), 0o600); err != nil {
		t.Fatal(err)
	}
	b.Address = "unix:path=" + b.socket()
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", b.Address)
	b.Revive()
	return b
}

// NoBus is an environment without any session bus.
func NoBus(t testing.TB) *Bus {
	t.Helper()
	home, err := os.MkdirTemp("", "bus-") // a path that leaves room for sockets
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(home) })
	for name, dir := range map[string]string{
		"HOME": home, "XDG_RUNTIME_DIR": filepath.Join(home, "run"), "XDG_DATA_HOME": filepath.Join(home, "data"),
		"XDG_CONFIG_HOME": filepath.Join(home, "config"), "XDG_CACHE_HOME": filepath.Join(home, "cache"),
	} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		t.Setenv(name, dir)
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	return &Bus{Home: home, t: t}
}

func (b *Bus) config() string   { return filepath.Join(b.Home, "bus.conf") }
func (b *Bus) socket() string   { return filepath.Join(b.Home, "socket") }
func (b *Bus) services() string { return filepath.Join(b.Home, "services") }

// Startable has the bus start a program when somebody asks for its name.
func (b *Bus) Startable(name, command string) {
	b.t.Helper()
	file := filepath.Join(b.services(), name+".service")
	text := "[D-BUS Service]\nName=" + name + "\nExec=" + command + "\n"
	if err := os.MkdirAll(b.services(), 0o700); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		b.t.Fatal(err)
	}
	if err := b.Conn().BusObject().Call("org.freedesktop.DBus.ReloadConfig", 0).Err; err != nil {
		b.t.Fatal(err)
	}
}

// Pause stops the bus; whoever asks it waits until Resume.
func (b *Bus) Pause() { b.daemon.Pause() }

// Resume lets a paused bus go on.
func (b *Bus) Resume() { b.daemon.Resume() }

// Kill ends the bus as a crash would.
func (b *Bus) Kill() { b.daemon.Kill() }

// Revive starts the bus at its old address.
func (b *Bus) Revive() {
	b.t.Helper()
	_ = os.Remove(b.socket())
	b.daemon = b.Run("dbus-daemon", "--config-file="+b.config(), "--nofork", "--print-address")
	b.daemon.Line()
}

// Program is a running program. It ends with the test.
type Program struct {
	t    testing.TB
	cmd  *exec.Cmd
	out  *bufio.Reader
	done chan struct{}
	kill sync.Once
}

// Run starts a program in the test's environment.
func (b *Bus) Run(name string, args ...string) *Program {
	b.t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		b.t.Fatal(err)
	}
	p := &Program{t: b.t, cmd: exec.Command(name, args...), out: bufio.NewReader(r), done: make(chan struct{})}
	p.cmd.Stdout = w
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := p.cmd.Start(); err != nil {
		b.t.Fatalf("start %s (is its package installed?): %v", name, err)
	}
	_ = w.Close()
	go func() {
		_ = p.cmd.Wait()
		close(p.done)
	}()
	b.t.Cleanup(func() {
		p.Kill()
		_ = r.Close()
	})
	return p
}

// Line is the next line that the program prints.
func (p *Program) Line() string {
	p.t.Helper()
	line, err := p.out.ReadString('\n')
	if err != nil {
		p.t.Fatalf("%s ended: %v", p.cmd.Path, err)
	}
	return strings.TrimSpace(line)
}

// Kill ends the program with its children and waits until it is gone. Once it
// is, its number may be another's.
func (p *Program) Kill() {
	p.kill.Do(func() { _ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) })
	<-p.done
}

// Pause stops the program; it hangs until Resume.
func (p *Program) Pause() { p.signal(syscall.SIGSTOP) }

// Resume lets a paused program go on.
func (p *Program) Resume() { p.signal(syscall.SIGCONT) }

func (p *Program) signal(s syscall.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}

// PID is the program's process.
func (p *Program) PID() int { return p.cmd.Process.Pid }

// Display starts a virtual screen and points the environment at it.
func (b *Bus) Display() {
	b.t.Helper()
	number := b.Run("Xvfb", "-displayfd", "1", "-screen", "0", "800x600x24", "-nolisten", "tcp").Line()
	b.env("DISPLAY", ":"+number)
	b.env("XAUTHORITY", filepath.Join(b.Home, "none"))
}

func (b *Bus) env(name, value string) {
	b.t.Helper()
	t, ok := b.t.(*testing.T)
	if !ok {
		b.t.Fatal("a display is for tests")
	}
	t.Setenv(name, value)
}

// Screenshot saves the virtual screen as PNG.
func (b *Bus) Screenshot(path string) {
	b.t.Helper()
	if out, err := exec.Command("import", "-window", "root", path).CombinedOutput(); err != nil {
		b.t.Fatalf("import: %v: %s", err, out)
	}
}

// Connect opens a connection that closes with the test.
func (b *Bus) Connect() *dbus.Conn {
	b.t.Helper()
	conn, err := dbus.Connect(b.Address)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// Conn is the test's own connection, made anew after the bus died.
func (b *Bus) Conn() *dbus.Conn {
	b.t.Helper()
	if b.conn == nil || !b.conn.Connected() {
		b.conn = b.Connect()
	}
	return b.conn
}

// WaitForName waits until somebody owns the name and gives who.
func (b *Bus) WaitForName(name string) (owner string) {
	b.t.Helper()
	conn := b.Connect()
	signals := make(chan *dbus.Signal, 16)
	conn.Signal(signals)
	if err := conn.AddMatchSignal(dbus.WithMatchInterface("org.freedesktop.DBus"), dbus.WithMatchMember("NameOwnerChanged"),
		dbus.WithMatchArg(0, name)); err != nil {
		b.t.Fatal(err)
	}
	deadline := time.After(Patience)
	for {
		if err := conn.BusObject().Call("org.freedesktop.DBus.GetNameOwner", 0, name).Store(&owner); err == nil {
			return owner
		}
		select {
		case <-signals:
		case <-deadline:
			b.t.Fatalf("nobody took the name %s", name)
		}
	}
}

// Eventually waits for what only another program's state can tell.
func Eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(Patience); time.Now().Before(deadline); {
		if ok() {
			return
		}
		time.Sleep(10 * time.Millisecond) // another process's state
	}
	t.Fatalf("didn't happen: %s", what)
}
