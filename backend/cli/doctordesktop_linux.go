package cli

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/kiteaccounts/kite-accounts/backend/doctor"
	"github.com/kiteaccounts/kite-accounts/backend/sessionbus"
)

// The services that show icons and notices:
// https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem/StatusNotifierWatcher/,
// https://specifications.freedesktop.org/notification-spec/latest/.
const (
	trayService   = "org.kde.StatusNotifierWatcher"
	noticeService = "org.freedesktop.Notifications"
	noticePath    = dbus.ObjectPath("/org/freedesktop/Notifications")
)

func (e *examination) tray(ctx context.Context) []doctor.Check {
	bus, closeBus := askBus(ctx, trayService)
	closeBus()
	return []doctor.Check{doctor.CheckTray(bus.Bus, e.agent())}
}

// serviceLimit is how long a service may take to say who it is.
const serviceLimit = 3 * time.Second

func (e *examination) notifications(ctx context.Context) []doctor.Check {
	bus, closeBus := askBus(ctx, noticeService)
	defer closeBus()
	if bus.Owned {
		ctx, cancel := context.WithTimeout(ctx, serviceLimit)
		defer cancel()
		var vendor, version, spec string
		err := bus.conn.Object(noticeService, noticePath).
			CallWithContext(ctx, noticeService+".GetServerInformation", dbus.FlagNoAutoStart).Store(&bus.Provider, &vendor, &version, &spec)
		bus.Silent = err != nil && ctx.Err() != nil
	}
	return []doctor.Check{doctor.CheckNotifications(bus.Bus)}
}

type connectedBus struct {
	doctor.Bus
	conn *dbus.Conn
}

// askBus asks the bus, and not the service, which may hang.
func askBus(ctx context.Context, service string) (found connectedBus, closeBus func()) {
	conn, err := sessionbus.Connect(ctx)
	if err != nil {
		found.Absent = errors.Is(err, sessionbus.ErrNone)
		found.Err = err
		return found, func() {}
	}
	found.conn = conn
	found.Err = conn.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.NameHasOwner", 0, service).Store(&found.Owned)
	var names []string
	if found.Err == nil && conn.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.ListActivatableNames", 0).Store(&names) == nil {
		found.Startable = slices.Contains(names, service)
	}
	return found, func() { _ = conn.Close() }
}

// webView looks whether the window's program could be loaded, without
// starting it: it loads some 170 libraries.
func (e *examination) webView(ctx context.Context) []doctor.Check {
	found := doctor.WebView{Expected: "libwebkit2gtk-4.1"}
	folder, err := ownFolder()
	if err == nil {
		found.Program = filepath.Join(folder, windowName)
		_, err = os.Stat(found.Program)
	}
	if found.Exists = err == nil; found.Exists {
		if out, err := exec.CommandContext(ctx, "ldd", found.Program).Output(); err == nil { //nolint:gosec // our own program
			found.Checked, found.Missing = true, doctor.MissingLibraries(string(out))
		}
	}
	return []doctor.Check{doctor.CheckWebView(found)}
}

// systemName is what the distribution calls itself,
// https://www.freedesktop.org/software/systemd/man/latest/os-release.html.
func systemName() string {
	text, err := os.ReadFile("/etc/os-release")
	if err != nil {
		return ""
	}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		if name, found := strings.CutPrefix(lines.Text(), "PRETTY_NAME="); found {
			return strings.Trim(name, `"'`)
		}
	}
	return ""
}
