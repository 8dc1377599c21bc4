package program

import (
	"context"
	"sync"

	"github.com/kiteaccounts/kite-accounts/backend/expiry"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// NoticeRouter takes what the user does with notices, from a notifier that was
// made before there is a watch, to the watch that told them: in the order in
// which the desktop tells it, and without keeping the caller.
type NoticeRouter struct {
	mu    sync.Mutex
	watch *expiry.Watch // nil: nobody listens
	tasks chan task
}

// task is one thing that the user did.
type task func(ctx context.Context, watch *expiry.Watch, asked func(kite.Request))

// mostTasks is far more than a user can press before they are done.
const mostTasks = 64

// Serve lets answers go to that watch, and what they ask of the window to
// asked, until ctx ends.
func (r *NoticeRouter) Serve(ctx context.Context, watch *expiry.Watch, asked func(kite.Request)) {
	tasks := make(chan task, mostTasks)
	r.listen(watch, tasks)
	defer r.listen(nil, nil)
	for {
		select {
		case <-ctx.Done():
			return
		case do := <-tasks:
			do(ctx, watch, asked)
		}
	}
}

func (r *NoticeRouter) listen(watch *expiry.Watch, tasks chan task) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.watch, r.tasks = watch, tasks
}

// put adds a task; what nobody has done 64 answers later is dropped.
func (r *NoticeRouter) put(t task) {
	r.mu.Lock()
	defer r.mu.Unlock()
	select {
	case r.tasks <- t:
	default:
	}
}

// Answered takes a press on a notice.
func (r *NoticeRouter) Answered(a kite.NoticeAnswer) {
	r.put(func(ctx context.Context, watch *expiry.Watch, asked func(kite.Request)) {
		if request, wanted := watch.Answer(ctx, a); wanted {
			asked(request)
		}
	})
}

// Dismissed takes that a notice left the screen.
func (r *NoticeRouter) Dismissed(h kite.NoticeHandle) {
	r.put(func(ctx context.Context, watch *expiry.Watch, _ func(kite.Request)) { watch.Dismissed(ctx, h) })
}

// ServiceChanged takes that the desktop's notification service came or went.
func (r *NoticeRouter) ServiceChanged() {
	r.mu.Lock()
	watch := r.watch
	r.mu.Unlock()
	if watch != nil {
		watch.TryAgain()
	}
}
