package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

const appName = "Kite Accounts"

// Notifier implements kite.Notifier. Set the callbacks before Run; none of
// them may block.
type Notifier struct {
	Answers  func(kite.NoticeAnswer) // a button or a notice was pressed, also one that an earlier process showed
	Closed   func(kite.NoticeHandle) // a notice left the screen without an answer: dismissed, or its time was up
	Changed  func()                  // Problem tells something else now
	Deadline time.Duration           // of one call

	log     *slog.Logger
	mu      sync.Mutex
	problem *kite.Error
	desktop desktop
}

var _ kite.Notifier = (*Notifier)(nil)

// New returns a notifier whose calls take at most three seconds. It hears
// answers while Run runs.
func New(log *slog.Logger) *Notifier {
	return &Notifier{
		Answers: func(kite.NoticeAnswer) {}, Closed: func(kite.NoticeHandle) {}, Changed: func() {},
		Deadline: 3 * time.Second, log: log, desktop: newDesktop(),
	}
}

// What can be wrong, as the window says it.
var (
	problemHangs = kite.Errorf(kite.ETIMEOUT, "The desktop's notification service doesn't answer.").
			WithHint("Log out of the desktop and in again, or restart the service. Until then this window shows what there is to tell.")
	problemFails = kite.Errorf(kite.EINTERNAL, "The desktop's notification service refused a notice.").
			WithHint("The log has the details. This window shows what there is to tell.")
)

// Problem is why notices can't be shown, as far as is known; nil if they can.
// It asks nobody.
func (n *Notifier) Problem() *kite.Error {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.problem
}

// setProblem keeps the present state; nil is well. It logs each change once.
func (n *Notifier) setProblem(p *kite.Error) {
	n.mu.Lock()
	same := (p == nil) == (n.problem == nil) && (p == nil || p.Message == n.problem.Message)
	n.problem = p
	n.mu.Unlock()
	if same {
		return
	}
	if p != nil {
		n.log.Warn("notices can't be shown", "error", p)
	} else {
		n.log.Info("notices can be shown")
	}
	n.Changed()
}

// Show shows a notice, in place of an earlier one if that is still there. The
// handle is empty where the platform can't find the notice again. Its error is
// Problem's.
func (n *Notifier) Show(ctx context.Context, notice kite.Notice, replaces kite.NoticeHandle) (kite.NoticeHandle, error) {
	handle, err := n.show(ctx, notice, replaces)
	if ctx.Err() != nil && err != nil {
		return "", fmt.Errorf("show notice: %w", ctx.Err())
	}
	n.setProblem(asProblem(err))
	if err != nil {
		return "", fmt.Errorf("show notice: %w", asProblem(err))
	}
	return handle, nil
}

func asProblem(err error) *kite.Error {
	var p *kite.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &p):
		return p
	case errors.Is(err, context.DeadlineExceeded):
		return problemHangs
	default:
		return problemFails.Because(err)
	}
}

// within runs a call that knows no deadline. A result that comes too late goes
// to late.
func within[T any](ctx context.Context, call func() (T, error), late func(T)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	answers := make(chan answer) // unbuffered: either side knows whether the other took it
	go func() {
		value, err := call()
		select {
		case answers <- answer{value, err}:
		case <-ctx.Done():
			if err == nil {
				late(value)
			}
		}
	}()
	select {
	case a := <-answers:
		return a.value, a.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}
