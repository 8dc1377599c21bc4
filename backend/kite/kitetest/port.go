package kitetest

import (
	"math/rand/v2"
	"net"
	"strconv"
	"testing"
)

// The ports that FreePort chooses from are below those that systems give to
// whoever asks for any or calls somebody: see
// /proc/sys/net/ipv4/ip_local_port_range. Among tests, one below each says whose
// it is.
const (
	firstPort = 26_000
	lastPort  = 32_000
	below     = lastPort - firstPort
)

// FreePort is a TCP port of this computer on which nobody listens until this
// test does, or what it starts. A port that the system chose may be anybody's
// once it is closed; this one only that of a test that asks here, and until the
// test ends no other is given it.
func FreePort(t testing.TB) int {
	t.Helper()
	for range 1000 {
		port := firstPort + rand.IntN(lastPort-firstPort) //nolint:gosec // no secret
		mine, err := listen(t, port-below)
		if err != nil {
			continue
		}
		if !free(t, port) {
			_ = mine.Close()
			continue
		}
		t.Cleanup(func() { _ = mine.Close() })
		return port
	}
	t.Fatal("no port is free")
	return 0
}

// free says that nobody listens there, be it as 127.0.0.1 or as ::1, which not
// every computer has.
func free(t testing.TB, port int) bool {
	t.Helper()
	l, err := listen(t, port)
	if err != nil {
		return false
	}
	_ = l.Close()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp6", net.JoinHostPort("::1", strconv.Itoa(port)))
	if err == nil {
		_ = conn.Close()
	}
	return err != nil
}

func listen(t testing.TB, port int) (net.Listener, error) {
	t.Helper()
	return (&net.ListenConfig{}).Listen(t.Context(), "tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
}
