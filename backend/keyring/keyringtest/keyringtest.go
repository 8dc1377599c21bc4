//go:build linux

// Package keyringtest gives a test a session bus of its own, with or without
// a real Secret Service on it. A missing daemon fails the test.
package keyringtest

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// Bus is a private session bus; the test's environment points to it.
type Bus struct {
	Address string
	t       testing.TB
}

const loginCollection = dbus.ObjectPath("/org/freedesktop/secrets/collection/login")

// emptyConfig is a bus on which nothing can be started by name.
const emptyConfig = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=%s</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`

// StartBus starts a bus and points the environment at it until the test ends.
// The test must not be parallel.
func StartBus(t testing.TB) *Bus {
	t.Helper()
	home := shortTemp(t)
	b := &Bus{t: t}
	for _, v := range [][2]string{
		{"HOME", home}, {"XDG_RUNTIME_DIR", filepath.Join(home, "run")}, {"XDG_DATA_HOME", filepath.Join(home, "data")},
		{"XDG_CONFIG_HOME", filepath.Join(home, "config")}, {"XDG_CACHE_HOME", filepath.Join(home, "cache")},
	} {
		if err := os.MkdirAll(v[1], 0o700); err != nil {
			t.Fatal(err)
		}
		t.Setenv(v[0], v[1])
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	config := filepath.Join(home, "bus.conf")
	if err := os.WriteFile(config, fmt.Appendf(nil, emptyConfig, home), 0o600); err != nil {
		t.Fatal(err)
	}
	out := b.start("dbus-daemon", "--config-file="+config, "--nofork", "--print-address")
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("dbus-daemon: %v", err)
	}
	b.Address = strings.TrimSpace(line)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", b.Address)
	return b
}

// shortTemp is a folder whose path leaves room for sockets.
func shortTemp(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "bus-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// start runs a daemon until the test ends and returns its stdout.
func (b *Bus) start(name string, args ...string) *os.File {
	b.t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		b.t.Fatal(err)
	}
	cmd := exec.Command(name, args...)
	cmd.Stdout = w
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		b.t.Fatalf("start %s (is its package installed?): %v", name, err)
	}
	_ = w.Close()
	b.t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		_ = cmd.Wait()
		_ = r.Close()
	})
	return r
}

// StartKeyring runs gnome-keyring-daemon. Unlocked has an open login keyring
// with an empty password; otherwise there is a service without collections.
func (b *Bus) StartKeyring(unlocked bool) (pid int) {
	b.t.Helper()
	args := []string{"--foreground", "--components=secrets"}
	if unlocked {
		args = append(args, "--unlock")
	}
	cmd := exec.Command("gnome-keyring-daemon", args...)
	if unlocked {
		cmd.Stdin = bytes.NewBufferString("\n")
	}
	if err := cmd.Start(); err != nil {
		b.t.Fatalf("start gnome-keyring-daemon (is its package installed?): %v", err)
	}
	b.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	b.waitForService(unlocked)
	return cmd.Process.Pid
}

// waitForService asks the service alone, which answers once it has started;
// GNOME's keyring 42 aborts when it is asked for a property of a collection
// before that.
func (b *Bus) waitForService(withLogin bool) {
	b.t.Helper()
	service := b.connect().Object("org.freedesktop.secrets", "/org/freedesktop/secrets")
	deadline := time.Now().Add(time.Minute)
	for time.Now().Before(deadline) {
		var v dbus.Variant
		err := service.Call("org.freedesktop.DBus.Properties.Get", 0, "org.freedesktop.Secret.Service", "Collections").Store(&v)
		collections, _ := v.Value().([]dbus.ObjectPath)
		if err == nil && (!withLogin || slices.Contains(collections, loginCollection)) {
			return
		}
		time.Sleep(10 * time.Millisecond) // another process's state
	}
	b.t.Fatal("gnome-keyring-daemon didn't start")
}

func (b *Bus) connect() *dbus.Conn {
	b.t.Helper()
	conn, err := dbus.Connect(b.Address)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// Lock locks the login keyring.
func (b *Bus) Lock() {
	b.t.Helper()
	err := b.connect().Object("org.freedesktop.secrets", "/org/freedesktop/secrets").Call("org.freedesktop.Secret.Service.Lock", 0,
		[]dbus.ObjectPath{loginCollection}).Err
	if err != nil {
		b.t.Fatal(err)
	}
}
