package cli

import (
	"math"
	"runtime"
	"runtime/debug"
	"testing"
)

// An agent that serves has garbage at any rate: collecting only at a fixed
// amount would be all the time once more than that is in use.
func TestServing_lets_the_collector_run(t *testing.T) {
	percent, limit, processors := debug.SetGCPercent(100), debug.SetMemoryLimit(-1), runtime.GOMAXPROCS(0)
	t.Cleanup(func() { debug.SetGCPercent(percent); debug.SetMemoryLimit(limit); runtime.GOMAXPROCS(processors) })
	for _, c := range []struct {
		on      bool
		percent int
		limit   int64
	}{{false, -1, agentMemory}, {true, 100, math.MaxInt64}, {false, -1, agentMemory}} {
		serving(c.on)
		limit := debug.SetMemoryLimit(-1)
		if percent := debug.SetGCPercent(c.percent); percent != c.percent || limit != c.limit {
			t.Errorf("serving %v: collects at %d %%, limit %d", c.on, percent, limit)
		}
	}
}
