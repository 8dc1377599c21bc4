package notify

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// desktop shows notices through osascript, in whose name they appear. They have
// no buttons and can't be found again.
type desktop struct{}

func newDesktop() desktop { return desktop{} }

// Run waits for ctx to end: there are no answers.
func (n *Notifier) Run(ctx context.Context) { <-ctx.Done() }

// Adopt has nothing to do.
func (n *Notifier) Adopt(kite.NoticeHandle, kite.Request) {}

func (n *Notifier) show(ctx context.Context, notice kite.Notice, _ kite.NoticeHandle) (kite.NoticeHandle, error) {
	input, err := jxaInput(notice)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, n.Deadline)
	defer cancel()
	cmd := exec.CommandContext(ctx, "/usr/bin/osascript", "-l", "JavaScript", "-e", jxa)
	cmd.Stdin = bytes.NewReader(input)
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", fmt.Errorf("run osascript: %w", err)
	}
	return "", nil
}

// Withdraw does nothing.
func (n *Notifier) Withdraw(context.Context, kite.NoticeHandle) error { return nil }
