package desktop

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"

	"github.com/godbus/dbus/v5"
)

const (
	secretsName       = "org.freedesktop.secrets"
	secretsPath       = dbus.ObjectPath("/org/freedesktop/secrets")
	loginCollection   = dbus.ObjectPath("/org/freedesktop/secrets/collection/login")
	secretServiceLock = "org.freedesktop.Secret.Service.Lock"
)

func (d *Desktop) startKeyring() error {
	switch d.options.Keyring {
	case KeyringNone:
		return nil
	case KeyringNoCollection:
		return d.runKeyring(nil)
	case KeyringGuarded:
		if err := d.offerPrompter(); err != nil {
			return err
		}
		password := KeyringPassword
		return d.runKeyring(&password)
	default:
		return d.runKeyring(&anEmptyPassword)
	}
}

// runKeyring starts the daemon; with a password it makes or unlocks the login
// collection. The daemon takes all of its stdin for the password.
func (d *Desktop) runKeyring(password *string) error {
	return d.awaitKeyring("gnome-keyring-daemon", d.Env(), password)
}

func (d *Desktop) awaitKeyring(program string, env []string, password *string) error {
	args := []string{"--foreground", "--components=secrets"}
	stdin := ""
	if password != nil {
		args, stdin = append(args, "--unlock"), *password
	}
	var err error
	if d.keyring, err = d.run("keyring", strings.NewReader(stdin), env, program, args...); err != nil {
		return err
	}
	err = Await("keyring", serviceDeadline, func() bool {
		if d.keyring.failed() != nil {
			return true
		}
		if password == nil {
			owned, _ := d.hasOwner(secretsName)
			return owned
		}
		locked, err := d.KeyringIsLocked()
		return err == nil && !locked
	})
	return errors.Join(err, d.keyring.failed())
}

// KillKeyring ends the daemon as a crash would.
func (d *Desktop) KillKeyring() error {
	if d.keyring == nil {
		return errors.New("kill keyring: none runs")
	}
	if err := d.keyring.Signal(Kill); err != nil {
		return fmt.Errorf("kill keyring: %w", err)
	}
	d.keyring = nil
	return Await("the end of the keyring", serviceDeadline, func() bool {
		owned, err := d.hasOwner(secretsName)
		return err == nil && !owned
	})
}

// StartOtherKeyring starts an unlocked keyring of another name and without
// entries, as a switch to another desktop does: the same daemon under that
// name, with a data folder of its own.
func (d *Desktop) StartOtherKeyring(name string) error {
	daemon, err := exec.LookPath("gnome-keyring-daemon")
	if err != nil {
		return fmt.Errorf("start other keyring: %w", err)
	}
	content, err := os.ReadFile(daemon) //nolint:gosec // a program of the system
	if err != nil {
		return fmt.Errorf("start other keyring: %w", err)
	}
	if err := os.WriteFile(d.Path(name), content, 0o755); err != nil { //nolint:gosec // a program
		return fmt.Errorf("start other keyring: %w", err)
	}
	data, err := d.MakeDir("home/other-share")
	if err != nil {
		return err
	}
	return d.awaitKeyring(d.Path(name), d.Env("XDG_DATA_HOME="+data), &anEmptyPassword)
}

// anEmptyPassword unlocks; none at all would leave the collection locked.
var anEmptyPassword = "\n"

// offerPrompter lets the keyring ask the user on this display.
func (d *Desktop) offerPrompter() error {
	prompter, err := findProgram("gcr-prompter")
	if err != nil {
		return err
	}
	const name = "org.gnome.keyring.SystemPrompter"
	text := fmt.Sprintf("[D-BUS Service]\nName=%s\nExec=%s\n", name, prompter)
	if err := os.WriteFile(d.Path("services/"+name+".service"), []byte(text), 0o644); err != nil { //nolint:gosec // read by the bus
		return fmt.Errorf("offer prompter: %w", err)
	}
	return d.onBus(func(ctx context.Context, conn *dbus.Conn) error {
		return conn.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.ReloadConfig", 0).Err
	})
}

// LockKeyring locks the login collection.
func (d *Desktop) LockKeyring() error {
	err := d.onBus(func(ctx context.Context, conn *dbus.Conn) error {
		return conn.Object(secretsName, secretsPath).
			CallWithContext(ctx, secretServiceLock, 0, []dbus.ObjectPath{loginCollection}).Err
	})
	if err != nil {
		return fmt.Errorf("lock keyring: %w", err)
	}
	return Await("locked keyring", serviceDeadline, func() bool {
		locked, err := d.KeyringIsLocked()
		return err == nil && locked
	})
}

// KeyringIsLocked looks at the login collection.
func (d *Desktop) KeyringIsLocked() (locked bool, err error) {
	err = d.onBus(func(ctx context.Context, conn *dbus.Conn) error {
		// GNOME's keyring 42 aborts when somebody asks for a property of a
		// collection while it starts, before it keeps account of its callers. It
		// answers for the service only once it has started.
		var collections []dbus.ObjectPath
		if err := secretProperty(ctx, conn, secretsPath, "Service", "Collections", &collections); err != nil {
			return err
		}
		if !slices.Contains(collections, loginCollection) {
			return errors.New("no login collection")
		}
		return secretProperty(ctx, conn, loginCollection, "Collection", "Locked", &locked)
	})
	return locked, err
}

func secretProperty(ctx context.Context, conn *dbus.Conn, path dbus.ObjectPath, of, name string, value any) error {
	var v dbus.Variant
	err := conn.Object(secretsName, path).CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", 0,
		"org.freedesktop.Secret."+of, name).Store(&v)
	if err != nil {
		return err
	}
	return v.Store(value)
}

func (d *Desktop) hasOwner(name string) (owned bool, err error) {
	err = d.onBus(func(ctx context.Context, conn *dbus.Conn) error {
		return conn.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.NameHasOwner", 0, name).Store(&owned)
	})
	return owned, err
}

func (d *Desktop) onBus(do func(context.Context, *dbus.Conn) error) error {
	conn, err := d.Bus()
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	ctx, cancel := context.WithTimeout(context.Background(), serviceDeadline)
	defer cancel()
	return do(ctx, conn)
}

// KeyringProcess is the keyring's daemon, nil where there is none.
func (d *Desktop) KeyringProcess() *Process { return d.keyring }

// AnswerKeyring waits for the prompter's window and types into it, again if that
// was lost: the password and Return, or Escape.
func (d *Desktop) AnswerKeyring(password string) error {
	var prompt Window
	err := Await("the keyring's question", serviceDeadline, func() bool {
		windows, err := d.Windows()
		if err != nil {
			return false
		}
		for _, w := range windows {
			if owner, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", w.PID)); err == nil && strings.HasPrefix(string(owner), "gcr-prompter") {
				prompt = w
				return true
			}
		}
		return false
	})
	if err != nil {
		return err
	}
	for range clicks {
		if err = d.Activate(prompt); err == nil {
			err = d.answer(password)
		}
		if Await("the keyring's question to go", fillDeadline, func() bool { return !d.has(prompt) }) == nil {
			return nil
		}
	}
	return errors.Join(err, errors.New("the keyring's question doesn't go when it is answered"))
}

// answer types into a question that may hold what was typed before.
func (d *Desktop) answer(password string) error {
	if password == "" {
		return d.Key("Escape")
	}
	return errors.Join(d.Key("ctrl+a"), d.Type(password), d.Key("Return"))
}
