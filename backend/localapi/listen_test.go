package localapi_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/localapi"
)

func TestP5_a_port_that_is_taken_is_said(t *testing.T) {
	for _, address := range []string{"127.0.0.1:0", "0.0.0.0:0"} {
		other, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp4", address)
		if err != nil {
			t.Fatal(err)
		}
		port := other.Addr().(*net.TCPAddr).Port
		l, err := localapi.ListenPort(t.Context(), port)
		e := kite.AsError(err)
		if l != nil || e.Code != kite.ECONFLICT || !strings.Contains(e.Message, strconv.Itoa(port)) || !strings.Contains(e.Hint, "--port") {
			t.Errorf("%s: %v, %+v", address, l, e)
		}
		_ = other.Close()
	}
}

func TestListenPort_is_loopback_only(t *testing.T) {
	l, err := localapi.ListenPort(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // only looked at
	if ip := l.Addr().(*net.TCPAddr).IP; !ip.Equal(net.IPv4(127, 0, 0, 1)) {
		t.Errorf("it listens on %v", ip)
	}
	for _, port := range []int{-1, 65536} {
		if _, err := localapi.ListenPort(t.Context(), port); kite.ErrorCode(err) != kite.EINVALID {
			t.Errorf("%d: %v", port, err)
		}
	}
}

// socketClient asks over a Unix socket, with a Host of its own.
func socketClient(path string) *http.Client {
	return &http.Client{Timeout: patience, Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", path)
		},
	}}
}

func TestUnix_socket_is_its_users_alone(t *testing.T) {
	b := newBench(t)
	b.account(1)
	_, token := b.client("Program")
	path := filepath.Join(b.folder, "api.sock")
	l, err := localapi.ListenUnix(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	second := localapi.New(b.server.Config)
	go func() { done <- second.Serve(ctx, l) }()
	if info, err := os.Lstat(path); err != nil || info.Mode() != os.ModeSocket|0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://any.host/v1/accounts", nil)
	for want, header := range map[int]http.Header{
		http.StatusOK:           {"Authorization": {"Bearer " + token}},
		http.StatusUnauthorized: {},
		http.StatusForbidden:    {"Authorization": {"Bearer " + token}, "Origin": {"null"}},
	} {
		r.Header = header
		resp, err := socketClient(path).Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%v: %d", header, resp.StatusCode)
		}
	}
	if _, err := localapi.ListenUnix(t.Context(), path); kite.ErrorCode(err) != kite.ECONFLICT {
		t.Errorf("a second one: %v", err)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("left behind: %v", err)
	}
	if left, err := filepath.Glob(filepath.Join(b.folder, ".s*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestListenUnix_takes_the_place_of_a_dead_one_only(t *testing.T) {
	folder := t.TempDir()
	dead, file := filepath.Join(folder, "dead"), filepath.Join(folder, "file")
	old, err := (&net.ListenConfig{}).Listen(t.Context(), "unix", dead)
	if err != nil {
		t.Fatal(err)
	}
	old.(*net.UnixListener).SetUnlinkOnClose(false)
	_ = old.Close()
	if err := os.WriteFile(file, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, code := range map[string]string{
		dead: "", file: kite.ECONFLICT, folder: kite.ECONFLICT,
		filepath.Join(folder, "no", "folder"):              kite.EINVALID,
		filepath.Join(folder, strings.Repeat("long", 100)): kite.EINVALID,
	} {
		l, err := localapi.ListenUnix(t.Context(), path)
		if kite.ErrorCode(err) != code {
			t.Errorf("%s: %v", path, err)
		}
		if err == nil {
			_ = l.Close()
		}
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != "precious" {
		t.Errorf("the file: %q, %v", text, err)
	}
}

func TestListenUnix_leaves_its_successor_alone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "api.sock")
	first, err := localapi.ListenUnix(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	second, err := localapi.ListenUnix(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Error(err)
	}
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "unix", path)
	if err != nil {
		t.Fatalf("the second one can't be reached once the first ended: %v", err)
	}
	_ = conn.Close()
	if err := second.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("left behind: %v", err)
	}
}

func TestServe_ends_with_its_context(t *testing.T) {
	b := newBench(t, func(c *localapi.Config) { c.Limits.Goodbye = time.Hour })
	_, token := b.client("Program")
	resp, err := http.DefaultClient.Do(b.request("GET", "/v1/events", token, ""))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // ends with the server
	ended := make(chan struct{})
	go func() { b.stop(); close(ended) }()
	b.mustGet(ended, "it waits for a stream that is open")
}
