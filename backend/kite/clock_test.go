package kite_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
)

func TestSystemClockTellsWallTimeInUTC(t *testing.T) {
	before := time.Now()
	now := kite.SystemClock{}.Now()
	if now.Location() != time.UTC || strings.Contains(now.String(), "m=") || now.Before(before.Round(0)) || now.After(time.Now().Round(0)) {
		t.Errorf("Now() = %v", now)
	}
}

func TestSystemClockWaits(t *testing.T) {
	clock := kite.SystemClock{}
	for _, d := range []time.Duration{-time.Hour, 0, 20 * time.Millisecond} {
		until := clock.Now().Add(d)
		if err := clock.Wait(t.Context(), until); err != nil || clock.Now().Before(until) {
			t.Errorf("Wait(%v) = %v at %v", d, err, clock.Now())
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := clock.Wait(ctx, clock.Now().Add(time.Hour)); !errors.Is(err, context.Canceled) {
		t.Errorf("Wait after cancel = %v", err)
	}
}

func TestAccountEndpoints(t *testing.T) {
	embedded, live, other := kitetest.SandboxAccount("a"), kitetest.Account("b"), kitetest.SandboxAccount("c")
	other.Endpoints = kite.Endpoints{LoginURL: "https://sandbox.kite.trade/connect/login", APIRoot: "https://sandbox.kite.trade/oms"}
	if !embedded.UsesEmbeddedSandbox() || live.UsesEmbeddedSandbox() || other.UsesEmbeddedSandbox() {
		t.Error("only a sandbox account without endpoints uses the embedded sandbox")
	}
	if !(kite.Endpoints{}).IsZero() || (kite.Endpoints{APIRoot: "x"}).IsZero() || (kite.Endpoints{LoginURL: "x"}).IsZero() {
		t.Error("IsZero is wrong")
	}
}
