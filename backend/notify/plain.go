//go:build !darwin && !windows

package notify

import (
	"context"

	"github.com/gen2brain/beeep"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

var problemAbsent = kite.Errorf(kite.EINTERNAL, "This desktop has no notification service.").
	WithHint("Start one, such as your desktop's own, dunst or notification-daemon. Until then this window shows what there is to tell.")

// plain shows a notice through beeep: no buttons, no handle, and gone by
// itself. Where beeep waits for a program that shows the notice for a while,
// as kdialog does, the deadline ends the waiting and not the notice; so only
// an error that comes in time counts.
//
// On Linux beeep is of little use and some danger: it speaks on the session
// bus's connection that tray and keyring share, adds a match there while it
// shows, launches a bus where there is none, and hangs with a service that
// hangs. So it is asked only where there is a bus and nobody on it is, or can
// be started as, the notification service. Then nothing answers to its match,
// its notify-send fails like we did, and what is gained is kdialog.
func (n *Notifier) plain(ctx context.Context, notice kite.Notice) error {
	ctx, cancel := context.WithTimeout(ctx, n.Deadline)
	defer cancel()
	show := beeep.Notify
	if notice.Urgent {
		show = beeep.Alert
	}
	_, err := within(ctx, func() (struct{}, error) {
		return struct{}{}, show(inert(title(notice.Title)), inert(body(notice.Body)), "")
	}, func(struct{}) {})
	if ctx.Err() != nil {
		return nil
	}
	return err
}

func init() { beeep.AppName = appName }
