package gateway

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// watch ends an exchange in which nothing has moved for a while. A stream may
// last as long as it wants to.
type watch struct {
	timer   *time.Timer
	silence time.Duration

	ending  sync.Mutex // held while it ends the exchange
	stopped bool
}

func newWatch(cancel context.CancelCauseFunc, w http.ResponseWriter, silence time.Duration) *watch {
	d := &watch{silence: silence}
	d.timer = time.AfterFunc(silence, func() { d.end(cancel, w) })
	return d
}

// end frees whoever waits for the program to read first: once cancelled, the
// exchange may be answered in Kite's place, with a deadline of its own. Who
// waits for the program to send is freed last: the server takes that for the
// program's going away.
func (d *watch) end(cancel context.CancelCauseFunc, w http.ResponseWriter) {
	d.ending.Lock()
	defer d.ending.Unlock()
	if d.stopped {
		return
	}
	control := http.NewResponseController(w)
	_ = control.SetWriteDeadline(time.Now())
	cancel(errSilent)
	_ = control.SetReadDeadline(time.Now())
}

func (d *watch) alive() { d.timer.Reset(d.silence) }

// stop returns when it does nothing any more: the connection may have another
// request then. The timer may have fired without having begun.
func (d *watch) stop() {
	d.timer.Stop()
	d.ending.Lock()
	defer d.ending.Unlock()
	d.stopped = true
}

// upload is the program's body on its way to Kite. It remembers what was wrong
// with it, which the transport reports as if it were Kite's doing.
type upload struct {
	io.ReadCloser
	watch *watch
	left  int64
	whole atomic.Bool
	err   error
	done  chan struct{} // closed with err
}

func newUpload(body io.ReadCloser, limit int64, d *watch) *upload {
	return &upload{ReadCloser: body, watch: d, left: limit, done: make(chan struct{})}
}

// Read passes on at most left bytes and fails at the next.
func (u *upload) Read(p []byte) (int, error) {
	if int64(len(p)) > u.left+1 {
		p = p[:u.left+1]
	}
	n, err := u.ReadCloser.Read(p)
	u.watch.alive()
	if u.left -= int64(n); u.left < 0 {
		n, err = 0, errTooBig
	}
	switch {
	case errors.Is(err, io.EOF):
		u.whole.Store(true)
	case err != nil && u.err == nil:
		u.err = err
		close(u.done)
	}
	return n, err
}

// problem is what was wrong with the body; nil if nothing was.
func (u *upload) problem() error {
	select {
	case <-u.done:
		return u.err
	default:
		return nil
	}
}

// download is Kite's body on its way to the program.
type download struct {
	io.ReadCloser
	watch *watch
	err   error // with which it broke off
}

// Read counts as a sign of life.
func (d *download) Read(p []byte) (int, error) {
	n, err := d.ReadCloser.Read(p)
	d.watch.alive()
	if err != nil && !errors.Is(err, io.EOF) {
		d.err = err
	}
	return n, err
}

// writer is the way to the program. How long a piece may take to be taken is
// the server's business.
type writer struct {
	http.ResponseWriter
	watch    *watch
	status   int   // sent; 0 before
	expected int64 // bytes of the body; -1 if unknown
	written  int64
}

// WriteHeader leaves interim answers out: they carry headers that nobody has
// looked at.
func (w *writer) WriteHeader(status int) {
	if status >= http.StatusOK {
		w.status = status
		w.ResponseWriter.WriteHeader(status)
	}
}

// Write sends a piece that isn't the last at once. The last one goes out when
// the answer ends, which saves a system call for answers of one piece. Where
// the length is unknown the proxy itself sends each piece at once.
func (w *writer) Write(p []byte) (int, error) {
	n, err := w.ResponseWriter.Write(p)
	w.watch.alive()
	if w.written += int64(n); err == nil && w.written < w.expected {
		err = http.NewResponseController(w.ResponseWriter).Flush()
	}
	return n, err
}

// Unwrap is for http.ResponseController.
func (w *writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }
