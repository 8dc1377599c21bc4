package tray

import (
	"context"
	"log/slog"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/prop"

	"github.com/kiteaccounts/kite-accounts/backend/dbustest"
)

// shown is a running tray and what it tells.
type shown struct {
	*Tray
	t       *testing.T
	b       *dbustest.Bus
	chosen  chan Choice
	changed chan struct{}
	opened  chan struct{}
	over    chan struct{} // takes that the moment of the library is over
}

func running(t *testing.T, b *dbustest.Bus, change ...func(*Tray)) (s shown, stop func()) {
	t.Helper()
	s = shown{t: t, b: b, chosen: make(chan Choice, 10), changed: make(chan struct{}, 100), opened: make(chan struct{}, 10),
		over: make(chan struct{})}
	s.Tray = New(slog.New(slog.DiscardHandler), func(c Choice) { s.chosen <- c })
	s.OnChange = func() { s.changed <- struct{}{} }
	s.Opened = func() { s.opened <- struct{}{} }
	s.moment, s.Tray.over, s.deadline = time.Hour, s.over, dbustest.Patience
	s.link.First, s.link.Longest = 20*time.Millisecond, 100*time.Millisecond
	for _, f := range change {
		f(s.Tray)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.Run(ctx)
	}()
	stop = func() { cancel(); <-ended }
	t.Cleanup(stop)
	return s, stop
}

// present waits until the tray is there, or isn't.
func (s shown) waitFor(present bool) {
	s.t.Helper()
	deadline := time.After(dbustest.Patience)
	for s.Present() != present {
		select {
		case <-s.changed:
		case <-deadline:
			s.t.Fatalf("present isn't %v", present)
		}
	}
}

// next is the next thing told, within the patience of a test.
func next[T any](t *testing.T, from <-chan T) (told T) {
	t.Helper()
	select {
	case told = <-from:
	case <-time.After(dbustest.Patience):
		t.Fatal("nothing was told")
	}
	return told
}

// name is what fyne takes on the bus.
func name() string { return "org.kde.StatusNotifierItem-" + strconv.Itoa(os.Getpid()) + "-1" }

// standIn is a watcher that counts. Real ones hide how often they were asked.
type standIn struct {
	conn  *dbus.Conn
	t     *testing.T
	b     *dbustest.Bus
	asked chan string // senders, with the path
	mu    sync.Mutex
	items []string
	props *prop.Properties
}

// startWatcher puts a watcher on the bus, with or without a host that shows
// what it lists.
func startWatcher(t *testing.T, b *dbustest.Bus, hosted bool) *standIn {
	t.Helper()
	w := &standIn{conn: b.Connect(), t: t, b: b, asked: make(chan string, 10)}
	if err := w.conn.Export(w, watcherPath, watcherName); err != nil {
		t.Fatal(err)
	}
	props, err := prop.Export(w.conn, watcherPath, prop.Map{watcherName: {
		"IsStatusNotifierHostRegistered": {Value: hosted, Emit: prop.EmitTrue},
		"RegisteredStatusNotifierItems":  {Value: []string{}, Emit: prop.EmitTrue},
	}})
	if err != nil {
		t.Fatal(err)
	}
	w.props = props
	if reply, err := w.conn.RequestName(watcherName, dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatalf("%v, %v", reply, err)
	}
	return w
}

// RegisterStatusNotifierItem is the watcher's method.
func (w *standIn) RegisterStatusNotifierItem(sender dbus.Sender, path string) *dbus.Error {
	w.mu.Lock()
	w.items = append(w.items, string(sender)+path)
	w.props.SetMust(watcherName, "RegisteredStatusNotifierItems", append([]string(nil), w.items...))
	w.mu.Unlock()
	w.emit("StatusNotifierItemRegistered", string(sender)+path)
	w.asked <- string(sender) + path // and it may be ended
	return nil
}

func (w *standIn) emit(member string, body ...any) {
	if err := w.conn.Emit(watcherPath, watcherName+"."+member, body...); err != nil {
		w.t.Error(err)
	}
}

// end returns when another watcher may come.
func (w *standIn) end() {
	w.t.Helper()
	_ = w.conn.Close()
	dbustest.Eventually(w.t, "the watcher leaves", func() bool {
		var there bool
		err := w.b.Conn().BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, watcherName).Store(&there)
		return err == nil && !there
	})
}

// listening returns when the library registers the icon with each watcher that
// comes. It asks once of its own accord, before it listens; whatever it asks
// after that, it asks since it has heard of a watcher.
func (s shown) listening() {
	s.t.Helper()
	asked := 0
	dbustest.Eventually(s.t, "the library hears of watchers", func() bool {
		w := startWatcher(s.t, s.b, true)
		defer w.end()
		select {
		case <-w.asked:
			asked++
		case <-time.After(time.Second):
		}
		return asked == 2
	})
	s.waitFor(false)
}

