package program_test

import (
	"os"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/agent"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/program"
)

// breakListener lets accepting fail on this process's listener at that port.
func breakListener(t *testing.T, port int) {
	t.Helper()
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range open {
		fd, err := strconv.Atoi(entry.Name())
		if err != nil {
			t.Fatal(err)
		}
		name, err := syscall.Getsockname(fd)
		at, isIP := name.(*syscall.SockaddrInet4)
		if err != nil || !isIP || at.Port != port {
			continue
		}
		if listens, err := syscall.GetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_ACCEPTCONN); err != nil || listens == 0 {
			continue
		}
		if err := syscall.Shutdown(fd, syscall.SHUT_RDWR); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Fatal("nothing listens")
}

func TestLocalAPI_that_ended_by_itself_may_be_started_again(t *testing.T) {
	b := newBench(t)
	p, s := b.start()
	ended := make(chan error, 1)
	api := &program.LocalAPI{Services: s, Log: p.Log, Ended: func(err error) { ended <- err }}
	t.Cleanup(api.Stop)
	port := kitetest.FreePort(t)
	if _, err := api.Start(t.Context(), port); err != nil {
		t.Fatal(err)
	}
	breakListener(t, port)
	select {
	case err := <-ended:
		if err == nil {
			t.Error("ended without an error")
		}
	case <-time.After(30 * time.Second):
		t.Fatal("nobody was told")
	}
	base, err := api.Start(t.Context(), port)
	if err != nil {
		t.Fatalf("not started again: %v", err)
	}
	if status, _ := callAPI(t, "GET", base+"/v1/accounts", "Bearer x", ""); status != 401 {
		t.Errorf("answers %d", status)
	}
	api.Stop()
	if len(ended) != 0 {
		t.Error("being stopped counts as ending by itself")
	}
}

func TestAccess_that_ended_by_itself_is_told_of_and_begins_again(t *testing.T) {
	s := newServing(t, true)
	s.listening(s.port)
	breakListener(t, s.port)
	s.says("told of", func(l agent.LocalAPI) bool {
		return l.On && l.Address == "" && l.Failure != nil && l.Failure.Code == kite.EINTERNAL
	})
	s.tell(kite.PreferencesChanged) // as after a minute
	s.listening(s.port)
	if status, _ := s.ask("GET", "/v1/accounts"); status != 200 {
		t.Errorf("answers %d", status)
	}
}
