// Package computer is what tests of real programs take from the computer that
// they run on: ports, and a time of the day at which a session lasts.
package computer

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// firstPort is the first of the ports from which tests take theirs: browsers
// refuse none from there on.
const firstPort = 11_000

// ports are how many of them there are, before those that the kernel gives to
// who asks for any: ip(7).
var ports = sync.OnceValue(func() uint32 {
	first := uint64(32768)
	if text, err := os.ReadFile("/proc/sys/net/ipv4/ip_local_port_range"); err == nil {
		if known, err := strconv.ParseUint(strings.Fields(string(text))[0], 10, 16); err == nil {
			first = max(known, firstPort+1000)
		}
	}
	return uint32(first) - firstPort //nolint:gosec // of 16 bits
})

// taken counts the ports that were looked at; other processes begin elsewhere.
var taken atomic.Uint32

func init() { taken.Store(rand.Uint32N(ports())) } //nolint:gosec // no secret

// Listen occupies a port of this computer. Once the listener is closed, the port
// is for the program that was told it: neither a test nor a program that asks
// for any port gets it.
func Listen(ctx context.Context) (net.Listener, error) {
	var problem error
	for range 100 {
		address := fmt.Sprintf("127.0.0.1:%d", firstPort+taken.Add(1)%ports())
		l, err := new(net.ListenConfig).Listen(ctx, "tcp4", address)
		if err == nil {
			return l, nil
		}
		problem = err
	}
	return nil, errors.Join(errors.New("no port is free"), problem)
}

// PassCutOff waits until 06:00 IST is over if that is less than so long away by
// the computer's clock: a session that begins now would end meanwhile.
func PassCutOff(within time.Duration) {
	if left := time.Until(kite.NextCutoff(time.Now())); left < within {
		time.Sleep(left + time.Second)
	}
}
