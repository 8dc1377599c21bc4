package notify

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/esiqveland/notify"
	"github.com/godbus/dbus/v5"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/sessionbus"
)

// The Desktop Notifications specification,
// https://specifications.freedesktop.org/notification-spec/latest/.
const (
	serviceName = "org.freedesktop.Notifications"
	servicePath = dbus.ObjectPath("/org/freedesktop/Notifications")
	// desktopEntry names the .desktop file, from which services take icon and name.
	desktopEntry = "io.github.kiteaccounts.KiteAccounts"
)

// desktop is the notification service of the session bus.
type desktop struct {
	link   *sessionbus.Link
	server server
	shown  map[kite.NoticeHandle]shown

	sending sync.RWMutex // read-locked from when a notice is sent until it is known
}

// server is who owns the service's name. Its IDs mean nothing to another one.
type server struct {
	owner           string // unique name on the bus
	asked           bool   // the rest is known
	actions, markup bool
}

// shown is a notice whose answer is awaited.
type shown struct {
	open kite.Request
	gone bool // it left the screen; some services tell that before the answer
}

const mostRemembered = 64 // notices that are gone

func newDesktop() desktop {
	return desktop{link: sessionbus.NewLink(), shown: map[kite.NoticeHandle]shown{}}
}

// Adopt tells of a notice that an earlier process showed, so that a click on it
// is answered with open and its dismissal is told. Without it only presses of
// its buttons are heard. A handle that no longer holds changes nothing.
//
// Services that tell answers only to the process that showed a notice, as dunst
// does, tell them to nobody after its end: there the notice must be shown once
// more in place of itself.
func (n *Notifier) Adopt(h kite.NoticeHandle, open kite.Request) {
	if _, _, ok := parseHandle(h); ok {
		n.remember(h, open)
	}
}

func (n *Notifier) show(ctx context.Context, notice kite.Notice, replaces kite.NoticeHandle) (kite.NoticeHandle, error) {
	handle, err := n.send(ctx, notice, replaces)
	if errors.Is(err, dbus.ErrClosed) { // the bus died under it and may be back
		handle, err = n.send(ctx, notice, replaces)
	}
	if isAbsent(err) && sessionbus.Pin() == nil && n.plain(ctx, notice) == nil {
		return "", nil
	}
	if isAbsent(err) || errors.Is(err, sessionbus.ErrNone) {
		return "", problemAbsent.Because(err)
	}
	return handle, err
}

func (n *Notifier) send(ctx context.Context, notice kite.Notice, replaces kite.NoticeHandle) (kite.NoticeHandle, error) {
	ctx, cancel := context.WithTimeout(ctx, n.Deadline)
	defer cancel()
	conn, err := n.desktop.link.Conn(ctx)
	if err != nil {
		return "", err
	}
	return within(ctx, func() (kite.NoticeHandle, error) {
		s, err := n.serverOf(ctx, conn)
		if err != nil || ctx.Err() != nil {
			return "", errors.Join(err, ctx.Err())
		}
		n.desktop.sending.RLock()
		defer n.desktop.sending.RUnlock()
		id, err := notify.SendNotification(conn, notification(notice, s, idAt(replaces, s.owner)))
		if err == nil && id == 0 {
			err = errors.New("it gave no ID")
		}
		if err != nil {
			return "", err
		}
		n.remember(handleOf(s.owner, id), notice.Open)
		return handleOf(s.owner, id), nil
	}, func(h kite.NoticeHandle) {
		closeNotice(conn, h)
		n.setProblem(nil)
	})
}

// markup escapes a text for services whose bodies are markup. The numeric
// entity for quotes is the one that all of them read.
var markup = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;")

// notification writes a notice in the service's words.
func notification(notice kite.Notice, s server, replaces uint32) notify.Notification {
	out := notify.Notification{
		AppName: appName, AppIcon: desktopEntry, ReplacesID: replaces,
		Summary: title(notice.Title), Body: body(notice.Body),
		Hints:         map[string]dbus.Variant{"desktop-entry": dbus.MakeVariant(desktopEntry)},
		ExpireTimeout: notify.ExpireTimeoutSetByNotificationServer,
	}
	out.SetUrgency(notify.UrgencyNormal)
	if notice.Urgent {
		out.SetUrgency(notify.UrgencyCritical)
		out.ExpireTimeout = notify.ExpireTimeoutNever
	}
	if s.markup {
		out.Body = markup.Replace(out.Body)
	}
	if s.actions {
		out.Actions = append(out.Actions, notify.NewDefaultAction("Open"))
		for _, a := range notice.Actions {
			out.Actions = append(out.Actions, notify.Action{Key: keyOf(a.Do), Label: title(a.Label)})
		}
	}
	return out
}

