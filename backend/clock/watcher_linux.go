package clock

import (
	"context"
	"errors"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// watcher follows what can make a waiting program look again, once for all of
// its Waits.
type watcher struct {
	mu      sync.Mutex
	waiting map[*os.File]struct{}
	changed time.Time // with a monotonic reading
	stop    context.CancelFunc
	running sync.WaitGroup
	closed  bool
	// settling is how long after a change every Wait stays short: whoever was
	// still deciding what to wait for when the change came would miss it.
	settling time.Duration
}

func newWatcher() *watcher {
	return &watcher{waiting: map[*os.File]struct{}{}, settling: time.Second}
}

// start begins to follow; what the computer doesn't have is done without.
func (w *watcher) start(zone *localZone) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	w.stop = stop
	if alarm, err := newAlarm(never, unix.TFD_TIMER_CANCEL_ON_SET); err == nil {
		w.read(ctx, alarm, func() { followClock(alarm, w.tell) })
	}
	if changes, err := zone.changes(); err == nil {
		w.read(ctx, changes, func() { zone.follow(changes, w.tell) })
	}
	w.running.Go(func() { followResumes(ctx, w.tell) })
}

// read runs follow until it returns, or the file is closed since ctx ended.
func (w *watcher) read(ctx context.Context, file io.Closer, follow func()) {
	w.running.Go(func() {
		defer context.AfterFunc(ctx, func() { _ = file.Close() })()
		follow()
	})
}

func (w *watcher) close() {
	w.mu.Lock()
	w.closed = true
	stop := w.stop
	w.mu.Unlock()
	if stop != nil {
		stop()
	}
	w.running.Wait()
}

// tell wakes every Wait.
func (w *watcher) tell() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.changed = time.Now()
	for alarm := range w.waiting {
		wake(alarm)
	}
}

// wakes lets changes end the alarm's ring until the returned function is
// called. One that is still settling ends it soon.
func (w *watcher) wakes(alarm *os.File) (forget func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.waiting[alarm] = struct{}{}
	if settled := w.changed.Add(w.settling); time.Now().Before(settled) {
		_ = alarm.SetReadDeadline(settled)
	}
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.waiting, alarm)
	}
}

// never is when the alarm that only tells of a set clock would ring.
var never = time.Date(2200, time.January, 1, 0, 0, 0, 0, time.UTC)

// followClock tells that the clock was set, until the alarm is closed. The
// kernel counts a resume as that, too.
func followClock(alarm io.Reader, tell func()) {
	for {
		switch err := ring(alarm); {
		case errors.Is(err, unix.ECANCELED):
			tell()
		case err != nil:
			return
		}
	}
}
