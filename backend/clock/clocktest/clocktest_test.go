//go:build !e2e

package clocktest_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/clock"
	"github.com/kiteaccounts/kite-accounts/backend/clock/clocktest"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

func TestMain(m *testing.M) {
	if err := clocktest.Morning(); err != nil {
		panic(err)
	}
	if os.Getenv("CLOCKTEST_TELL") == "1" {
		_, _ = os.Stdout.WriteString(clock.ForDataDir("").Now().Format(time.RFC3339Nano))
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func TestMorning_is_so_in_every_process_of_the_test(t *testing.T) {
	before := clock.ForDataDir("").Now()
	if at := before.In(kite.IST); at.Hour() != 10 {
		t.Errorf("it is %v", at)
	}
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), "CLOCKTEST_TELL=1")
	out, err := child.Output()
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.Parse(time.RFC3339Nano, strings.TrimSpace(string(out)))
	if after := clock.ForDataDir("").Now(); err != nil || at.Before(before) || at.After(after) {
		t.Errorf("in another process it was %v between %v and %v, %v", at, before, after, err)
	}
}

func TestMorning_waits_by_its_own_time(t *testing.T) {
	clk := clock.ForDataDir("")
	until := clk.Now().Add(20 * time.Millisecond)
	if err := clk.Wait(t.Context(), until); err != nil || clk.Now().Before(until) {
		t.Errorf("Wait = %v at %v, until %v", err, clk.Now(), until)
	}
}