// serverOf finds out who shows notices now and what they can do. It starts the
// service where the bus knows how.
func (n *Notifier) serverOf(ctx context.Context, conn *dbus.Conn) (server, error) {
	owner := ownerOf(ctx, conn)
	n.mu.Lock()
	known := n.desktop.server
	n.mu.Unlock()
	if owner != "" && known.owner == owner && known.asked {
		return known, nil
	}
	capabilities, err := notify.GetCapabilities(conn)
	if err != nil {
		return server{}, fmt.Errorf("ask for its capabilities: %w", err)
	}
	s := server{
		owner:   ownerOf(ctx, conn),
		actions: slices.Contains(capabilities, "actions"), markup: slices.Contains(capabilities, "body-markup"),
		asked: true,
	}
	n.ownedBy(s)
	return s, nil
}

func ownerOf(ctx context.Context, conn *dbus.Conn) (owner string) {
	_ = conn.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.GetNameOwner", 0, serviceName).Store(&owner)
	return owner
}

// ownedBy keeps who shows notices now. Notices of another one are forgotten.
func (n *Notifier) ownedBy(s server) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.desktop.server = s
	maps.DeleteFunc(n.desktop.shown, func(h kite.NoticeHandle, _ shown) bool { return idAt(h, s.owner) == 0 })
}

func (n *Notifier) remember(h kite.NoticeHandle, open kite.Request) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.desktop.shown) >= mostRemembered {
		maps.DeleteFunc(n.desktop.shown, func(_ kite.NoticeHandle, s shown) bool { return s.gone })
	}
	n.desktop.shown[h] = shown{open: open}
}

// Withdraw takes a notice off the screen. One that is gone, with or without
// its service, is no error.
func (n *Notifier) Withdraw(ctx context.Context, h kite.NoticeHandle) error {
	owner, id, ok := parseHandle(h)
	if !ok {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, n.Deadline)
	defer cancel()
	conn, err := n.desktop.link.Conn(ctx)
	if err != nil || ownerOf(ctx, conn) != owner {
		return nil //nolint:nilerr // without bus or server nothing is on the screen
	}
	err = conn.Object(owner, servicePath).CallWithContext(ctx, serviceName+".CloseNotification", 0, id).Err
	if ctx.Err() != nil {
		return fmt.Errorf("withdraw notice: %w", asProblem(ctx.Err()))
	}
	if err != nil {
		n.log.Debug("a notice was gone already", "error", err)
	}
	return nil
}

func closeNotice(conn *dbus.Conn, h kite.NoticeHandle) {
	if owner, id, ok := parseHandle(h); ok {
		conn.Object(owner, servicePath).Go(serviceName+".CloseNotification", dbus.FlagNoReplyExpected, nil, id)
	}
}

// handleOf names a notice so that a later process finds it too.
func handleOf(owner string, id uint32) kite.NoticeHandle {
	return kite.NoticeHandle(owner + "/" + strconv.FormatUint(uint64(id), 10))
}

func parseHandle(h kite.NoticeHandle) (owner string, id uint32, ok bool) {
	owner, digits, ok := strings.Cut(string(h), "/")
	number, err := strconv.ParseUint(digits, 10, 32)
	return owner, uint32(number), ok && err == nil && number > 0 && strings.HasPrefix(owner, ":")
}

// idAt is the notice's ID if it is that owner's, else 0.
func idAt(h kite.NoticeHandle, owner string) uint32 {
	if of, id, ok := parseHandle(h); ok && of == owner {
		return id
	}
	return 0
}

// isAbsent says that nobody is, or can be started as, the service.
func isAbsent(err error) bool {
	var e dbus.Error
	return errors.As(err, &e) && (e.Name == "org.freedesktop.DBus.Error.ServiceUnknown" ||
		e.Name == "org.freedesktop.DBus.Error.NameHasNoOwner" || strings.HasPrefix(e.Name, "org.freedesktop.DBus.Error.Spawn."))
}
