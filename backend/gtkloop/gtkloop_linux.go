package gtkloop

/*
#cgo pkg-config: glib-2.0
#include <glib.h>
#include <stdint.h>

extern void gtkloopRun(uintptr_t handle);

static gboolean on_idle(gpointer handle) {
	gtkloopRun((uintptr_t)handle);
	return G_SOURCE_REMOVE;
}

static void add_idle(uintptr_t handle) {
	g_idle_add_full(G_PRIORITY_DEFAULT, on_idle, (gpointer)handle, NULL);
}

static gboolean on_loop(void) { return g_main_context_is_owner(g_main_context_default()); }
*/
import "C"

import (
	"errors"
	"runtime/cgo"
	"sync/atomic"
	"time"
)

// ErrNotRunning says that the loop took nothing in time: it hangs, has ended
// or never began.
var ErrNotRunning = errors.New("the desktop's main loop doesn't answer")

// Patience is how long Do waits for the loop to begin with its function.
var Patience = 5 * time.Second

// call is one function on its way. Whoever claims it first, the loop or the
// caller's patience, decides whether it runs.
type call struct {
	f       func()
	claimed atomic.Bool
	done    chan struct{}
}

// Do runs f on the loop's thread and waits for it. Called on that thread, it
// runs f at once. After ErrNotRunning f hasn't run and never will.
func Do(f func()) error {
	if C.on_loop() != 0 {
		f()
		return nil
	}
	patience := time.NewTimer(Patience)
	defer patience.Stop()
	c := &call{f: f, done: make(chan struct{})}
	C.add_idle(C.uintptr_t(cgo.NewHandle(c)))
	select {
	case <-c.done:
		return nil
	case <-patience.C:
		if c.claimed.CompareAndSwap(false, true) {
			return ErrNotRunning
		}
		<-c.done
		return nil
	}
}

//export gtkloopRun
func gtkloopRun(handle C.uintptr_t) {
	h := cgo.Handle(handle)
	c := h.Value().(*call)
	h.Delete()
	if c.claimed.CompareAndSwap(false, true) {
		c.f()
		close(c.done)
	}
}
