package desktop

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/godbus/dbus/v5"
)

// serviceDeadline is how long a part of the desktop may take to come up on a
// busy computer.
const (
	serviceDeadline = 30 * time.Second
	noticeDeadline  = 30 * time.Second
	trayDeadline    = 30 * time.Second
)

// After these a key press or a click counts as lost and is repeated.
const (
	fillDeadline   = 10 * time.Second
	closeDeadline  = 10 * time.Second
	focusDeadline  = 2 * time.Second
	answerDeadline = 5 * time.Second
)

// clicks is how often a bubble is clicked, or a question answered, before that
// counts as failed.
const clicks = 5

// poll is how often the state of another process is looked at.
const poll = 50 * time.Millisecond

// Await polls until ready says so; the error names what was waited for.
func Await(what string, limit time.Duration, ready func() bool) error {
	deadline := time.Now().Add(limit)
	for {
		began := time.Now()
		if ready() {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%s: not within %s", what, limit)
		}
		// As long again as the look took: a large page answers it with the same
		// thread that has to make progress.
		time.Sleep(max(poll, time.Since(began)))
	}
}

func (d *Desktop) startDisplay() error {
	// -displayfd 1 picks a free number and prints it once the server is ready. A
	// key that a busy computer releases late would repeat without -r.
	p, err := d.run("xvfb", nil, d.Env(), "Xvfb", "-displayfd", "1", "-ac", "-nolisten", "tcp", "-noreset", "-r",
		"-screen", "0", fmt.Sprintf("%dx%dx24", d.options.Width, d.options.Height))
	if err != nil {
		return err
	}
	err = Await("display", serviceDeadline, func() bool {
		for line := range strings.Lines(p.Text()) {
			if number := strings.TrimSpace(line); number != "" && strings.Trim(number, "0123456789") == "" {
				d.display = ":" + number
			}
		}
		return d.display != "" || p.failed() != nil
	})
	if err != nil {
		return fmt.Errorf("%w: %s", err, p.Text())
	}
	return p.failed()
}

// busConfig allows root as well, who drives a desktop of another user, and
// activates only what the desktop puts into its own services folder.
const busConfig = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=%s</listen>
  <auth>EXTERNAL</auth>
  <servicedir>%s</servicedir>
  <policy context="default">
    <allow user="root"/>
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`

func (d *Desktop) startBus() (err error) {
	d.busAddr, d.bus, err = d.runBus("bus", "services")
	return err
}

// StopBus ends the session bus under everybody who uses it. Accessibility and
// most services of the desktop end with it.
func (d *Desktop) StopBus() error {
	if err := d.bus.Signal(Kill); err != nil {
		return fmt.Errorf("stop session bus: %w", err)
	}
	_, err := d.bus.Wait(serviceDeadline)
	// They end by themselves, but what they show must be gone before their like
	// is started.
	for _, p := range []*Process{d.notifications, d.panel} {
		if p != nil {
			p.end(serviceDeadline)
		}
	}
	d.notifications, d.panel, d.keyring = nil, nil, nil
	return err
}

// StartBusAgain starts a session bus at the same address, as systemd does. The
// services aren't started again.
func (d *Desktop) StartBusAgain() error {
	if err := d.startBus(); err != nil {
		return err
	}
	return d.watchNotifications()
}

// runBus starts a bus that activates what is in the services folder, and
// returns its address.
func (d *Desktop) runBus(name, services string) (string, *Process, error) {
	config, socket := d.Path(name+".conf"), d.Runtime+"/"+name
	if err := os.WriteFile(config, fmt.Appendf(nil, busConfig, socket, d.Path(services)), 0o644); err != nil { //nolint:gosec // read by the desktop's user
		return "", nil, fmt.Errorf("configure bus: %w", err)
	}
	p, err := d.run(name, nil, d.Env(), "dbus-daemon", "--nofork", "--nopidfile", "--config-file="+config)
	if err != nil {
		return "", nil, err
	}
	address := "unix:path=" + socket
	err = Await(name, serviceDeadline, func() bool {
		conn, err := dbus.Connect(address)
		if err != nil {
			return p.failed() != nil
		}
		_ = conn.Close()
		return true
	})
	return address, p, errors.Join(err, p.failed())
}

func (d *Desktop) startWindowManager() error {
	if _, err := d.run("openbox", nil, d.Env(), "openbox", "--sm-disable"); err != nil {
		return err
	}
	return Await("window manager", serviceDeadline, func() bool {
		out, err := d.Command("", "xprop", "-root", "_NET_SUPPORTING_WM_CHECK")
		return err == nil && strings.Contains(out, "window id")
	})
}

func (d *Desktop) startAccessibility() error {
	launcher, err := findProgram("at-spi-bus-launcher")
	if err != nil {
		return err
	}
	if _, err := d.run("at-spi", nil, d.Env(), launcher, "--launch-immediately"); err != nil {
		return err
	}
	session, err := d.Bus()
	if err != nil {
		return err
	}
	defer func() { _ = session.Close() }()
	err = Await("accessibility bus", serviceDeadline, func() bool {
		ctx, cancel := context.WithTimeout(context.Background(), serviceDeadline)
		defer cancel()
		return session.Object("org.a11y.Bus", "/org/a11y/bus").
			CallWithContext(ctx, "org.a11y.Bus.GetAddress", 0).Store(&d.a11yAddr) == nil && d.a11yAddr != ""
	})
	if err != nil {
		return err
	}
	if d.a11y, err = dbus.Connect(d.a11yAddr); err != nil {
		return fmt.Errorf("connect to accessibility bus: %w", err)
	}
	return Await("accessibility registry", serviceDeadline, func() bool {
		_, err := d.children(context.Background(), registry)
		return err == nil
	})
}

// findProgram looks where Debian and others keep programs that aren't for
// users.
func findProgram(name string) (string, error) {
	for _, dir := range []string{
		"/usr/libexec", "/usr/lib/at-spi2-core", "/usr/lib/gcr", "/usr/lib/notification-daemon", "/usr/lib/*/xfce4/xfconf", "/usr/lib",
	} {
		if found, _ := filepath.Glob(filepath.Join(dir, name)); len(found) > 0 && isFile(found[0]) {
			return found[0], nil
		}
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return "", fmt.Errorf("find %s: %w", name, err)
	}
	return path, nil
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// Signal is one that is sent to a process.
type Signal = syscall.Signal

// The signals that tests use on other processes.
const (
	Terminate = syscall.SIGTERM
	Kill      = syscall.SIGKILL
	Freeze    = syscall.SIGSTOP
	Thaw      = syscall.SIGCONT
)
