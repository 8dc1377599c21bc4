package gateway

import (
	"errors"
	"net/http/httptest"
	"slices"
	"testing"
	"time"
)

// ending is a way to the program that notes what frees whom.
type ending struct {
	*httptest.ResponseRecorder
	steps []string
	went  chan struct{} // closed at the last step
}

func (e *ending) SetWriteDeadline(time.Time) error { e.steps = append(e.steps, "write"); return nil }

func (e *ending) SetReadDeadline(time.Time) error {
	e.steps = append(e.steps, "read")
	close(e.went)
	return nil
}

// Whoever answers once it is cancelled sets a deadline of its own, which must be
// the last one.
func TestWatch_sets_no_deadline_for_the_answer_in_Kites_place(t *testing.T) {
	e := &ending{ResponseRecorder: httptest.NewRecorder(), went: make(chan struct{})}
	d := newWatch(func(cause error) {
		if !errors.Is(cause, errSilent) {
			t.Errorf("cause %v", cause)
		}
		e.steps = append(e.steps, "cancelled")
	}, e, time.Nanosecond)
	<-e.went
	d.stop()
	if want := []string{"write", "cancelled", "read"}; !slices.Equal(e.steps, want) {
		t.Errorf("%q, want %q", e.steps, want)
	}
}

// The timer may have fired just before it was stopped, and its function begin
// after that.
func TestWatch_ends_nothing_once_it_has_stopped(t *testing.T) {
	e := &ending{ResponseRecorder: httptest.NewRecorder(), went: make(chan struct{})}
	cancel := func(error) { e.steps = append(e.steps, "cancelled") }
	d := newWatch(cancel, e, time.Hour)
	d.stop()
	d.end(cancel, e)
	if len(e.steps) > 0 {
		t.Errorf("%q", e.steps)
	}
}
