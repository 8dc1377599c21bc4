package computer_test

import (
	"net"
	"testing"

	"github.com/kiteaccounts/kite-accounts/e2e/computer"
)

func TestListen_takes_no_port_twice_nor_the_kernels_own(t *testing.T) {
	kernels, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer kernels.Close() //nolint:errcheck // nothing was sent
	seen := map[int]bool{}
	for range 50 {
		l, err := computer.Listen(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		port := l.Addr().(*net.TCPAddr).Port
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		if seen[port] || port >= kernels.Addr().(*net.TCPAddr).Port {
			t.Errorf("port %d, taken before: %t; the kernel gave %s", port, seen[port], kernels.Addr())
		}
		seen[port] = true
	}
}
