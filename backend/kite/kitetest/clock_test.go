package kitetest_test

import (
	"context"
	"testing"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite/kitetest"
)

func TestBlockUntilWaiting_counts_nobody_who_was_woken(t *testing.T) {
	clock := kitetest.NewClock(kitetest.Morning)
	woken, goOn := make(chan struct{}), make(chan struct{})
	go func() {
		_ = clock.Wait(t.Context(), kitetest.Morning.Add(time.Hour))
		close(woken)
		<-goOn
		_ = clock.Wait(t.Context(), kitetest.Morning.Add(time.Hour))
	}()
	clock.BlockUntilWaiting(1)
	clock.Advance(time.Minute)
	again := make(chan struct{})
	go func() { clock.BlockUntilWaiting(1); close(again) }()
	<-woken
	select {
	case <-again:
		t.Error("whoever was woken counts as waiting")
	case <-time.After(50 * time.Millisecond):
	}
	close(goOn)
	<-again
}

func TestBlockUntilWaiting_counts_nobody_who_gave_up(t *testing.T) {
	clock := kitetest.NewClock(kitetest.Morning)
	later := kitetest.Morning.Add(time.Hour)
	ctx, cancel := context.WithCancel(t.Context())
	gone := make(chan struct{})
	go func() { _ = clock.Wait(ctx, later); close(gone) }()
	clock.BlockUntilWaiting(1)
	cancel()
	<-gone
	counted := make(chan struct{})
	go func() { clock.BlockUntilWaiting(1); close(counted) }()
	select {
	case <-counted:
		t.Error("whoever gave up counts as waiting")
	case <-time.After(50 * time.Millisecond):
	}
	go func() { _ = clock.Wait(t.Context(), later) }()
	<-counted
}
