package tray

import (
	"context"
	"slices"
	"strings"
	"time"

	"fyne.io/systray"
	"github.com/godbus/dbus/v5"

	"github.com/kiteaccounts/kite-accounts/backend/sessionbus"
)

// StatusNotifierItem,
// https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem/.
const (
	watcherName  = "org.kde.StatusNotifierWatcher"
	watcherPath  = dbus.ObjectPath("/StatusNotifierWatcher")
	itemPath     = "/StatusNotifierItem" // where fyne has ours
	ownerChanged = "org.freedesktop.DBus.NameOwnerChanged"
)

// accessKey marks one in dbusmenu's labels.
const accessKey = "_"

// clickOpens says that a click opens the window; the other button has the menu.
const clickOpens = true

type platform struct {
	link     *sessionbus.Link
	moment   time.Duration   // for the library to register the icon by itself
	over     <-chan struct{} // a test's word that the moment is over
	deadline time.Duration   // of what the watcher is asked
}

func newPlatform() platform {
	return platform{link: sessionbus.NewLink(), moment: time.Second, deadline: 3 * time.Second}
}

const title = "Kite Accounts"

// Run shows the icon until ctx ends, on every tray that comes. Without a
// session bus it waits.
func (t *Tray) Run(ctx context.Context) {
	systray.SetTitle(title) // trays remember by it where the user wants the icon
	t.build()
	defer t.remove()
	go t.tellOpened(ctx)
	t.link.Run(ctx, t.serve)
}

// serve watches trays over conn while the library's connection, and with it
// the bus, lives.
func (t *Tray) serve(ctx context.Context, conn *dbus.Conn, ready func()) {
	defer t.setPresent(false)
	signals := make(chan *dbus.Signal, 16)
	conn.Signal(signals)
	for _, match := range [][]dbus.MatchOption{
		{dbus.WithMatchSender("org.freedesktop.DBus"), dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, watcherName)},
		{dbus.WithMatchSender(watcherName), dbus.WithMatchObjectPath(watcherPath), dbus.WithMatchInterface(watcherName)},
	} {
		if err := conn.AddMatchSignalContext(ctx, match...); err != nil {
			t.log.Warn("trays can't be watched", "error", err)
			return
		}
	}
	shared := startLibrary(ctx)
	if shared == nil {
		return
	}
	defer shared.Close() //nolint:errcheck // as the library does at its end; the icon leaves with it
	t.sendAgain()
	ready()
	t.watch(ctx, watcher{conn, shared, t.deadline}, signals)
}

// sendAgain sends what the library may have missed while it began: it takes icon
// and words for the bus first, and others reach that only once it has begun.
func (t *Tray) sendAgain() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.items == nil {
		return
	}
	t.items.icon = nil
	systray.SetTooltip(t.menu.Line)
	t.apply()
}

// startLibrary has fyne export icon and menu. It returns the connection that
// the library uses, nil if ctx ended or there is none: a bus that hangs would
// hold the library for ever.
func startLibrary(ctx context.Context) *dbus.Conn {
	started := make(chan *dbus.Conn, 1)
	go func() {
		if sessionbus.Pin() != nil {
			started <- nil
			return
		}
		shared, err := dbus.SessionBus() // first, so that it is known to be the library's
		if err != nil {
			started <- nil
			return
		}
		start, _ := systray.RunWithExternalLoop(nil, nil)
		start()
		started <- shared
	}()
	select {
	case shared := <-started:
		return shared
	case <-ctx.Done():
		return nil
	}
}

func (t *Tray) watch(ctx context.Context, w watcher, signals <-chan *dbus.Signal) {
	late := time.NewTimer(t.moment)
	defer late.Stop()
	for {
		present, answered := w.shows(ctx)
		t.setPresent(present)
		if !answered { // as a desktop that just starts may not; nobody tells when it does
			late.Reset(t.moment)
		}
		select {
		case <-w.shared.Context().Done():
			return
		case s, open := <-signals:
			if !open {
				return
			}
			if s.Name == ownerChanged {
				late.Reset(t.moment)
			}
		case <-late.C:
			t.register(ctx, w)
		case <-t.over:
			t.register(ctx, w)
		}
	}
}

func (t *Tray) register(ctx context.Context, w watcher) {
	if err := w.register(ctx); err != nil {
		t.log.Warn("a tray doesn't take the icon", "error", err)
	}
}

// watcher asks the tray of the moment.
type watcher struct {
	conn, shared *dbus.Conn
	deadline     time.Duration
}

// shows says whether there is a tray and it has our icon, and whether that was
// answered in time.
func (w watcher) shows(ctx context.Context) (present, answered bool) {
	ctx, cancel := context.WithTimeout(ctx, w.deadline)
	defer cancel()
	listed, err := w.listed(ctx)
	hosted, _ := w.property(ctx, "IsStatusNotifierHostRegistered").Value().(bool)
	return err == nil && listed && hosted, ctx.Err() == nil
}

// register registers the icon with a watcher that doesn't list it, over the
// library's connection and in the library's words, so that watchers take it
// for the same icon.
func (w watcher) register(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, w.deadline)
	defer cancel()
	if listed, err := w.listed(ctx); listed || err != nil {
		return nil //nolint:nilerr // there is no watcher
	}
	return w.shared.Object(watcherName, watcherPath).
		CallWithContext(ctx, watcherName+".RegisterStatusNotifierItem", 0, itemPath).Err
}

// listed says whether the watcher has our icon; an error, that there is no
// watcher.
func (w watcher) listed(ctx context.Context) (bool, error) {
	var owner string
	err := w.conn.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.GetNameOwner", 0, watcherName).Store(&owner)
	if err != nil {
		return false, err
	}
	list, _ := w.property(ctx, "RegisteredStatusNotifierItems").Value().([]string)
	return slices.ContainsFunc(list, func(item string) bool { return slices.Contains(w.shared.Names(), serviceOf(item)) }), nil
}

// serviceOf is the bus name in a watcher's words for an item: KDE and Xfce
// write ":1.5/StatusNotifierItem", GNOME's extension ":1.5@/StatusNotifierItem",
// and some the name alone.
func serviceOf(item string) string {
	if end := strings.IndexAny(item, "@/"); end >= 0 {
		return item[:end]
	}
	return item
}

func (w watcher) property(ctx context.Context, name string) (v dbus.Variant) {
	_ = w.conn.Object(watcherName, watcherPath).
		CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", dbus.FlagNoAutoStart, watcherName, name).Store(&v)
	return v
}
