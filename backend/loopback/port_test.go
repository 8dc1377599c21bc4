package loopback_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
	"github.com/kiteaccounts/kite-accounts/backend/loopback"
)

func TestClose_gives_the_port_back_at_once(t *testing.T) {
	d := open(t, "localhost", nil)
	idle, err := net.Dial("tcp", d.address) // as browsers open in advance
	if err != nil {
		t.Fatal(err)
	}
	defer idle.Close()    //nolint:errcheck // the listener closes it
	started := time.Now() // the connection alone would keep it for five seconds
	if err := d.Close(); err != nil || time.Since(started) > 4500*time.Millisecond {
		t.Errorf("Close = %v after %s", err, time.Since(started))
	}
	again, err := loopback.New().Listen(t.Context(), d.callback, d.judge)
	if err != nil {
		t.Fatal(err)
	}
	_ = again.Close()
	select {
	case err := <-d.Failed():
		t.Errorf("Failed tells of %v", err)
	default:
	}
}

func TestListen_on_this_computer_only(t *testing.T) {
	for _, callback := range []string{
		"https://127.0.0.1:51730/kite/callback", "http://127.0.0.1/kite/callback", "http://127.0.0.1:0/", "http://127.0.0.1:99999/",
		"http://example.com:51730/", "http://0.0.0.0:51730/", "http://[::]:51730/", "http://127.0.0.2:51730/", "http://127.1:51730/",
		"http://localhost.evil.example:51730/", "http://user@127.0.0.1:51730/", "http://192.168.1.1:51730/", "http://[::ffff:127.0.0.1]:51730/", "\x00", "",
	} {
		w, err := loopback.New().Listen(t.Context(), callback, nil)
		if e := kite.AsError(err); err == nil || e.Code != kite.EINVALID || e.Field != "callbackUrl" || !strings.Contains(e.Hint, "pasting") {
			t.Errorf("%q: %v, %v", callback, w, err)
		}
	}
}

func TestListen_is_not_reachable_from_elsewhere(t *testing.T) {
	d := open(t, "localhost", nil)
	_, port, _ := net.SplitHostPort(d.address)
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range addresses {
		ip := a.(*net.IPNet).IP //nolint:forcetypeassert // all are
		conn, err := net.DialTimeout("tcp", net.JoinHostPort(ip.String(), port), time.Second)
		if err == nil {
			_ = conn.Close()
		}
		if (err == nil) && !ip.IsLoopback() {
			t.Errorf("%s is answered", ip)
		}
	}
}

func TestListen_explains_a_port_that_is_taken(t *testing.T) {
	d := open(t, "127.0.0.1", nil)
	_, port, _ := net.SplitHostPort(d.address)
	_, err := loopback.New().Listen(t.Context(), d.callback, d.judge)
	e := kite.AsError(err)
	if e.Code != kite.ECONFLICT || !strings.Contains(e.Message, "Port "+port) || !strings.Contains(e.Message, "another login of Kite Accounts") || !strings.Contains(e.Hint, "pasting") {
		t.Errorf("by another login: %v, hint %q", e, e.Hint)
	}
	other, pid := occupied(t)
	_, err = loopback.New().Listen(t.Context(), "http://127.0.0.1:"+other+"/", d.judge)
	if e := kite.AsError(err); e.Code != kite.ECONFLICT || !strings.Contains(e.Message, fmt.Sprintf("is taken by %s (process %d)", "loopback.test", pid)) {
		t.Errorf("by another program: %v", e)
	}
}

func TestListen_never_leaves_half_of_localhost_to_others(t *testing.T) {
	port := strconv.Itoa(kitetest.FreePort(t))
	other, err := net.Listen("tcp", "[::1]:"+port)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close() //nolint:errcheck // at the test's end
	_, err = loopback.New().Listen(t.Context(), "http://localhost:"+port+"/", nil)
	if kite.ErrorCode(err) != kite.ECONFLICT {
		t.Fatalf("Listen = %v, want ECONFLICT", err)
	}
	free, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		t.Fatalf("the other half is kept: %v", err)
	}
	_ = free.Close()
}

func TestListen_ends_with_nothing_of_the_url_in_what_it_says(t *testing.T) {
	d := open(t, "127.0.0.1", nil)
	_, _, body := d.ask(t, d.get("/kite/callback"+strings.Replace(query, state, "other", 1)))
	kitetest.NoSecretIn(t, "page", body, token, state)
}

// occupied is a port that another process listens on.
func occupied(t *testing.T) (port string, pid int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), "LOOPBACK_TEST_OCCUPY=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); _ = cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line), cmd.Process.Pid
}

func TestMain(m *testing.M) {
	if os.Getenv("LOOPBACK_TEST_OCCUPY") != "1" {
		os.Exit(m.Run())
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	fmt.Println(port)
	_, _ = l.Accept() // until it is killed
}
