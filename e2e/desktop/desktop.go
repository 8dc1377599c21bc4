package desktop

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/godbus/dbus/v5"
)

// Keyring says what answers as org.freedesktop.secrets.
type Keyring int

// The keyrings of a desktop.
const (
	KeyringOpen         Keyring = iota // unlocked login collection
	KeyringGuarded                     // the same; once locked, a prompter asks for KeyringPassword
	KeyringNoCollection                // a daemon that never had a collection
	KeyringNone                        // nobody
)

// KeyringPassword unlocks the collection of KeyringGuarded.
const KeyringPassword = "open sesame"

// Options of a desktop. The zero value is the usual one.
type Options struct {
	Keyring       Keyring
	Notifications Notifications
	Panel         bool // with a tray
	SystemBus     bool // of the desktop's own, with a login manager; else there is none
	NoBus         bool // programs started here see no session bus (it exists for AT-SPI only)
	Width, Height int  // of the screen in pixels; 1280×900 if zero
	TimeZone      string
	User          int // run everything as this user ID; only root can, zero means oneself

	// System is the root folder of another system, in which what Run starts then
	// runs, while the desktop itself stays here. It must show Root at the same
	// path, and /proc and /dev. Only root can.
	System string
}

// Desktop is a running virtual desktop.
type Desktop struct {
	Root    string // everything below is in here and goes with Close
	Home    string
	Runtime string // XDG_RUNTIME_DIR
	Temp    string // TMPDIR

	options   Options
	display   string
	busAddr   string
	a11yAddr  string
	mu        sync.Mutex
	processes []*Process
	a11y      *dbus.Conn
	bus       *Process
	keyring   *Process
	panel     *Process

	notifications *Process
	told          []Told
	systemAddr    string
	loginManager  *dbus.Conn
}

// Start brings up a desktop. What it returns must be closed.
func Start(options Options) (*Desktop, error) {
	if options.Width == 0 {
		options.Width, options.Height = 1280, 900
	}
	if options.TimeZone == "" {
		options.TimeZone = "Asia/Kolkata"
	}
	d := &Desktop{options: options}
	if err := d.makeFolders(); err != nil {
		return nil, err
	}
	for _, start := range []func() error{
		d.startDisplay, d.startBus, d.startSystemBus, d.startWindowManager, d.startAccessibility, d.startKeyring, d.startExtras,
	} {
		if err := start(); err != nil {
			return nil, errors.Join(err, d.Close())
		}
	}
	return d, nil
}

// startExtras starts what not every desktop has.
func (d *Desktop) startExtras() error {
	if err := d.watchNotifications(); err != nil {
		return err
	}
	if d.options.Notifications != NotificationsNone {
		if err := d.StartNotifications(); err != nil {
			return err
		}
	}
	if d.options.Panel {
		return d.StartPanel()
	}
	return nil
}

func (d *Desktop) makeFolders() (err error) {
	// Unix sockets live below: their paths may have 107 bytes at most.
	if d.Root, err = os.MkdirTemp("", "desk"); err != nil {
		return fmt.Errorf("make desktop folder: %w", err)
	}
	d.Home, d.Runtime, d.Temp = d.Path("home"), d.Path("run"), d.Path("tmp")
	for _, dir := range []string{d.Home, d.Runtime, d.Temp, d.Path("log"), d.Path("services"), d.Path("system-services"),
		d.Path("home/.local/share"), d.Path("home/.config"), d.Path("home/.cache")} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return fmt.Errorf("make desktop folder: %w", err)
		}
	}
	return d.giveAway(d.Root)
}

// OfAnotherUser says that programs run as another user than the test.
func (d *Desktop) OfAnotherUser() bool { return d.options.User != 0 }

// giveAway makes a folder and what is in it that of the desktop's user.
func (d *Desktop) giveAway(folder string) error {
	if d.options.User == 0 {
		return nil
	}
	return filepath.WalkDir(folder, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, d.options.User, d.options.User)
	})
}

