package notify

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"

	"git.sr.ht/~jackmordaunt/go-toast/v2/wintoast"
	"golang.org/x/sys/windows/registry"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// activator is the COM class by which Windows tells presses.
const activator = "{6C4B3E0E-6E0B-4C25-9B55-2C7A3D1D5E64}"

// appID is what Windows knows the sender by: no more than 128 characters, and no
// spaces: https://learn.microsoft.com/en-us/windows/win32/shell/appids.
const appID = "io.github.kiteaccounts.KiteAccounts"

// appKey is where a program without a package says what it is called.
// https://learn.microsoft.com/en-us/windows/apps/design/shell/tiles-and-notifications/send-local-toast-other-apps
const appKey = `Software\Classes\AppUserModelId\` + appID

// desktop are Windows' toasts. They can't be found again through go-toast: a
// notice is never replaced or withdrawn.
type desktop struct{ count *atomic.Uint64 }

// newDesktop counts on from anywhere: Windows may keep the toasts of a process
// that has ended, and what it showed is remembered, so no handle may come again.
func newDesktop() desktop {
	d := desktop{count: new(atomic.Uint64)}
	d.count.Store(rand.Uint64()) //nolint:gosec // it is no secret
	return d
}

// Run hears answers until ctx ends.
func (n *Notifier) Run(ctx context.Context) {
	wintoast.SetActivationCallback(func(_, arguments string, _ []wintoast.UserData) {
		if answer, ours := parseArguments(arguments); ours {
			n.Answers(answer)
		}
	})
	if err := errors.Join(introduce(), wintoast.SetAppData(wintoast.AppData{AppID: appID, GUID: activator})); err != nil {
		n.log.Warn("toasts won't be answered", "error", err)
	}
	<-ctx.Done()
}

// introduce comes first: go-toast would call us by the ID, and leaves a name
// that is there.
func introduce() error {
	key, _, err := registry.CreateKey(registry.CURRENT_USER, appKey, registry.SET_VALUE)
	if err != nil {
		return fmt.Errorf("introduce program to Windows: %w", err)
	}
	return errors.Join(key.SetExpandStringValue("DisplayName", appName), key.Close())
}

// Adopt has nothing to do: a toast's answer carries its handle. One that
// outlived its process is answered once this one has shown a toast: only then
// go-toast tells Windows where presses go.
func (n *Notifier) Adopt(kite.NoticeHandle, kite.Request) {}

func (n *Notifier) show(ctx context.Context, notice kite.Notice, _ kite.NoticeHandle) (kite.NoticeHandle, error) {
	handle := toastHandle(n.desktop.count.Add(1))
	text, err := toastXML(notice, handle)
	if err != nil {
		return "", err
	}
	deadline, cancel := context.WithTimeout(ctx, n.Deadline)
	defer cancel()
	// Without go-toast's fallback, which is beeep's only way too: a PowerShell
	// script in which account names would be code.
	_, err = within(deadline, func() (struct{}, error) { return struct{}{}, wintoast.Push(appID, text) }, func(struct{}) {})
	if err == nil || deadline.Err() != nil {
		return handle, err
	}
	return "", problemFails.Because(err)
}

// Withdraw does nothing, since go-toast can't.
func (n *Notifier) Withdraw(context.Context, kite.NoticeHandle) error { return nil }
