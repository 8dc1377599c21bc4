package gtkloop_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/kiteaccounts/kite-accounts/backend/gtkloop"
	"github.com/kiteaccounts/kite-accounts/backend/gtkloop/gtklooptest"
)

func TestMain(m *testing.M) { gtklooptest.Main(m) }

func TestDo_runs_everything_on_one_thread(t *testing.T) {
	var mu sync.Mutex
	threads := map[int]int{}
	var callers sync.WaitGroup
	for range 50 {
		callers.Go(func() {
			err := gtkloop.Do(func() {
				mu.Lock()
				defer mu.Unlock()
				threads[unix.Gettid()]++
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	callers.Wait()
	if len(threads) != 1 {
		t.Errorf("ran on %d threads: %v", len(threads), threads)
	}
	for _, runs := range threads {
		if runs != 50 {
			t.Errorf("ran %d times", runs)
		}
	}
}

func TestDo_on_the_loop_itself_runs_at_once(t *testing.T) {
	inner := false
	err := gtkloop.Do(func() {
		if err := gtkloop.Do(func() { inner = true }); err != nil {
			t.Error(err)
		}
	})
	if err != nil || !inner {
		t.Errorf("inner ran: %v, error %v", inner, err)
	}
}

func TestDo_gives_up_on_a_hanging_loop_and_never_runs_late(t *testing.T) {
	release, held := make(chan struct{}), make(chan struct{})
	var holder sync.WaitGroup
	holder.Go(func() {
		if err := gtkloop.Do(func() { close(held); <-release }); err != nil {
			t.Error(err)
		}
	})
	<-held
	late := false
	usual := gtkloop.Patience
	gtkloop.Patience = 50 * time.Millisecond // for this one alone
	err := gtkloop.Do(func() { late = true })
	gtkloop.Patience = usual
	if !errors.Is(err, gtkloop.ErrNotRunning) {
		t.Errorf("error %v", err)
	}
	close(release)
	holder.Wait()
	if err := gtkloop.Do(func() {}); err != nil { // is behind the late one in the queue
		t.Fatal(err)
	}
	if late {
		t.Error("ran after its caller had given up")
	}
}

func TestPatience_default(t *testing.T) {
	if gtkloop.Patience != 5*time.Second {
		t.Errorf("Patience = %v", gtkloop.Patience)
	}
}
