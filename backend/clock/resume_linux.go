package clock

import (
	"context"
	"fmt"

	"github.com/godbus/dbus/v5"
)

const (
	login1     = "org.freedesktop.login1"
	login1Path = "/org/freedesktop/login1"
	manager    = login1 + ".Manager"
	sleeping   = "PrepareForSleep"
)

// followResumes tells that the computer resumed, until ctx ends or the system
// bus does. Without that bus the kernel's word must do.
func followResumes(ctx context.Context, tell func()) {
	signals, err := hearLogind(ctx)
	if err != nil {
		return
	}
	for s := range signals {
		if resumed(s) {
			tell()
		}
	}
}

// hearLogind has a connection of its own to the system bus, so that no other
// part of the program hears what it asked for. It ends with ctx, and the
// signals with it.
func hearLogind(ctx context.Context) (<-chan *dbus.Signal, error) {
	conn, err := dbus.ConnectSystemBus(dbus.WithContext(ctx))
	if err != nil {
		return nil, fmt.Errorf("connect to the system bus: %w", err)
	}
	signals := make(chan *dbus.Signal, 4)
	conn.Signal(signals)
	err = conn.AddMatchSignalContext(ctx, dbus.WithMatchSender(login1), dbus.WithMatchObjectPath(login1Path),
		dbus.WithMatchInterface(manager), dbus.WithMatchMember(sleeping))
	if err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("listen to logind: %w", err)
	}
	return signals, nil
}

// resumed says whether it is the second of logind's two signals about a
// suspend, whose argument says whether the computer is about to sleep:
// https://www.freedesktop.org/software/systemd/man/latest/org.freedesktop.login1.html.
func resumed(s *dbus.Signal) bool {
	return s.Name == manager+"."+sleeping && len(s.Body) == 1 && s.Body[0] == false
}
