package notify

import (
	"context"
	"errors"
	"sync/atomic"

	"git.sr.ht/~jackmordaunt/go-toast/v2/wintoast"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// activator is the COM class by which Windows tells presses.
const activator = "{6C4B3E0E-6E0B-4C25-9B55-2C7A3D1D5E64}"

// desktop are Windows' toasts. They can't be found again through go-toast: a
// notice is never replaced or withdrawn.
type desktop struct{ count *atomic.Uint64 }

func newDesktop() desktop { return desktop{count: new(atomic.Uint64)} }

// Run hears answers until ctx ends.
func (n *Notifier) Run(ctx context.Context) {
	wintoast.SetActivationCallback(func(_, arguments string, _ []wintoast.UserData) {
		if answer, ours := parseArguments(arguments); ours {
			n.Answers(answer)
		}
	})
	if err := wintoast.SetAppData(wintoast.AppData{AppID: appName, GUID: activator}); err != nil {
		n.log.Warn("toasts won't be answered", "error", err)
	}
	<-ctx.Done()
}

// Adopt has nothing to do: Windows forgets a process's toasts with it.
func (n *Notifier) Adopt(kite.NoticeHandle, kite.Request) {}

func (n *Notifier) show(ctx context.Context, notice kite.Notice, _ kite.NoticeHandle) (kite.NoticeHandle, error) {
	handle := toastHandle(n.desktop.count.Add(1))
	text, err := toastXML(notice, handle)
	if err != nil {
		return "", err
	}
	deadline, cancel := context.WithTimeout(ctx, n.Deadline)
	defer cancel()
	// Without go-toast's fallback, a PowerShell script in which account names
	// would be code.
	_, err = within(deadline, func() (struct{}, error) { return struct{}{}, wintoast.Push(appName, text) }, func(struct{}) {})
	if err == nil || deadline.Err() != nil {
		return handle, err
	}
	if plain := n.plain(ctx, notice); plain != nil {
		return "", problemAbsent.Because(errors.Join(err, plain))
	}
	return "", nil
}

// Withdraw does nothing, since go-toast can't.
func (n *Notifier) Withdraw(context.Context, kite.NoticeHandle) error { return nil }
