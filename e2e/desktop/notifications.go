package desktop

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/godbus/dbus/v5"
)

// Notifications says what answers as org.freedesktop.Notifications.
type Notifications int

// The notification services of a desktop.
const (
	NotificationsNone   Notifications = iota // nobody
	NotificationsBubble                      // notification-daemon: bubbles with buttons, one at a time
	NotificationsDunst                       // dunst: no buttons on the screen, dunstctl answers for the user
)

const (
	notificationsName = "org.freedesktop.Notifications"
	notificationsPath = dbus.ObjectPath("/org/freedesktop/Notifications")
)

// StartNotifications starts the service that the options name, as after a
// login or a crash.
func (d *Desktop) StartNotifications() error {
	if d.notifications != nil {
		return errors.New("start notifications: the service runs")
	}
	program := "dunst"
	switch d.options.Notifications {
	case NotificationsNone:
		return errors.New("start notifications: the desktop's options name no service")
	case NotificationsBubble:
		var err error
		if program, err = findProgram("notification-daemon"); err != nil {
			return err
		}
	case NotificationsDunst:
	}
	p, err := d.run("notifications", nil, d.Env(), program)
	if err != nil {
		return err
	}
	d.notifications = p
	err = Await("notifications", serviceDeadline, func() bool {
		owned, err := d.hasOwner(notificationsName)
		return p.failed() != nil || (err == nil && owned)
	})
	return errors.Join(err, p.failed())
}

// StopNotifications ends the service; what it showed goes with it.
func (d *Desktop) StopNotifications() error {
	if d.notifications == nil {
		return errors.New("stop notifications: no service runs")
	}
	d.notifications.end(2 * time.Second)
	d.notifications = nil
	return Await("the end of notifications", serviceDeadline, func() bool {
		owned, err := d.hasOwner(notificationsName)
		return err == nil && !owned
	})
}

// FreezeNotifications makes the service hang: it has its name on the bus and
// answers nothing.
func (d *Desktop) FreezeNotifications() error { return d.signalNotifications(Freeze) }

// ThawNotifications lets it go on, and answer what it was asked meanwhile.
func (d *Desktop) ThawNotifications() error { return d.signalNotifications(Thaw) }

func (d *Desktop) signalNotifications(s syscall.Signal) error {
	if d.notifications == nil {
		return errors.New("no notification service runs")
	}
	return d.notifications.Signal(s)
}

// NotificationsProcess is the running service, nil if there is none.
func (d *Desktop) NotificationsProcess() *Process { return d.notifications }

// Told is a call to the notification service, whether or not it answered.
type Told struct {
	ID        uint32 // the service's answer, 0 as long as there is none
	Withdrawn bool   // by CloseNotification
	Replaces  uint32
	App       string
	Title     string
	Body      string   // as sent: markup
	Actions   []string // labels, without that of the bubble itself
	Urgency   byte     // 0 low, 1 normal, 2 critical
	Timeout   int32    // milliseconds, -1 as the service likes, 0 never
	Resident  bool     // stays after a button was pressed
}

// call identifies a call on the bus.
type call struct {
	sender string
	serial uint32
}

// watchNotifications notes every notice that any program sends, from the
// desktop's start on: a bubble may be gone before anybody looks.
func (d *Desktop) watchNotifications() error {
	conn, err := d.Bus()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), serviceDeadline)
	defer cancel()
	rules := []string{"type='method_call',interface='" + notificationsName + "'", "type='method_return'"}
	err = conn.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.Monitoring.BecomeMonitor", 0, rules, uint32(0)).Err
	if err != nil {
		return errors.Join(fmt.Errorf("watch notifications: %w", err), conn.Close())
	}
	messages := make(chan *dbus.Message, 1000)
	// It ends with the bus: a connection that is closed while it eavesdrops
	// sends to a closed channel.
	conn.Eavesdrop(messages)
	go func() {
		asked := map[call]int{}
		for m := range messages {
			d.note(m, asked)
		}
	}()
	return nil
}

// note follows what is said to the notification service, and its answers:
// https://specifications.freedesktop.org/notification-spec/latest/protocol.html.
// asked has the place in told of each call that waits for its answer.
func (d *Desktop) note(m *dbus.Message, asked map[call]int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	member, _ := m.Headers[dbus.FieldMember].Value().(string)
	sender, _ := m.Headers[dbus.FieldSender].Value().(string)
	switch {
	case m.Type == dbus.TypeMethodCall && member == "Notify":
		if told, ok := readNotify(m.Body); ok {
			asked[call{sender, m.Serial()}] = len(d.told)
			d.told = append(d.told, told)
		}
	case m.Type == dbus.TypeMethodCall && member == "CloseNotification" && len(m.Body) == 1:
		for i := range d.told {
			d.told[i].Withdrawn = d.told[i].Withdrawn || d.told[i].ID == m.Body[0]
		}
	case m.Type == dbus.TypeMethodReply && len(m.Body) == 1:
		receiver, _ := m.Headers[dbus.FieldDestination].Value().(string)
		serial, _ := m.Headers[dbus.FieldReplySerial].Value().(uint32)
		if i, ok := asked[call{receiver, serial}]; ok {
			d.told[i].ID, _ = m.Body[0].(uint32)
			delete(asked, call{receiver, serial})
		}
	}
}

func readNotify(body []any) (told Told, ok bool) {
	var icon string
	var actions []string
	var hints map[string]dbus.Variant
	err := dbus.Store(body, &told.App, &told.Replaces, &icon, &told.Title, &told.Body, &actions, &hints, &told.Timeout)
	if err != nil {
		return told, false
	}
	for pair := range slices.Chunk(actions, 2) {
		if len(pair) == 2 && pair[0] != "default" {
			told.Actions = append(told.Actions, pair[1])
		}
	}
	told.Urgency = 1
	if urgency, ok := hints["urgency"].Value().(byte); ok {
		told.Urgency = urgency
	}
	told.Resident, _ = hints["resident"].Value().(bool)
	return told, true
}

// Told is every notice that was sent on this desktop so far, oldest first,
// also while no service ran or answered.
func (d *Desktop) Told() []Told {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.told)
}

// DunstShown counts what dunst has on the screen. Its bubbles have no buttons
// and no accessible names, but go when they are withdrawn, which those of
// notification-daemon don't.
func (d *Desktop) DunstShown() (int, error) {
	out, err := d.Dunst("count", "displayed")
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(out))
}

// Dunst runs dunstctl: action does what a click on the newest bubble does,
// close-all takes all of them away, history lists those that are gone.
func (d *Desktop) Dunst(args ...string) (string, error) {
	return d.Command("", "dunstctl", args...)
}
