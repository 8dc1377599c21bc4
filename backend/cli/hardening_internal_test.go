//go:build linux && !e2e

package cli

import (
	"testing"

	"golang.org/x/sys/unix"
)

// state is what the kernel says of this process.
func state(t *testing.T) (dumpable int, core unix.Rlimit) {
	t.Helper()
	dumpable, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.Getrlimit(unix.RLIMIT_CORE, &core); err != nil {
		t.Fatal(err)
	}
	return dumpable, core
}

func TestWorkbench_is_hardened_and_leaves_the_core_limit(t *testing.T) {
	traceable := func() {
		if err := unix.Prctl(unix.PR_SET_DUMPABLE, 1, 0, 0, 0); err != nil {
			t.Fatal(err)
		}
	}
	traceable()
	t.Cleanup(traceable)
	_, before := state(t)
	bench(t, &commands{})
	if dumpable, core := state(t); dumpable != 0 || core != before {
		t.Errorf("the kernel says dumpable=%d core=%v, before %v", dumpable, core, before)
	}
}
