//go:build !windows

package agent_test

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/agent"
)

func TestSocket_works_below_a_long_path_and_only_its_user_can_reach_it(t *testing.T) {
	folder := filepath.Join(t.TempDir(), strings.Repeat("long", 20), strings.Repeat("er", 20))
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	listen(t, folder, "v1")
	if c := dial(t, folder, agent.RoleCommand); c.Status().Version != "v1" || !c.Compatible() {
		t.Errorf("status = %+v", c.Status())
	}
	info, err := os.Stat(filepath.Join(folder, "agent.sock"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("socket: %v, %v", info, err)
	}
}

func TestStopRunning_of_an_agent_that_is_ending(t *testing.T) {
	folder := t.TempDir()
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(folder, "agent.sock"), Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		defer l.Close() //nolint:errcheck // nothing was sent
		for range 3 {
			if conn, err := l.Accept(); err == nil {
				_ = conn.Close()
			}
		}
	}()
	if err := agent.StopRunning(t.Context(), folder); !errors.Is(err, agent.ErrNone) {
		t.Errorf("StopRunning = %v", err)
	}
}

func TestDial_to_what_a_killed_agent_leaves_behind(t *testing.T) {
	folder := t.TempDir()
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(folder, "agent.sock"), Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	_ = l.Close()
	if _, err := agent.Dial(t.Context(), folder, agent.RoleWindow); !errors.Is(err, agent.ErrNone) {
		t.Errorf("Dial to a dead socket = %v", err)
	}
	listen(t, folder, "v2")
	dial(t, folder, agent.RoleWindow)
}