// askedOnce says that the icon came, and no second time once the moment in which
// the library registers it is over.
func (w *standIn) askedOnce(s shown) {
	w.t.Helper()
	next(w.t, w.asked)
	s.endMoment()
	select {
	case again := <-w.asked:
		w.t.Errorf("registered twice: %s", again)
	default:
	}
}

// endMoment returns when the tray has done what it does once the moment is over.
func (s shown) endMoment() {
	s.t.Helper()
	for range 2 { // it takes the second word after what it did at the first
		select {
		case s.over <- struct{}{}:
		case <-time.After(dbustest.Patience):
			s.t.Fatal("the tray watches nothing")
		}
	}
}

// line is one line of the menu as a tray reads it.
type line struct {
	id      int32
	label   string
	enabled bool
	kind    string
}

// layout reads the visible menu over D-Bus.
func (s shown) layout() (lines []line) {
	s.t.Helper()
	var revision uint32
	var root struct {
		ID       int32
		Props    map[string]dbus.Variant
		Children []dbus.Variant
	}
	err := s.menu().Call("com.canonical.dbusmenu.GetLayout", 0, int32(0), int32(-1), []string{}).Store(&revision, &root)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, child := range root.Children {
		fields, _ := child.Value().([]any)
		id, _ := fields[0].(int32)
		props, _ := fields[1].(map[string]dbus.Variant)
		if visible, ok := props["visible"].Value().(bool); ok && !visible {
			continue
		}
		l := line{id: id}
		l.label, _ = props["label"].Value().(string)
		l.enabled, _ = props["enabled"].Value().(bool)
		l.kind, _ = props["type"].Value().(string)
		lines = append(lines, l)
	}
	return lines
}

// readOnce gets the library's first answer out of the way. It is followed, 150 ms
// later, by a count of the menu's revisions under the wrong lock, which would be
// a data race with every other reading. A change of ours before and after it
// puts them in order.
func (s shown) readOnce() {
	s.t.Helper()
	s.fence()
	conn := s.b.Connect()
	signals := make(chan *dbus.Signal, 1000)
	conn.Signal(signals)
	if err := conn.AddMatchSignal(dbus.WithMatchSender(name()), dbus.WithMatchMember("LayoutUpdated")); err != nil {
		s.t.Fatal(err)
	}
	// It has its name before it can tell of changes.
	dbustest.Eventually(s.t, "the library tells of a change", func() bool {
		s.sayAgain()
		return len(signals) > 0
	})
	var before uint32
	var layout any
	call := s.menu().Call("com.canonical.dbusmenu.GetLayout", 0, int32(0), int32(-1), []string{})
	if err := call.Store(&before, &layout); err != nil {
		s.t.Fatal(err)
	}
	s.sayAgain()
	for revision := uint32(0); revision < before+2; { // ours and the library's
		revision, _ = next(s.t, signals).Body[0].(uint32)
	}
	s.sayAgain()
}

// sayAgain sends a text that is shown already.
func (s shown) sayAgain() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.items.line.native.SetTitle(s.items.line.text)
}

// fence waits until what the library said before has arrived.
func (s shown) fence() {
	s.t.Helper()
	if err := s.menu().Call("org.freedesktop.DBus.Peer.Ping", 0).Err; err != nil {
		s.t.Fatal(err)
	}
}

func (s shown) menu() dbus.BusObject { return s.b.Conn().Object(name(), "/StatusNotifierItem/menu") }

// labels are the visible menu's, with a dash for a separator and parentheses
// around what can't be chosen.
func (s shown) labels() (labels []string) {
	s.t.Helper()
	for _, l := range s.layout() {
		switch {
		case l.kind == "separator":
			labels = append(labels, "-")
		case !l.enabled:
			labels = append(labels, "("+l.label+")")
		default:
			labels = append(labels, l.label)
		}
	}
	return labels
}

// click chooses a line as a tray does.
func (s shown) click(label string) Choice {
	s.t.Helper()
	for _, l := range s.layout() {
		if l.label == label {
			err := s.menu().Call("com.canonical.dbusmenu.Event", 0, l.id, "clicked", dbus.MakeVariant(""), uint32(0)).Err
			if err != nil {
				s.t.Fatal(err)
			}
			return next(s.t, s.chosen)
		}
	}
	s.t.Fatalf("no line %q in %q", label, s.labels())
	return Choice{}
}
