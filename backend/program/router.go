package program

import (
	"context"
	"sync"

	"github.com/kiteaccounts/kite-accounts/backend/expiry"
	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// NoticeRouter takes what the user does with notices, from a notifier that was
// made before there is a watch, to the watch that told them.
type NoticeRouter struct {
	mu    sync.Mutex
	ctx   context.Context
	watch *expiry.Watch
	asked func(kite.Request)
}

// To lets answers go to that watch, and what they ask of the window to asked;
// nil for nowhere.
func (r *NoticeRouter) To(ctx context.Context, watch *expiry.Watch, asked func(kite.Request)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ctx, r.watch, r.asked = ctx, watch, asked
}

func (r *NoticeRouter) target() (context.Context, *expiry.Watch, func(kite.Request)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ctx, r.watch, r.asked
}

// Answered takes a press on a notice, without keeping its caller.
func (r *NoticeRouter) Answered(a kite.NoticeAnswer) {
	ctx, watch, asked := r.target()
	if watch == nil {
		return
	}
	go func() {
		if request, wanted := watch.Answer(ctx, a); wanted {
			asked(request)
		}
	}()
}

// Dismissed takes that a notice left the screen, without keeping its caller.
func (r *NoticeRouter) Dismissed(h kite.NoticeHandle) {
	if ctx, watch, _ := r.target(); watch != nil {
		go watch.Dismissed(ctx, h)
	}
}

// ServiceChanged takes that the desktop's notification service came or went.
func (r *NoticeRouter) ServiceChanged() {
	if _, watch, _ := r.target(); watch != nil {
		watch.TryAgain()
	}
}
