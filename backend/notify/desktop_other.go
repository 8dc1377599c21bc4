//go:build !linux && !windows && !darwin

package notify

import (
	"context"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// desktop is what beeep finds. It has no buttons and can't find a notice again.
type desktop struct{}

func newDesktop() desktop { return desktop{} }

// Run waits for ctx to end: there are no answers.
func (n *Notifier) Run(ctx context.Context) { <-ctx.Done() }

// Adopt has nothing to do.
func (n *Notifier) Adopt(kite.NoticeHandle, kite.Request) {}

func (n *Notifier) show(ctx context.Context, notice kite.Notice, _ kite.NoticeHandle) (kite.NoticeHandle, error) {
	if err := n.plain(ctx, notice); err != nil {
		return "", problemAbsent.Because(err)
	}
	return "", nil
}

// Withdraw does nothing.
func (n *Notifier) Withdraw(context.Context, kite.NoticeHandle) error { return nil }
