package kitetest_test

import (
	"net"
	"strconv"
	"testing"

	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
)

func TestFreePort_is_given_once_and_may_be_listened_on_again_and_again(t *testing.T) {
	seen := map[int]bool{}
	for range 50 {
		port := kitetest.FreePort(t)
		if seen[port] || port >= 32768 {
			t.Errorf("port %d", port)
		}
		seen[port] = true
		for range 2 {
			l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
			if err != nil {
				t.Fatal(err)
			}
			_ = l.Close()
		}
	}
}
