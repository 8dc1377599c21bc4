package keyring

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/godbus/dbus/v5"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
	"github.com/kiteaccounts/kite-accounts/backend/sessionbus"
)

// The Secret Service API,
// https://specifications.freedesktop.org/secret-service-spec/latest/.
const (
	serviceName     = "org.freedesktop.secrets"
	servicePath     = "/org/freedesktop/secrets"
	loginPath       = "/org/freedesktop/secrets/collection/login"
	defaultPath     = "/org/freedesktop/secrets/aliases/default"
	serviceIface    = "org.freedesktop.Secret.Service"
	collectionIface = "org.freedesktop.Secret.Collection"
	itemIface       = "org.freedesktop.Secret.Item"
	promptIface     = "org.freedesktop.Secret.Prompt"
	noPrompt        = dbus.ObjectPath("/")
)

// connect opens a private connection to the session bus.
func connect(ctx context.Context) (*dbus.Conn, error) {
	conn, err := sessionbus.Connect(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		return nil, fmt.Errorf("%w: %w", kite.ErrKeyringTimeout, err)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", kite.ErrKeyringAbsent, err)
	}
	return conn, nil
}

// mustBeUnlocked returns nil if an entry can be read and written without
// asking anybody.
func (k *Keyring) mustBeUnlocked(ctx context.Context) error {
	conn, err := connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close() //nolint:errcheck // a private connection just read from
	_, err = unlockedCollection(ctx, conn)
	return err
}

// unlockedCollection finds the collection that go-keyring uses: login, else
// the default alias. A service without any collection counts as locked, since
// Unlock is what makes one.
func unlockedCollection(ctx context.Context, conn *dbus.Conn) (dbus.ObjectPath, error) {
	for _, path := range []dbus.ObjectPath{loginPath, defaultPath} {
		locked, err := property[bool](ctx, conn, path, collectionIface, "Locked")
		switch {
		case err == nil && !locked:
			return path, nil
		case err == nil:
			return path, kite.ErrKeyringLocked
		case isAbsent(err):
			return "", fmt.Errorf("%w: %w", kite.ErrKeyringAbsent, err)
		case ctx.Err() != nil:
			return "", timedOut(ctx)
		}
	}
	return "", kite.ErrKeyringLocked
}

func property[T any](ctx context.Context, conn *dbus.Conn, path dbus.ObjectPath, iface, name string) (T, error) {
	var v dbus.Variant
	var value T
	err := conn.Object(serviceName, path).CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", 0, iface, name).Store(&v)
	if err != nil {
		return value, err
	}
	return value, v.Store(&value)
}

// isAbsent says that nobody is, or can be started as, the Secret Service.
func isAbsent(err error) bool {
	var e dbus.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Name {
	case "org.freedesktop.DBus.Error.ServiceUnknown", "org.freedesktop.DBus.Error.NameHasNoOwner",
		"org.freedesktop.DBus.Error.Spawn.ExecFailed", "org.freedesktop.DBus.Error.Spawn.ChildExited",
		"org.freedesktop.DBus.Error.Spawn.ServiceNotFound":
		return true
	}
	return false
}

// Provider names the process that is the Secret Service.
func (k *Keyring) Provider() string {
	ctx, cancel := context.WithTimeout(context.Background(), k.Probe)
	defer cancel()
	conn, err := connect(ctx)
	if err != nil {
		return "Secret Service"
	}
	defer conn.Close() //nolint:errcheck // a private connection just read from
	var pid uint32
	err = conn.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.GetConnectionUnixProcessID", 0, serviceName).Store(&pid)
	if err != nil {
		return "Secret Service"
	}
	// Not comm, which the kernel cuts to 15 characters.
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	program, _, _ := strings.Cut(string(line), "\x00")
	if err != nil || program == "" {
		return "Secret Service"
	}
	return "Secret Service (" + filepath.Base(program) + ")"
}