// Path is a path below the desktop's folder.
func (d *Desktop) Path(name string) string { return filepath.Join(d.Root, name) }

// MakeDir makes a folder of the desktop's user below Root.
func (d *Desktop) MakeDir(name string) (string, error) {
	path := d.Path(name)
	if err := os.MkdirAll(path, 0o700); err != nil {
		return "", fmt.Errorf("make folder: %w", err)
	}
	if d.options.User != 0 {
		if err := os.Chown(path, d.options.User, d.options.User); err != nil {
			return "", fmt.Errorf("make folder: %w", err)
		}
	}
	return path, nil
}

// inherited are the only variables a desktop takes from outside.
var inherited = []string{"PATH", "COVERAGE_DIR", "GOCOVERDIR"}

// Env is the environment of a program on this desktop, with further variables
// KEY=VALUE appended.
func (d *Desktop) Env(more ...string) []string {
	env := []string{
		"HOME=" + d.Home, "TMPDIR=" + d.Temp, "XDG_RUNTIME_DIR=" + d.Runtime,
		"XDG_DATA_HOME=" + d.Path("home/.local/share"), "XDG_CONFIG_HOME=" + d.Path("home/.config"),
		"XDG_CACHE_HOME=" + d.Path("home/.cache"), "XDG_SESSION_TYPE=x11", "LANG=C.UTF-8", "LC_ALL=C.UTF-8",
		"TZ=" + d.options.TimeZone, "GDK_BACKEND=x11", "LIBGL_ALWAYS_SOFTWARE=1", "GSETTINGS_BACKEND=memory",
	}
	for _, name := range inherited {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	add := func(name, value string) {
		if value != "" {
			env = append(env, name+"="+value)
		}
	}
	add("DISPLAY", d.display)
	add("AT_SPI_BUS_ADDRESS", d.a11yAddr)
	add("DBUS_SESSION_BUS_ADDRESS", d.busAddr)
	add("DBUS_SYSTEM_BUS_ADDRESS", d.systemBusAddress())
	return append(env, more...)
}

// systemBusAddress is never that of the computer.
func (d *Desktop) systemBusAddress() string {
	if d.systemAddr == "" {
		return "unix:path=" + d.Runtime + "/no-system-bus"
	}
	return d.systemAddr
}

// Of another system, whose programs may be elsewhere.
const systemPath = "PATH=/usr/local/bin:/usr/bin:/bin"

// programEnv is Env of the system that programs run in, without the session bus
// where the options say so.
func (d *Desktop) programEnv(more ...string) []string {
	if d.options.System != "" {
		more = append([]string{systemPath}, more...)
	}
	env := d.Env(more...)
	if d.options.NoBus {
		env = slices.DeleteFunc(env, func(v string) bool {
			return strings.HasPrefix(v, "DBUS_SESSION_BUS_ADDRESS=") || strings.HasPrefix(v, "XDG_RUNTIME_DIR=")
		})
	}
	return env
}

// Bus connects to the session bus.
func (d *Desktop) Bus() (*dbus.Conn, error) {
	conn, err := dbus.Connect(d.busAddr)
	if err != nil {
		return nil, fmt.Errorf("connect to session bus: %w", err)
	}
	return conn, nil
}

// Close ends every process of the desktop, also those that left their parent,
// and removes its folder.
func (d *Desktop) Close() error {
	for _, conn := range []*dbus.Conn{d.a11y, d.loginManager} {
		if conn != nil {
			_ = conn.Close()
		}
	}
	d.mu.Lock()
	processes := slices.Clone(d.processes)
	d.mu.Unlock()
	slices.Reverse(processes)
	for _, p := range processes {
		p.end(2 * time.Second)
	}
	d.killLeftovers()
	// A killed process may still finish the file that it was making.
	var problem error
	err := Await("an empty desktop folder", serviceDeadline, func() bool {
		problem = os.RemoveAll(d.Root)
		return problem == nil
	})
	if err != nil {
		return fmt.Errorf("remove desktop folder: %w", problem)
	}
	return nil
}
