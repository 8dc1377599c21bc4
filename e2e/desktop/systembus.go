package desktop

import (
	"context"
	"errors"
	"fmt"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/introspect"
)

// The system's login manager, which tells of suspend and resume:
// https://www.freedesktop.org/software/systemd/man/latest/org.freedesktop.login1.html.
const (
	loginManagerName      = "org.freedesktop.login1"
	loginManagerPath      = dbus.ObjectPath("/org/freedesktop/login1")
	loginManagerInterface = "org.freedesktop.login1.Manager"
)

// startSystemBus gives the desktop a system bus of its own, with a login
// manager that says what the test tells it to.
func (d *Desktop) startSystemBus() error {
	if !d.options.SystemBus {
		return nil
	}
	address, _, err := d.runBus("system-bus", "system-services")
	if err != nil {
		return err
	}
	d.systemAddr = address
	conn, err := dbus.Connect(address)
	if err != nil {
		return fmt.Errorf("connect to system bus: %w", err)
	}
	d.loginManager = conn
	node := introspect.Node{Interfaces: []introspect.Interface{{Name: loginManagerInterface, Signals: []introspect.Signal{
		{Name: "PrepareForSleep", Args: []introspect.Arg{{Name: "start", Type: "b"}}},
	}}}}
	err = conn.Export(introspect.NewIntrospectable(&node), loginManagerPath, "org.freedesktop.DBus.Introspectable")
	if err != nil {
		return fmt.Errorf("offer login manager: %w", err)
	}
	reply, err := conn.RequestName(loginManagerName, dbus.NameFlagDoNotQueue)
	if err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		return errors.Join(fmt.Errorf("offer login manager: answer %d", reply), err)
	}
	return nil
}

// SystemBus connects to the desktop's own system bus.
func (d *Desktop) SystemBus() (*dbus.Conn, error) {
	if d.systemAddr == "" {
		return nil, errors.New("connect to system bus: the desktop has none")
	}
	return dbus.Connect(d.systemAddr)
}

// Sleep says that the computer is about to be suspended. Nothing is suspended:
// a test that wants that stops processes with Freeze, moves the clock, and
// goes on with Thaw and Resume.
func (d *Desktop) Sleep() error { return d.prepareForSleep(true) }

// Resume says that the computer has been resumed.
func (d *Desktop) Resume() error { return d.prepareForSleep(false) }

func (d *Desktop) prepareForSleep(begins bool) error {
	if d.loginManager == nil {
		return errors.New("suspend: the desktop has no system bus")
	}
	if err := d.loginManager.Emit(loginManagerPath, loginManagerInterface+".PrepareForSleep", begins); err != nil {
		return fmt.Errorf("suspend: %w", err)
	}
	// The bus has passed the signal on when it answers what was sent after it.
	ctx, cancel := context.WithTimeout(context.Background(), serviceDeadline)
	defer cancel()
	return d.loginManager.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.Peer.Ping", 0).Err
}
