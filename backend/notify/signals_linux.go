package notify

import (
	"context"
	"slices"

	"github.com/godbus/dbus/v5"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/sessionbus"
)

// Signals of the service and why it closes a notice.
const (
	actionInvoked    = serviceName + ".ActionInvoked"
	noticeClosed     = serviceName + ".NotificationClosed"
	nameOwnerChanged = "org.freedesktop.DBus.NameOwnerChanged"
	timeIsUp         = 1
	dismissedByUser  = 2
)

// Run hears answers until ctx ends. It comes back by itself when the bus or the
// service does.
func (n *Notifier) Run(ctx context.Context) {
	if sessionbus.Address() == "" {
		n.setProblem(problemAbsent)
	}
	n.desktop.link.Run(ctx, n.serve)
}

func (n *Notifier) serve(ctx context.Context, conn *dbus.Conn, ready func()) {
	signals := make(chan *dbus.Signal, 16)
	conn.Signal(signals)
	for _, match := range [][]dbus.MatchOption{
		{dbus.WithMatchSender("org.freedesktop.DBus"), dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, serviceName)},
		{dbus.WithMatchSender(serviceName), dbus.WithMatchObjectPath(servicePath), dbus.WithMatchInterface(serviceName)},
	} {
		if err := conn.AddMatchSignalContext(ctx, match...); err != nil {
			n.log.Warn("notices won't be answered", "error", err)
			return
		}
	}
	n.look(ctx, conn)
	ready()
	for s := range signals { // closed with the connection, which ends with ctx
		n.hear(ctx, conn, s)
	}
	if ctx.Err() == nil {
		n.ownedBy(server{})
		n.setProblem(problemAbsent)
	}
}

// look finds out whether notices can be shown, without starting a service.
func (n *Notifier) look(ctx context.Context, conn *dbus.Conn) {
	owner := ownerOf(ctx, conn)
	n.mu.Lock()
	same := n.desktop.server.owner == owner
	n.mu.Unlock()
	if !same {
		n.ownedBy(server{owner: owner})
	}
	var startable []string
	if owner == "" {
		_ = conn.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.ListActivatableNames", 0).Store(&startable)
	}
	if owner != "" || slices.Contains(startable, serviceName) {
		n.setProblem(nil)
	} else {
		n.setProblem(problemAbsent)
	}
}

func (n *Notifier) hear(ctx context.Context, conn *dbus.Conn, s *dbus.Signal) {
	if s.Name == nameOwnerChanged && s.Sender == "org.freedesktop.DBus" {
		n.look(ctx, conn)
		return
	}
	if len(s.Body) != 2 {
		return
	}
	id, ok := s.Body[0].(uint32)
	if !ok || !n.isFromServer(s.Sender) {
		return
	}
	n.awaitSent()
	switch s.Name {
	case actionInvoked:
		if key, ok := s.Body[1].(string); ok {
			n.pressed(conn, handleOf(s.Sender, id), key)
		}
	case noticeClosed:
		if reason, ok := s.Body[1].(uint32); ok {
			n.closed(handleOf(s.Sender, id), reason)
		}
	}
}

// awaitSent waits until what is being sent is known: it may be answered at once,
// and a goroutine that hears the answer may run before the one that got the ID.
// A service that hangs says nothing either, and its end ends the waiting.
func (n *Notifier) awaitSent() {
	n.desktop.sending.Lock()
	defer n.desktop.sending.Unlock()
}

func (n *Notifier) isFromServer(sender string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return sender == n.desktop.server.owner
}

// pressed passes an answer on and takes the notice away, which some services
// leave there. The service tells everybody of every notice:
// others' are known by their keys, or by a click on a notice that we don't know.
func (n *Notifier) pressed(conn *dbus.Conn, h kite.NoticeHandle, key string) {
	n.mu.Lock()
	known, ok := n.desktop.shown[h]
	delete(n.desktop.shown, h)
	n.mu.Unlock()
	do, ours := requestOf(key)
	if key == "default" && ok {
		do, ours = known.open, true
	}
	if ours {
		closeNotice(conn, h)
		n.Answers(kite.NoticeAnswer{Handle: h, Do: do})
	}
}

func (n *Notifier) closed(h kite.NoticeHandle, reason uint32) {
	n.mu.Lock()
	known, ok := n.desktop.shown[h]
	if ok {
		n.desktop.shown[h] = shown{open: known.open, gone: true}
	}
	n.mu.Unlock()
	if ok && !known.gone && (reason == dismissedByUser || reason == timeIsUp) {
		n.Closed(h)
	}
}
