package keyring

import (
	"context"
	"fmt"

	"github.com/godbus/dbus/v5"

	"github.com/kiteaccounts/kite-accounts/backend/kite"
)

// Unlock lets the desktop ask the user to unlock the keyring, or to make one
// where there is none yet. ErrKeyringDismissed if the user declines,
// ErrKeyringTimeout if nobody answers.
func (k *Keyring) Unlock(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, k.Interactive)
	defer cancel()
	return wrap("unlock keyring", k.unlock(ctx))
}

func (k *Keyring) unlock(ctx context.Context) error {
	conn, err := connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close() //nolint:errcheck // a private connection
	probe, cancel := context.WithTimeout(ctx, k.Probe)
	path, err := unlockedCollection(probe, conn)
	cancel()
	switch {
	case err == nil:
		return nil
	case path != "":
		return unlockCollection(ctx, conn, path)
	case isLocked(err):
		return createCollection(ctx, conn)
	default:
		return err
	}
}

func isLocked(err error) bool { return err == kite.ErrKeyringLocked } //nolint:errorlint // exactly this, not wrapped in anything

func unlockCollection(ctx context.Context, conn *dbus.Conn, path dbus.ObjectPath) error {
	var unlocked []dbus.ObjectPath
	var prompt dbus.ObjectPath
	err := conn.Object(serviceName, servicePath).
		CallWithContext(ctx, serviceIface+".Unlock", 0, []dbus.ObjectPath{path}).Store(&unlocked, &prompt)
	if err != nil {
		return answer(ctx, err)
	}
	if prompt == noPrompt {
		return nil
	}
	return runPrompt(ctx, conn, prompt)
}

// createCollection makes the login keyring; the prompt asks for its password.
func createCollection(ctx context.Context, conn *dbus.Conn) error {
	var collection, prompt dbus.ObjectPath
	properties := map[string]dbus.Variant{collectionIface + ".Label": dbus.MakeVariant("Login")}
	err := conn.Object(serviceName, servicePath).
		CallWithContext(ctx, serviceIface+".CreateCollection", 0, properties, "default").Store(&collection, &prompt)
	if err != nil {
		return answer(ctx, err)
	}
	if prompt == noPrompt {
		return nil
	}
	return runPrompt(ctx, conn, prompt)
}

// runPrompt shows a prompt and waits for its own Completed signal, no other.
func runPrompt(ctx context.Context, conn *dbus.Conn, prompt dbus.ObjectPath) error {
	match := []dbus.MatchOption{dbus.WithMatchObjectPath(prompt), dbus.WithMatchInterface(promptIface), dbus.WithMatchMember("Completed")}
	if err := conn.AddMatchSignalContext(ctx, match...); err != nil {
		return answer(ctx, err)
	}
	signals := make(chan *dbus.Signal, 8)
	conn.Signal(signals)
	if err := conn.Object(serviceName, prompt).CallWithContext(ctx, promptIface+".Prompt", 0, "").Err; err != nil {
		return answer(ctx, err)
	}
	for {
		select {
		case s, open := <-signals:
			if !open {
				return fmt.Errorf("%w: the bus went away", kite.ErrKeyringAbsent)
			}
			if s.Path == prompt && s.Name == promptIface+".Completed" && len(s.Body) > 0 {
				if dismissed, ok := s.Body[0].(bool); ok && dismissed {
					return kite.ErrKeyringDismissed
				}
				return nil
			}
		case <-ctx.Done():
			conn.Object(serviceName, prompt).Go(promptIface+".Dismiss", dbus.FlagNoReplyExpected, nil)
			return timedOut(ctx)
		}
	}
}

func answer(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return timedOut(ctx)
	case isAbsent(err):
		return fmt.Errorf("%w: %w", kite.ErrKeyringAbsent, err)
	default:
		return err
	}
}
