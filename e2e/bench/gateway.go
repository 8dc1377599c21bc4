package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	gatewayCalls       = 4000 // for a median
	gatewayConnections = 64
	gatewayRound       = 3 * time.Second // of full load
	gatewayRounds      = 5
)

// measureGateway calls /user/margins directly and through the local API's
// gateway, in turns, with the simulated Kite, the gateway and the caller in a
// process each. The simulated Kite has no limit of requests here. The second
// target does nothing but write the same body: no server of Kite's answers
// that fast, it shows what the gateway itself can do.
func measureGateway() error {
	for _, target := range []string{"sandbox", "bare server"} {
		if err := measureGatewayTo(target); err != nil {
			return err
		}
	}
	return nil
}

func measureGatewayTo(target string) error {
	upstream, err := startPart(partUpstream, target)
	if err != nil {
		return err
	}
	defer upstream.end()
	root, token := upstream.says[0], upstream.says[1]
	serve, err := startPart(partGateway, root, token)
	if err != nil {
		return err
	}
	defer serve.end()
	direct := endpoint{root + "/user/margins", "token " + benchKey + ":" + token}
	gateway := endpoint{serve.says[0] + "/user/margins", "token any:" + serve.says[1]}
	fmt.Printf("Gateway to the %s, in turns with direct calls\n", target)
	return compareGateway(direct, gateway, serve.command.Process.Pid)
}

func compareGateway(direct, gateway endpoint, pid int) error {
	directly, through, err := medians(direct, gateway)
	if err != nil {
		return err
	}
	fmt.Printf("  added at the median %6.0f µs   %.0f µs through it, %.0f µs directly   goal: at most 150\n",
		micros(through-directly), micros(through), micros(directly))
	before, err := residentKiB(pid)
	if err != nil {
		return err
	}
	var rates [2][]float64
	var memory []int
	for range gatewayRounds {
		for i, e := range []endpoint{direct, gateway} {
			rate, err := e.load()
			if err != nil {
				return err
			}
			rates[i] = append(rates[i], rate)
		}
		now, err := residentKiB(pid)
		if err != nil {
			return err
		}
		memory = append(memory, now)
	}
	d, g := middle(rates[0]), middle(rates[1])
	fmt.Printf("  at %d connections   %6.2f of the direct throughput   %.0f a second through it, %.0f directly   goal: at least 0.5\n", gatewayConnections, g/d, g, d)
	fmt.Printf("  memory (RSS)        %6.1f MiB before, %.1f after the first round, %.1f after the last   goal: constant\n",
		mib(before), mib(memory[0]), mib(memory[len(memory)-1]))
	return nil
}

func micros(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1000 }

func mib(kib int) float64 { return float64(kib) / 1024 }

func middle(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

func residentKiB(pid int) (int, error) { return field(fmt.Sprintf("/proc/%d/status", pid), "VmRSS:") }

// endpoint is where a call goes and what authorises it.
type endpoint struct{ url, authorization string }

func newCaller() *http.Client {
	return &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: gatewayConnections}, Timeout: 10 * time.Second}
}

func (e endpoint) call(caller *http.Client) error {
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, e.url, nil)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", e.authorization)
	resp, err := caller.Do(r)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %s", e.url, resp.Status)
	}
	return nil
}

// medians calls both in turns, one call at a time.
func medians(direct, gateway endpoint) (directly, through time.Duration, err error) {
	var times [2][]time.Duration
	caller := newCaller()
	for i := range gatewayCalls + gatewayCalls/10 {
		for n, e := range []endpoint{direct, gateway} {
			began := time.Now()
			if err := e.call(caller); err != nil {
				return 0, 0, err
			}
			if i >= gatewayCalls/10 { // the first ones warm up
				times[n] = append(times[n], time.Since(began))
			}
		}
	}
	slices.Sort(times[0])
	slices.Sort(times[1])
	return times[0][gatewayCalls/2], times[1][gatewayCalls/2], nil
}

// load calls as fast as it can and returns how many calls a second were
// answered.
func (e endpoint) load() (rate float64, err error) {
	var calls atomic.Int64
	var failed atomic.Pointer[error]
	var callers sync.WaitGroup
	caller := newCaller()
	began := time.Now()
	for range gatewayConnections {
		callers.Go(func() {
			for time.Since(began) < gatewayRound {
				if err := e.call(caller); err != nil {
					failed.Store(&err)
					return
				}
				calls.Add(1)
			}
		})
	}
	callers.Wait()
	caller.CloseIdleConnections()
	if err := failed.Load(); err != nil {
		return 0, *err
	}
	return float64(calls.Load()) / time.Since(began).Seconds(), nil
}

// part is one process of the measurement.
type part struct {
	command *exec.Cmd
	stdin   io.Closer
	says    []string // what it said of itself
}

// startPart runs this program again as that part, which ends with its stdin.
func startPart(name string, arguments ...string) (*part, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p := &part{command: exec.Command(self, append([]string{name}, arguments...)...)}
	p.command.Stderr = os.Stderr
	p.stdin, err = p.command.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := p.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.command.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		p.end()
		return nil, fmt.Errorf("wait for %s: %w", name, err)
	}
	p.says = strings.Fields(line)
	return p, nil
}

func (p *part) end() {
	_ = p.stdin.Close()
	_ = p.command.Wait()
}
